"""Placements changed over HTTP, in force in every process, in the audit log."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.app import Served, home_on, serving

from shortlist.bootstrap import open_service
from shortlist.core.errors import UnknownPlacement
from shortlist.serving.asked import Asked
from shortlist.serving.crew import Crew
from shortlist.slate import PlacementSettings

HOME = "/v1/placements/home"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, trained_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("changed")
    settings = {"home": {"size": 4}}
    with (
        home_on(request.param, trained_once, folder, placements=settings) as home,
        serving(home) as found,
    ):
        yield found


def test_a_change_answers_at_once_and_can_be_taken_back(served: Served) -> None:
    app = served.with_key()

    made = app("PUT", HOME, json={"size": 2, "repeat": "always"})

    assert made.status_code == 200
    assert (made.json()["by_hand"], made.json()["settings"]["size"]) == (True, 2)
    assert len(app.listed("1", placement="home")) == 2
    assert app("DELETE", HOME).status_code == 204
    assert len(app.listed("1", placement="home")) == 4
    assert app.get(HOME)["by_hand"] is False
    assert app("DELETE", HOME).status_code == 404


def test_a_placement_of_its_own_comes_and_goes(served: Served) -> None:
    app = served.with_key()
    asked = "/v1/users/1/recommendations?placement=extra"

    assert app("GET", asked).status_code == 404
    assert app("PUT", "/v1/placements/extra", json={"size": 1}).status_code == 200
    assert len(app.listed("1", placement="extra")) == 1
    assert app("DELETE", "/v1/placements/extra").status_code == 204
    assert app("GET", asked).status_code == 404
    assert app("GET", "/v1/placements/extra").status_code == 404


def test_another_process_follows_without_a_restart(served: Served) -> None:
    other = open_service(served.home, Crew())
    other.look()
    served.with_key()("PUT", "/v1/placements/shared", json={"size": 1})

    with pytest.raises(UnknownPlacement):
        other.recommender.recommend(Asked(user="1", placement="shared"))
    other.look()

    assert len(other.recommender.recommend(Asked(user="1", placement="shared")).items) == 1
    other.decisions.writer.close()
    other.ingest.writer.close()


def test_who_changed_it_is_noted(served: Served) -> None:
    app = served.with_key()
    app("PUT", HOME, json={"size": 3})
    app("DELETE", HOME)

    newest = served.home.facts.audit.newest(2)

    key = served.home.auth.keys.all()[-1].id
    assert [(each.who, each.what, each.about) for each in newest] == [
        (f"key {key}", "placement.back", "home"),
        (f"key {key}", "placement.edit", "home"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"size": 0}, 422, "size"),
        ({"sise": 2}, 422, "sise"),
        ({"caps": [{"attribute": "year", "at_most": 2**64}]}, 422, "at_most"),
        ({"fatigue": {"after": 2**64}}, 422, "after"),
        ({"sise": 2, "filter": "year >>"}, 422, "filter"),
        ({"boosts": [{"filter": "year >>", "add": 1}]}, 409, "boosts.0.filter"),
        ({"boosts": [{"filter": "year > 2000"}]}, 422, "factor"),
        ({"filter": "year >>"}, 409, '"position":6'),
        ({"filter": "yaer >= 1990"}, 409, "yaer"),
        ({"sources": {"nothing": 5}}, 409, "sources.nothing"),
        ({"pins": [{"item": "nobody", "position": 1}]}, 409, "pins.0.item"),
        ({"caps": [{"attribute": "nothing", "at_most": 1}]}, 409, "caps.0.attribute"),
        ({"exclude_kinds": ["x" * 300] * 400}, 400, "letters"),
        ({"repeat": {"policy": "after", "days": 1e300}}, 422, "days"),
    ],
)
def test_what_cannot_be_used_is_refused(
    served: Served, body: dict[str, object], status: int, said: str
) -> None:
    answer = served.with_key()("PUT", HOME, json=body)

    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert served.with_key().get(HOME)["by_hand"] is False


def test_a_change_may_say_what_it_follows_upon(served: Served) -> None:
    app = served.with_key()
    before = app.get(HOME)["version"]

    assert app("PUT", f"{HOME}?after={before}", json={"size": 3}).status_code == 200
    assert app("PUT", f"{HOME}?after={before}", json={"size": 5}).status_code == 409
    assert app("DELETE", f"{HOME}?after={before}").status_code == 409
    assert app("DELETE", f"{HOME}?after={app.get(HOME)['version']}").status_code == 204


def test_only_administrators_change_it(served: Served) -> None:
    for caller in (served.anonymous(), served.with_key("recommend:read"), served.person("mallory")):
        for method in ("PUT", "DELETE"):
            answer = caller(method, HOME, json={"size": 1})
            assert answer.status_code in (401, 403)


def test_what_this_release_cannot_read_is_passed_over_and_told(served: Served) -> None:
    facts, recipes = served.home.facts, served.service.placements.recipes
    facts.placements.add("home", {"size": 4, "telepathy": True}, who="later", time=0)
    served.service.look()

    assert recipes["home"] == PlacementSettings(size=4)
    assert any("telepathy" in each for each in served.service.readiness().problems)
    assert served.with_key()("DELETE", HOME).status_code == 204
    assert recipes.problems == []
