"""Answers are decisions: kept, told again, and made again."""

from tests.api.app import Served

ANN = "1"


def test_a_decision_tells_what_was_shown_and_what_the_ranker_saw(served: Served) -> None:
    app = served.with_key("recommend:read", "decisions:read")
    answered = app.get(f"/v1/users/{ANN}/recommendations", params={"limit": 3})

    found = app.get(f"/v1/decisions/{answered['decision']}")

    assert found["user"] == ANN
    assert found["bundle"] == answered["bundle"]
    for told, shown in zip(found["items"], answered["items"], strict=True):
        assert {name: told[name] for name in shown} == shown
        assert len(told["features"]) == len(
            served.service.engine.loaded.model.retrieval.columns()  # type: ignore[union-attr]
        )


def test_a_decision_can_be_made_again_after_more_has_happened(served: Served) -> None:
    app = served.with_key("recommend:read", "decisions:read", "events:write")
    answered = app.get(f"/v1/users/{ANN}/recommendations", params={"limit": 5})
    first = answered["items"][0]["item"]
    app.post("/v1/events", {"events": [{"user": ANN, "item": first, "kind": "rating", "value": 5}]})

    found = app.get(f"/v1/decisions/{answered['decision']}", params={"replay": True})

    assert found["replay"]["same"], found["replay"]
    assert found["replay"]["items"] == [each["item"] for each in answered["items"]]


def test_a_decision_with_a_filter_and_exclusions_can_be_made_again(quick: Served) -> None:
    app = quick.with_key("recommend:read", "decisions:read")
    answered = app.get(
        f"/v1/users/{ANN}/recommendations",
        params={"limit": 3, "filter": "year >= 1992", "exclude": ["3", "5"]},
    )

    found = app.get(f"/v1/decisions/{answered['decision']}", params={"replay": True})

    assert found["replay"]["same"], found["replay"]


def test_a_ranking_of_given_items_can_be_made_again(quick: Served) -> None:
    app = quick.with_key("recommend:read", "decisions:read")
    answered = app.post("/v1/rank", {"user": ANN, "items": ["1", "2", "3"]})

    found = app.get(f"/v1/decisions/{answered['decision']}", params={"replay": True})

    assert found["replay"]["same"], found["replay"]


def test_a_decision_whose_events_were_erased_is_gone(quick: Served) -> None:
    app = quick.with_key()
    answered = app.get(f"/v1/users/{ANN}/recommendations")
    app.get(f"/v1/decisions/{answered['decision']}")

    app("DELETE", f"/v1/users/{ANN}")

    assert app("GET", f"/v1/decisions/{answered['decision']}").status_code == 404


def test_an_unknown_decision_is_not_found(quick: Served) -> None:
    answer = quick.with_key("decisions:read")("GET", "/v1/decisions/0123abcd")

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_decision"
