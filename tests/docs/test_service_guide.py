"""The guide to the service says what it is: endpoints, errors, metrics, steps, examples."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from tests.docs.pages import Page, page, tables

from shortlist.api.admin import create_admin
from shortlist.api.lists import RecommendedList
from shortlist.api.problems import _NAMED
from shortlist.api.routes import routes
from shortlist.api.routes.events import Accepted, EventsIn
from shortlist.api.routes.users import Receipt
from shortlist.api.security import Need, Public, stated
from shortlist.bootstrap import open_home
from shortlist.core import errors
from shortlist.http.metrics import Metrics
from shortlist.http.statuses import code_of, status_of
from shortlist.serving.making import SOURCE, Making
from shortlist.serving.settings import ServingSettings
from shortlist.settings import Settings

GUIDE = page("docs/guide/service.md")
WITH_EXAMPLES = [GUIDE, page("README.md")]

COMMAND_LINE = {"bad_file", "bad_settings", "not_installed", "too_many_bad_rows", "too_little_data"}
"""Errors that no request meets."""

NEVER_RAISED = {"missing"}
"""Families of which only the members are raised."""

FRAMEWORKS = {"invalid_request": 422, "internal_error": 500}
"""Errors without a class of ours, beside those that the framework names."""

BEGINS = re.compile(r"(?m)^(?=curl |shortlist |printf |KEY=)")


def rows_under(heading: str) -> list[list[list[str]]]:
    """The tables of a part of the guide."""
    text = re.split(rf"\n##+ {re.escape(heading)}\n", GUIDE.text)[1]
    return tables(re.split(r"\n##+ ", text)[0])


def needed(route: APIRoute) -> str:
    """What a route needs, in the words of the table."""
    (need,) = stated(route)
    if isinstance(need, Need):
        return f"`{need.scope.value}`" + (" or own" if need.own else "")
    return "nothing" if isinstance(need, Public) else "a person"


def told(found: list[APIRoute]) -> dict[str, str]:
    return {
        f"`{method} {each.path}`": needed(each) for each in found for method in each.methods or ()
    }


def test_the_guide_lists_every_endpoint_with_what_it_needs() -> None:
    listed = {row[0]: row[1] for row in rows_under("All endpoints")[0]}

    assert listed == told(routes())


def test_the_guide_lists_what_the_port_of_administration_answers(tmp_path: Path) -> None:
    app = create_admin(open_home(tmp_path))

    listed = {row[0]: row[1] for row in rows_under("All endpoints")[1]}

    assert listed == told([each for each in app.routes if isinstance(each, APIRoute)])


def test_the_guide_lists_every_error_with_its_status() -> None:
    (rows,) = rows_under("Errors")

    listed = {row[0].strip("`"): row[1] for row in rows}

    ours = {code_of(each()): str(status_of(each())) for each in all_errors(errors.ShortlistError)}
    for code in COMMAND_LINE | NEVER_RAISED:
        del ours[code]
    framework = {name: str(status) for status, name in _NAMED.items()}
    others = {name: str(status) for name, status in FRAMEWORKS.items()}
    assert listed == {**ours, **framework, **others, "http_error": "any"}


def test_the_guide_names_the_errors_of_the_command_line() -> None:
    said = GUIDE.text.partition("Only the command line meets")[2].partition("\n\n")[0]

    assert set(re.findall(r"`(\w+)`", said)) == COMMAND_LINE


def test_the_guide_lists_every_metric_with_its_labels() -> None:
    (rows,) = rows_under("Health and metrics")

    listed = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in rows}

    metrics = [each for each in vars(Metrics()).values() if hasattr(each, "_labelnames")]
    gauges = list(Metrics()._gauges.values())
    assert listed == {name_of(each): list(each._labelnames) for each in [*metrics, *gauges]}


def test_the_guide_lists_every_step_with_its_share() -> None:
    (rows,) = rows_under("Deadlines")
    listed = {re.split(r",| source", row[0])[0].strip("`"): row[1:] for row in rows}

    budget = ServingSettings().budget_ms / 1000
    shares = {
        "each" if each.name.startswith(SOURCE) else each.name: [
            f"{each.most / budget:.0%}".replace("%", " %"),
            f"{each.by / budget:.0%}".replace("%", " %"),
        ]
        for each in all_steps(explain=False)
    }
    assert listed == shares


def test_the_guide_says_of_every_part_what_its_failing_means() -> None:
    (rows,) = rows_under("When something fails")

    named = {name for row in rows for name in re.findall(r"`([\w:]+)`", row[2])}

    parts = {each.name.removeprefix(SOURCE) for each in all_steps(explain=True)}
    assert named == parts | {"bundle", "online"}


def test_the_guide_says_the_defaults_of_settings() -> None:
    text, settings = " ".join(GUIDE.text.split()), Settings().model_dump()

    said = re.findall(r"([\d,]+) (?:[a-z]+ ){0,3}\(`((?:serving|server)\.\w+)`\)", text)

    wrong = [
        (number, name)
        for number, name in said
        if float(number.replace(",", "")) != _at(settings, name)
    ]
    assert len(said) >= 7
    assert wrong == []


@pytest.mark.parametrize(
    ("having", "model"),
    [("accepted", Accepted), ("diversity_price", RecommendedList), ("forgotten_by", Receipt)],
)
def test_the_answers_it_shows_have_the_fields_of_answers(having: str, model: Any) -> None:
    (shown,) = [each for each in shown_json() if having in each]

    model.model_validate(shown)
    assert set(shown) == set(model.model_fields)


def test_the_problem_it_shows_has_its_code_and_status() -> None:
    (shown,) = [each for each in shown_json() if "code" in each]

    error = errors.BadFilter()
    assert (shown["code"], shown["status"]) == (code_of(error), status_of(error))


@dataclass(frozen=True)
class Call:
    """A request that a page shows."""

    method: str
    path: str
    query: str
    body: str | None


def calls(shown: Page) -> Iterator[Call]:
    """Every request of a page, as curl would send it."""
    for block in shown.blocks("sh"):
        for command in BEGINS.split(block):
            if command.startswith("curl "):
                yield call_of(shlex.split(command.replace("\\\n", " ")))


def call_of(words: list[str]) -> Call:
    method, url, body, extra = "GET", "", None, list[str]()
    left = iter(words[1:])
    for word in left:
        match word:
            case "-X":
                method = next(left)
            case "-H":
                next(left)
            case "--json":
                method, body = ("POST" if method == "GET" else method), next(left)
            case "--data-binary":
                next(left)
            case "-d" | "--data-urlencode":
                extra.append(next(left))
            case "-G":
                pass
            case _:
                assert not url, f"two addresses: {words}"
                url = word
    path, _, query = url.partition("localhost:8000")[2].partition("?")
    return Call(method, path, "&".join(filter(None, [query, *extra])), body)


EXAMPLES = [each for shown in WITH_EXAMPLES for each in calls(shown)]
EVERY_EXAMPLE = pytest.mark.parametrize("call", EXAMPLES, ids=lambda c: f"{c.method} {c.path}")


def route_of(call: Call) -> APIRoute:
    path = re.sub(r"\$\w+", "something", call.path)
    found = [r for r in routes() if call.method in (r.methods or ()) and r.path_regex.match(path)]
    assert found, f"nothing answers {call.method} {call.path}"
    return found[0]


@EVERY_EXAMPLE
def test_an_example_asks_what_there_is(call: Call) -> None:
    route = route_of(call)

    known = {each.alias for each in route.dependant.query_params}
    given = {unquote(part.partition("=")[0]) for part in call.query.split("&") if part}
    assert given <= known


@EVERY_EXAMPLE
def test_the_body_of_an_example_is_taken(call: Call) -> None:
    field = route_of(call).body_field
    if call.body is None:
        return

    assert field is not None
    annotation: Any = field.field_info.annotation
    TypeAdapter(annotation).validate_json(re.sub(r"\$\w+", "something", call.body))


def test_examples_are_found() -> None:
    assert len(list(calls(GUIDE))) > 15
    assert Call("GET", "/v1/users/nina/recommendations", "limit=2", None) in EXAMPLES
    events = [each.body for each in EXAMPLES if each.path == "/v1/events"]
    assert all(body and EventsIn.model_validate_json(body) for body in events)


def all_errors(family: type[errors.ShortlistError]) -> Iterator[type[errors.ShortlistError]]:
    for each in family.__subclasses__():
        if each.__module__ == errors.__name__:
            yield each
        yield from all_errors(each)


def all_steps(*, explain: bool) -> list[Any]:
    """Every step there may be: with a model of one source, and a filter that asks for the user."""
    retrieval = SimpleNamespace(sources={"ease": None}, catalogue=[])
    loaded = SimpleNamespace(model=SimpleNamespace(retrieval=retrieval))
    plan: Any = SimpleNamespace(
        settings=ServingSettings(), asks_user=True, loaded=loaded, silent=frozenset()
    )
    nothing: Any = None
    return list(Making(plan, nothing, nothing, explain=explain).steps())


def shown_json() -> list[dict[str, Any]]:
    return [json.loads(each) for each in GUIDE.blocks("json")]


def name_of(metric: Any) -> str:
    return str(metric._name) + ("_total" if metric._type == "counter" else "")


def _at(settings: dict[str, Any], path: str) -> float:
    section, name = path.split(".")
    return float(settings[section][name])
