"""Events over HTTP: kept once, acknowledged after the commit."""

from typing import Any

import pytest
from tests.api.app import Served

EVENT: dict[str, Any] = {
    "user": "u1",
    "item": "i1",
    "kind": "rating",
    "value": 4.5,
    "time": "2026-01-01T00:00:00Z",
}


def test_an_event_is_kept_and_numbered(served: Served) -> None:
    app = served.with_key("events:write", "events:read")

    kept = app.post("/v1/events", {"events": [EVENT]})

    assert kept == {
        "accepted": 1,
        "duplicates": 0,
        "sequence": served.service.facts.last_sequence(),
    }
    (found,) = app.get("/v1/users/u1/events")["events"]
    assert {name: found[name] for name in ("item", "kind", "value", "time")} == {
        name: EVENT[name] for name in ("item", "kind", "value", "time")
    }


def test_what_comes_again_is_a_duplicate(served: Served) -> None:
    app = served.with_key("events:write")
    app.post("/v1/events", {"events": [{**EVENT, "id": "one"}]})

    kept = app.post("/v1/events", {"events": [{**EVENT, "id": "one"}, {**EVENT, "id": "two"}]})

    assert (kept["accepted"], kept["duplicates"]) == (1, 1)


def test_an_event_without_a_time_happens_now(quick: Served) -> None:
    app = quick.with_key("events:write", "events:read")
    before = quick.service.clock.now()

    app.post("/v1/events", {"events": [{"user": "u1", "item": "i1", "kind": "view"}]})

    (row,) = quick.service.facts.recent_of("u1", 10)
    assert row.time is not None
    assert row.time >= before


def test_all_of_a_request_is_kept_or_nothing(quick: Served) -> None:
    app = quick.with_key("events:write", "events:read")

    answer = app("POST", "/v1/events", json={"events": [EVENT, {**EVENT, "user": " "}]})

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"
    assert "events.1.user" in answer.json()["detail"]
    assert app.get("/v1/users/u1/events")["events"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "many"},
        {"value": 1e308},
        {"time": "yesterday"},
        {"time": "2026-02-31T00:00:00Z"},
        {"time": "2199-01-01T00:00:00Z"},
        {"kind": ""},
        {"item": "a\u0000b"},
        {"item": "x" * 257},
        {"colour": "red"},
    ],
)
def test_a_malformed_event_is_refused_in_words(quick: Served, wrong: dict[str, Any]) -> None:
    answer = quick.with_key("events:write")("POST", "/v1/events", json={"events": [EVENT | wrong]})

    assert answer.status_code in (400, 409, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"events": []}', b'{"events": 5}', b"\xff"])
def test_a_body_that_is_no_list_of_events_is_refused(quick: Served, body: bytes) -> None:
    app = quick.with_key("events:write")

    answer = app.client.post(
        "/v1/events", content=body, headers={**app.headers, "content-type": "application/json"}
    )

    assert answer.status_code in (400, 409, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused(quick: Served) -> None:
    app = quick.with_key("events:write")
    events = [{**EVENT, "text": "x" * 2_000}] * 4_500

    answer = app("POST", "/v1/events", json={"events": events})

    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


def test_pages_of_events_go_back_in_time_without_gaps(served: Served) -> None:
    app = served.with_key("events:write", "events:read")
    events = [{**EVENT, "id": f"e{number}"} for number in range(7)]
    app.post("/v1/events", {"events": events})

    found, cursor = [], None
    while True:
        page = app.get(
            "/v1/users/u1/events", params={"limit": 3, **({"cursor": cursor} if cursor else {})}
        )
        found += [each["id"] for each in page["events"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert found == [f"e{number}" for number in reversed(range(7))]


def test_a_person_need_not_say_who_they_are(quick: Served) -> None:
    ann = quick.person("ann@example.org")

    kept = ann.post("/v1/events", {"events": [{"item": "i1", "kind": "like"}]})

    assert kept["accepted"] == 1
    me = ann.get("/v1/me")["user"]
    assert [each["item"] for each in ann.get(f"/v1/users/{me}/events")["events"]] == ["i1"]


def test_an_application_says_whose_an_event_is(quick: Served) -> None:
    app = quick.with_key("events:write", "events:read")
    before = app.post("/v1/events", {"events": [EVENT]})["sequence"]
    events = [{**EVENT, "id": "another"}, {"item": "i1", "kind": "like"}]

    answer = app("POST", "/v1/events", json={"events": events})

    assert (answer.status_code, answer.json()["code"]) == (403, "nobodys_event")
    assert app.post("/v1/events", {"events": [EVENT]})["sequence"] == before


def test_a_person_sends_events_of_their_own_only(quick: Served) -> None:
    ann = quick.person("ann@example.org")
    me = ann.get("/v1/me")["user"]

    own = ann("POST", "/v1/events", json={"events": [{"user": me, "item": "i1", "kind": "like"}]})
    others = ann("POST", "/v1/events", json={"events": [EVENT]})

    assert own.status_code == 200
    assert [each["item"] for each in ann.get(f"/v1/users/{me}/events")["events"]] == ["i1"]
    assert others.status_code == 403
