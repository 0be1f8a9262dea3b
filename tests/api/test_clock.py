"""The clock of a log: an old log is lived through as if it happened today."""

from pathlib import Path

from tests.api.app import home_on, serving

from shortlist.core.times import parse_instant

LATER = "2031-05-01T12:00:00Z"


def test_by_the_log_now_is_the_newest_event(trained_once: Path, tmp_path: Path) -> None:
    with home_on("sqlite", trained_once, tmp_path, clock="log") as home, serving(home) as served:
        app = served.with_key()
        newest, _ = served.service.facts.newest_time()
        first = app.get("/v1/users/1/recommendations")["decision"]
        event = {
            "user": "2",
            "item": "1",
            "kind": "rating",
            "value": 5,
            "time": "2025-05-01T12:00:00Z",
        }
        app.post("/v1/events", {"events": [event]})
        second = app.get("/v1/users/1/recommendations")["decision"]
        untimed = app.post("/v1/events", {"events": [{"user": "3", "item": "1", "kind": "like"}]})

        assert newest is not None
        assert time_of(app.get(f"/v1/decisions/{first}")) == newest // 1_000_000
        assert time_of(app.get(f"/v1/decisions/{second}")) == seconds("2025-05-01T12:00:00Z")
        assert untimed["accepted"] == 1
        assert app.get("/v1/users/3/events")["events"][0]["time"] == "2025-05-01T12:00:00Z"


def test_by_the_machine_an_event_from_the_future_is_refused(
    trained_once: Path, tmp_path: Path
) -> None:
    with home_on("sqlite", trained_once, tmp_path) as home, serving(home) as served:
        event = {"user": "2", "item": "1", "kind": "like", "time": LATER}

        answer = served.with_key()("POST", "/v1/events", json={"events": [event]})

        assert answer.status_code == 409
        assert answer.json()["code"] == "future_event"


def time_of(decision: dict[str, str]) -> int:
    return seconds(decision["time"])


def seconds(moment: str) -> int:
    return parse_instant(moment) // 1_000_000
