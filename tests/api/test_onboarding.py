"""Questions for somebody new, over HTTP, and the list that follows at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.app import Caller, Served, home_on, serving
from tests.cli.shell import own_films
from tests.training.tribes import ITEMS

from shortlist.bootstrap import open_home

PATH = "/v1/onboarding"
SCOPES = ("recommend:read", "events:write")


@pytest.fixture
def tasteful(tastes_once: Path, tmp_path: Path) -> Iterator[Served]:
    """The service on that home."""
    with home_on("sqlite", tastes_once, tmp_path) as home, serving(home) as found:
        yield found


def answers(user: str, **said: Any) -> dict[str, Any]:
    """What is sent: `film_4="like"` is an answer about the film 4."""
    told = [{"item": name.removeprefix("film_"), "answer": each} for name, each in said.items()]
    return {"user": user, "answers": told}


def items_of(questions: Any) -> list[str]:
    return [each["item"] for each in questions["items"]]


def asked(app: Caller, user: str = "new", **given: Any) -> list[str]:
    return items_of(app.get(PATH, params={"user": user, **given}))


# --- who may ask ---------------------------------------------------------------------------


def test_nobody_is_turned_away(quick: Served) -> None:
    nobody = quick.anonymous()

    assert nobody("GET", PATH).status_code == 401
    assert nobody("POST", PATH, json=answers("new", film_1="like")).status_code == 401


def test_a_key_needs_both_scopes_to_answer(quick: Served) -> None:
    writer, reader = quick.with_key("events:write"), quick.with_key("recommend:read")
    told = answers("new", film_1="like")

    refused = [writer("POST", PATH, json=told), reader("POST", PATH, json=told)]

    assert [each.status_code for each in refused] == [403, 403]
    assert "recommend:read" in refused[0].json()["detail"]
    assert "events:write" in refused[1].json()["detail"]
    assert writer("GET", PATH).status_code == 403
    assert quick.service.facts.recent_of("new", 10) == []


def test_a_person_is_asked_and_answers_for_themselves_alone(quick: Served) -> None:
    ada = quick.person("ada@example.org")
    own = ada.get("/v1/me")["user"]

    asking = ada("GET", PATH, params={"user": "1"})
    answering = ada("POST", PATH, json=answers("1", film_2="like"))

    assert [each.status_code for each in (asking, answering)] == [403, 403]
    assert asking.json()["code"] == answering.json()["code"] == "not_yours"
    assert len(quick.service.facts.recent_of("1", 100)) == len(own_films("1"))
    assert ada.get(PATH)["user"] == own
    assert ada.post(PATH, answers(own, film_2="like"))["accepted"] == 1


# --- what is asked -------------------------------------------------------------------------


def test_somebody_new_is_asked_about_items_with_a_reason(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)

    found = app.get(PATH, params={"user": "new"})

    assert len(set(items_of(found))) == 5
    assert found["method"] == "taste"
    assert not found["done"]
    assert found["progress"] == {"known": 0, "unknown": 0, "at_most": 15, "learned": 0}
    for each in found["items"]:
        assert each["title"].startswith(f"Film {each['item']}")
        assert each["categories"] == ["Even" if int(each["item"]) % 2 == 0 else "Odd"]
        assert 0 < each["known"] < 1
        assert 0 < each["teaches"] < 1
        assert 0 < each["people"] <= 40


def test_the_first_questions_are_the_same_for_whomever_nobody_knows(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)

    assert asked(app, "new") == asked(app, "newer")
    assert items_of(app.get(PATH)) == asked(app, "new")
    assert app.get(PATH)["user"] is None


def test_as_many_are_asked_about_as_is_wished(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)

    assert len(asked(app, number=1)) == 1
    assert asked(app, number=3)[:1] == asked(app, number=1)
    assert app("GET", PATH, params={"number": 0}).status_code == 422
    assert app("GET", PATH, params={"number": 21}).status_code == 422


def test_two_tastes_get_other_questions_and_other_lists(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)

    even = app.post(PATH, answers("even", film_0=5, film_2="like", film_4=4.5))
    odd = app.post(PATH, answers("odd", film_1=5, film_3="like", film_5=4.5))

    assert {int(each) % 2 for each in items_of(even["questions"])[:2]} == {0}
    assert {int(each) % 2 for each in items_of(odd["questions"])[:2]} == {1}
    lists = [[int(each["item"]) % 2 for each in found["list"]["items"]] for found in (even, odd)]
    assert sum(lists[0][:5]) <= 1
    assert sum(lists[1][:5]) >= 4


def test_what_is_not_known_is_not_asked_again_and_speaks_against_its_like(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)
    before = {each["item"]: each["known"] for each in app.get(PATH, params={"number": 20})["items"]}

    found = app.post(PATH, answers("new", film_0="unknown", film_2="unknown") | {"number": 20})

    after = {each["item"]: each["known"] for each in found["questions"]["items"]}
    assert not {"0", "2"} & set(after)
    assert found["questions"]["progress"]["unknown"] == 2
    both = [each for each in before if each in after and int(each) % 2 == 0]
    assert sum(after[each] for each in both) < sum(before[each] for each in both)


def test_what_they_did_elsewhere_counts_as_an_answer(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)
    seen = {"user": "new", "item": "0", "kind": "impression"}
    app.post("/v1/events", {"events": [{"user": "new", "item": "2", "kind": "play"}, seen]})

    found = app.get(PATH, params={"user": "new", "number": 20})

    assert found["progress"]["known"] == 1
    assert "2" not in items_of(found)
    assert "0" in items_of(found)


def test_a_deleted_item_is_not_asked_about(tasteful: Served) -> None:
    app = tasteful.with_key()
    first = asked(app)[0]

    app("DELETE", f"/v1/items/{first}")

    assert first not in asked(app, number=20)


def test_it_is_done_once_enough_was_asked(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)
    told = {f"film_{item}": "unknown" if item % 3 else "like" for item in range(12)}

    nearly = app.post(PATH, answers("new", **told))["questions"]
    done = app.post(PATH, answers("new", film_20="unknown", film_21="like", film_22=2))["questions"]

    assert not nearly["done"]
    assert len(nearly["items"]) <= 3
    assert done["done"]
    assert done["items"] == []
    assert done["progress"]["known"] + done["progress"]["unknown"] == 15
    assert 0 < done["progress"]["learned"] <= 1


def test_somebody_with_a_history_has_nothing_to_answer(tasteful: Served) -> None:
    app = tasteful.with_key(*SCOPES)

    found = app.get(PATH, params={"user": "1"})

    assert found["progress"]["known"] == len(own_films("1"))
    assert len(found["items"]) <= 15 - len(own_films("1"))


def test_without_trained_tastes_popular_items_of_different_categories_are_asked_about(
    quick: Served,
) -> None:
    app = quick.with_key(*SCOPES)

    found = app.get(PATH, params={"number": 4})
    more = app.post(PATH, answers("new", **{f"film_{items_of(found)[0]}": "unknown"}))

    assert found["method"] == "popularity"
    assert found["progress"]["learned"] is None
    assert {each["teaches"] for each in found["items"]} == {None}
    assert found["items"][0]["categories"] != found["items"][1]["categories"]
    assert items_of(found)[0] not in items_of(more["questions"])


def test_before_anything_is_trained_what_was_chosen_most_is_asked_about(
    imported_once: Path, tmp_path: Path
) -> None:
    with home_on("sqlite", imported_once, tmp_path) as home, serving(home) as untrained:
        app = untrained.with_key(*SCOPES)

        first = asked(app)
        found = app.post(PATH, answers("new", **{f"film_{each}": "like" for each in first}))

        assert len(first) == 5
        assert found["questions"]["method"] == "popularity"
        assert not set(first) & set(items_of(found["questions"]))
        assert found["list"]["degraded"] == ["bundle"]


def test_with_no_items_at_all_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with serving(open_home(tmp_path / "empty")) as empty:
        found = empty.with_key(*SCOPES).get(PATH)

    assert found["items"] == []
    assert found["done"]


# --- what is answered ----------------------------------------------------------------------


def test_answers_become_events_that_are_kept_before_they_are_acknowledged(served: Served) -> None:
    app = served.with_key(*SCOPES)
    told = answers("new", film_1="like", film_2="dislike", film_3="unknown", film_4=3.5, film_5=4)

    found = app.post(PATH, told)

    facts = served.service.facts
    assert (found["accepted"], found["duplicates"]) == (5, 0)
    assert found["sequence"] == facts.last_sequence()
    rows = {row.item: (row.kind, row.value) for row in facts.recent_of("new", 10)}
    assert rows == {
        "1": ("like", None),
        "2": ("dislike", None),
        "3": ("unknown", None),
        "4": ("rating", 3.5),
        "5": ("rating", 4.0),
    }


def test_the_list_knows_of_the_answers_at_once(served: Served) -> None:
    app = served.with_key(*SCOPES)

    found = app.post(PATH, answers("new", film_0="like", film_2=5) | {"limit": ITEMS})

    listed = [each["item"] for each in found["list"]["items"]]
    assert listed
    assert not {"0", "2"} & set(listed)
    assert found["list"]["degraded"] == []
    assert served.service.decisions.writer.depth >= 0
    assert app.listed("new", limit=ITEMS) == listed


def test_an_item_they_do_not_know_may_be_recommended(quick: Served) -> None:
    app = quick.with_key(*SCOPES)

    found = app.post(PATH, answers("new", film_0="unknown") | {"limit": ITEMS})

    assert "0" in [each["item"] for each in found["list"]["items"]]


def test_the_same_answers_again_are_duplicates_and_a_change_of_mind_is_not(quick: Served) -> None:
    app = quick.with_key(*SCOPES)
    told = answers("new", film_1="unknown", film_2=4)
    app.post(PATH, told)

    again = app.post(PATH, told)
    changed = app.post(PATH, answers("new", film_1="like"))

    assert (again["accepted"], again["duplicates"]) == (0, 2)
    assert (changed["accepted"], changed["duplicates"]) == (1, 0)
    assert changed["questions"]["progress"]["known"] == 2
    assert changed["questions"]["progress"]["unknown"] == 0


def test_of_two_answers_about_one_item_the_last_counts(quick: Served) -> None:
    app = quick.with_key(*SCOPES)
    told = [{"item": "1", "answer": "unknown"}, {"item": "1", "answer": "like"}]

    found = app.post(PATH, {"user": "new", "answers": told})

    assert found["accepted"] == 1
    (row,) = quick.service.facts.recent_of("new", 10)
    assert row.kind == "like"


def test_an_unknown_item_is_named_and_nothing_is_kept(quick: Served) -> None:
    app = quick.with_key(*SCOPES)

    answer = app("POST", PATH, json=answers("new", film_1="like", nothing="like"))

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_item"
    assert "'nothing'" in answer.json()["detail"]
    assert quick.service.facts.recent_of("new", 10) == []


def test_an_unknown_placement_is_named_and_nothing_is_kept(quick: Served) -> None:
    app = quick.with_key(*SCOPES)

    answer = app("POST", PATH, json=answers("new", film_1="like") | {"placement": "cellar"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_placement"
    assert quick.service.facts.recent_of("new", 10) == []


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"user": "new"},
        {"user": "new", "answers": []},
        {"user": "new", "answers": [{"item": "1"}]},
        {"user": "new", "answers": [{"item": "1", "answer": "maybe"}]},
        {"user": "new", "answers": [{"item": "1", "answer": "4"}]},
        {"user": "new", "answers": [{"item": "1", "answer": True}]},
        {"user": "new", "answers": [{"item": "1", "answer": 1e300}]},
        {"user": "new", "answers": [{"item": "1", "answer": None}]},
        {"user": "new", "answers": [{"item": "", "answer": "like"}]},
        {"user": "new", "answers": [{"item": "1", "answer": "like"}] * 101},
        {"user": " ", "answers": [{"item": "1", "answer": "like"}]},
        {"answers": [{"item": "1", "answer": "like"}]},
    ],
)
def test_what_is_no_answer_is_refused(quick: Served, nonsense: Any) -> None:
    answer = quick.with_key(*SCOPES)("POST", PATH, json=nonsense)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"


def test_an_erased_person_begins_anew(tasteful: Served) -> None:
    app = tasteful.with_key()
    before = asked(app)
    app.post(PATH, answers("new", film_0="unknown", film_1="like"))

    app("DELETE", "/v1/users/new")

    assert asked(app) == before
    assert app.post(PATH, answers("new", film_1="like"))["accepted"] == 1
