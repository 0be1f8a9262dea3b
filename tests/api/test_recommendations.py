"""What should this user see next, over HTTP."""

import pytest
from tests.api.app import Served
from tests.cli.shell import own_films
from tests.training.tribes import ITEMS

ANN = "1"
"""Somebody with a history."""


def test_a_list_is_a_decision_with_scores_chances_and_sources(served: Served) -> None:
    app = served.with_key("recommend:read")

    found = app.get(f"/v1/users/{ANN}/recommendations", params={"limit": 5})

    assert len(found["items"]) == 5
    assert found["bundle"] == served.service.engine.loaded.bundle  # type: ignore[union-attr]
    assert found["degraded"] == []
    assert [each["position"] for each in found["items"]] == list(range(5))
    scores = [each["score"] for each in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < each["probability"] < 1 for each in found["items"])
    assert all(each["sources"] for each in found["items"])
    assert all(each["propensity"] == 1 for each in found["items"])


def test_what_a_user_has_is_not_recommended(quick: Served) -> None:
    found = quick.with_key("recommend:read").listed(ANN, limit=ITEMS)

    assert found
    assert not set(found) & set(own_films(ANN))


def test_an_event_counts_in_the_very_next_list(served: Served) -> None:
    app = served.with_key("recommend:read", "events:write")
    first = app.listed(ANN, limit=3)[0]

    kept = app.post(
        "/v1/events", {"events": [{"user": ANN, "item": first, "kind": "rating", "value": 5}]}
    )

    assert (kept["accepted"], kept["duplicates"]) == (1, 0)
    assert kept["sequence"] == served.service.facts.last_sequence()
    assert first not in app.listed(ANN, limit=ITEMS)


def test_somebody_nobody_knows_gets_a_list_too(quick: Served) -> None:
    found = quick.with_key("recommend:read").listed("nobody-knows-me", limit=4)

    assert len(found) == 4


def test_what_is_excluded_is_not_answered(quick: Served) -> None:
    app = quick.with_key("recommend:read")
    before = app.listed(ANN, limit=4)

    after = app.listed(ANN, limit=4, exclude=before[:2])

    assert len(after) == 4
    assert not set(after) & set(before[:2])


def test_a_filter_is_asked_before_ranking_so_that_lists_are_full(quick: Served) -> None:
    app = quick.with_key("recommend:read", "items:read")

    found = app.listed(ANN, limit=3, filter='"Odd" in genres and year >= 1995')

    assert len(found) == 3
    for item in found:
        told = app.get(f"/v1/items/{item}")
        assert "Odd" in told["categories"]
        assert told["attributes"]["year"] >= 1995


def test_a_filter_that_is_wrong_is_refused_with_its_position(quick: Served) -> None:
    answer = quick.with_key("recommend:read")(
        "GET", f"/v1/users/{ANN}/recommendations", params={"filter": "year >= "}
    )

    problem = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "bad_filter"
    assert problem["position"] == 8


def test_an_unknown_placement_is_refused_naming_those_there_are(quick: Served) -> None:
    answer = quick.with_key("recommend:read")(
        "GET", f"/v1/users/{ANN}/recommendations", params={"placement": "nowhere"}
    )

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_placement"
    assert "default" in answer.json()["detail"]


def test_pages_go_on_without_repeats_and_gaps_while_feedback_arrives(served: Served) -> None:
    app = served.with_key("recommend:read", "events:write")
    path = f"/v1/users/{ANN}/recommendations"
    whole = app.listed(ANN, limit=9)
    first = app.get(path, params={"limit": 3})

    app.post(
        "/v1/events", {"events": [{"user": ANN, "item": whole[1], "kind": "rating", "value": 1}]}
    )
    second = app.get(path, params={"limit": 3, "cursor": first["next"]})
    third = app.get(path, params={"limit": 3, "cursor": second["next"]})

    pages = [each["item"] for page in (first, second, third) for each in page["items"]]
    assert pages == whole
    assert {page["decision"] for page in (first, second, third)} == {first["decision"]}
    assert [each["position"] for each in second["items"]] == [3, 4, 5]
    assert all(0 < each["probability"] < 1 for each in second["items"])


def test_the_last_page_has_no_next(quick: Served) -> None:
    found = quick.with_key("recommend:read").get(
        f"/v1/users/{ANN}/recommendations", params={"limit": ITEMS}
    )

    assert found["next"] is None


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "%00", "MTIz", "a" * 400])
def test_a_cursor_that_was_not_answered_is_refused(quick: Served, cursor: str) -> None:
    answer = quick.with_key("recommend:read")(
        "GET", f"/v1/users/{ANN}/recommendations", params={"cursor": cursor}
    )

    assert answer.status_code == 404


def test_a_cursor_of_somebody_else_is_refused(quick: Served) -> None:
    app = quick.with_key("recommend:read")
    cursor = app.get(f"/v1/users/{ANN}/recommendations", params={"limit": 2})["next"]

    answer = app("GET", "/v1/users/2/recommendations", params={"cursor": cursor})

    assert answer.status_code == 404


def test_reasons_add_up_to_the_score(quick: Served) -> None:
    found = quick.with_key("recommend:read").get(
        f"/v1/users/{ANN}/recommendations", params={"limit": 3, "explain": True}
    )

    assert found["degraded"] == []
    for each in found["items"]:
        why = each["explanation"]
        total = why["base"] + sum(part["amount"] for part in why["contributions"])
        assert total == pytest.approx(each["score"], abs=1e-6)
        assert why["reason"].endswith(".")


def test_several_users_get_a_list_each(quick: Served) -> None:
    app = quick.with_key("recommend:read")

    found = app.post("/v1/recommendations", {"users": [ANN, "2"], "limit": 3})["lists"]

    assert [[each["item"] for each in one["items"]] for one in found] == [
        app.listed(ANN, limit=3),
        app.listed("2", limit=3),
    ]


def test_a_history_in_the_request_makes_a_list_of_its_taste(quick: Served) -> None:
    app = quick.with_key("recommend:read", "items:read")
    taste = [f"film-{place}" for place in (0, 2, 4, 6)]
    ids = own_films(ANN)

    found = app.post(
        "/v1/recommendations",
        {"history": [{"item": item, "kind": "rating", "value": 5} for item in ids], "limit": 3},
    )["lists"][0]

    assert taste
    assert len(found["items"]) == 3
    assert not {each["item"] for each in found["items"]} & set(ids)


def test_the_events_of_an_anonymous_session_are_its_history(served: Served) -> None:
    app = served.with_key("recommend:read", "events:write")
    liked = own_films(ANN)[:3]
    events = [{"session": "visit-1", "item": item, "kind": "like"} for item in liked]
    app.post("/v1/events", {"events": events})

    found = app.post("/v1/recommendations", {"session": "visit-1", "limit": 5})["lists"][0]

    assert len(found["items"]) == 5
    assert not {each["item"] for each in found["items"]} & set(liked)


def test_candidates_of_the_callers_own_are_all_ordered(quick: Served) -> None:
    app = quick.with_key("recommend:read")
    given = [f"{place}" for place in range(1, 8)]

    found = app.post("/v1/rank", {"user": ANN, "items": [*given, "no-such-film"]})

    assert sorted(each["item"] for each in found["items"]) == sorted(given)
    scores = [each["score"] for each in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert found["unknown"] == ["no-such-film"]


def test_the_list_of_a_visitor_has_pages_too(quick: Served) -> None:
    app = quick.with_key("recommend:read")
    visit = {"history": [{"item": own_films(ANN)[0], "kind": "like"}]}
    whole = app.post("/v1/recommendations", visit | {"limit": 6})["lists"][0]
    first = app.post("/v1/recommendations", visit | {"limit": 3})["lists"][0]

    second = app.post("/v1/recommendations", {"cursor": first["next"], "limit": 3})["lists"][0]

    pages = [each["item"] for page in (first, second) for each in page["items"]]
    assert pages == [each["item"] for each in whole["items"]]
    assert second["decision"] == first["decision"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/recommendations", {"users": ["1"], "limit": True}),
        ("/v1/recommendations", {"users": ["1"], "limit": "5"}),
        ("/v1/recommendations", {"users": ["1"], "explain": 1}),
        ("/v1/recommendations", {"history": [{"item": "1", "value": True}]}),
        ("/v1/rank", {"items": ["1"], "history": [{"item": "1", "value": False}]}),
        ("/v1/rank", {"items": ["1"], "explain": "yes"}),
        (
            "/v1/onboarding",
            {"user": "1", "answers": [{"item": "1", "answer": "like"}], "number": True},
        ),
        ("/v1/events", {"events": [{"user": "1", "item": "1", "kind": "rating", "value": True}]}),
        ("/v1/events", {"events": [{"user": "1", "item": "1", "kind": "rating", "value": "4"}]}),
    ],
)
def test_nothing_is_read_as_a_number_or_a_flag_that_is_none(
    served: Served, path: str, body: dict[str, object]
) -> None:
    answer = served.with_key()("POST", path, json=body)

    assert answer.status_code == 422, answer.text


def test_a_whole_number_may_be_written_with_a_point(served: Served) -> None:
    answer = served.with_key().post("/v1/recommendations", {"users": ["1"], "limit": 3.0})

    assert len(answer["lists"][0]["items"]) == 3
