"""What happens counts for everybody within seconds, and never in the way of an answer."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.api.app import PATIENCE, Caller, Served, home_on, serving
from tests.storage.databases import PLACES

from shortlist.online.fold import Fold
from shortlist.pipeline.parts import arrays_of
from shortlist.serving.service import Service
from shortlist.storage.bundles import BundleContents

ANN = "1"
STRANGER = "nobody-yet"


def chosen(item: str, users: int, *, prefix: str = "fan") -> list[dict[str, Any]]:
    """Events by which so many users chose an item."""
    return [
        {"user": f"{prefix}-{n}", "item": item, "kind": "rating", "value": 5} for n in range(users)
    ]


def within_seconds(done: Callable[[], bool]) -> bool:
    """Whether it comes true."""
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def sent(app: Caller, service: Service, events: Sequence[dict[str, Any]]) -> int:
    """Send events, and wait until answers know of them; the number of the newest."""
    sequence = int(app.post("/v1/events", {"events": events})["sequence"])
    assert within_seconds(lambda: knows(service) >= sequence)
    return sequence


def knows(service: Service) -> int:
    """The number of the newest event that answers know of."""
    loaded = service.shelves.current.loaded
    return 0 if loaded is None else loaded.sequence


def popular(app: Caller) -> str:
    """The item most people chose."""
    return str(app.get("/v1/items/popular", params={"limit": 1})["items"][0]["item"])


def test_what_many_chose_is_popular_without_a_training(served: Served) -> None:
    app = served.with_key()
    assert popular(app) != "7"

    sent(app, served.service, chosen("7", 60))

    assert popular(app) == "7"


def test_the_ranker_sees_what_others_chose_just_now(served: Served) -> None:
    app = served.with_key()

    def seen(item: str) -> float:
        answered = app.get(f"/v1/users/{STRANGER}/recommendations", params={"limit": 24})
        decided = app.get(f"/v1/decisions/{answered['decision']}")["items"]
        (features,) = [each["features"] for each in decided if each["item"] == item]
        return float(features["item_choices_7d"])

    before = seen("7")
    sent(app, served.service, chosen("7", 60))

    assert seen("7") > before


def test_a_new_item_is_recommended_once_it_is_chosen(served: Served) -> None:
    app = served.with_key()
    document = {"title": "A new film", "categories": ["Even"]}
    assert app("PUT", "/v1/items/brand-new", json=document).status_code in (200, 201)

    sent(app, served.service, chosen("brand-new", 60))

    assert "brand-new" in app.listed(STRANGER, limit=24)


def test_a_new_item_that_nobody_described_is_recommended_once_it_is_chosen(quick: Served) -> None:
    app = quick.with_key()

    sent(app, quick.service, chosen("unheard-of", 60))

    assert "unheard-of" in app.listed(STRANGER, limit=24)


def test_a_deleted_item_is_gone_though_it_goes_on_being_chosen(quick: Served) -> None:
    app = quick.with_key()
    sent(app, quick.service, chosen("unheard-of", 60))
    assert app("DELETE", "/v1/items/unheard-of").status_code in (204, 404)

    sent(app, quick.service, chosen("unheard-of", 60, prefix="more"))

    assert "unheard-of" not in app.listed(STRANGER, limit=24)


def test_a_question_about_the_past_knows_nothing_newer(quick: Served) -> None:
    app = quick.with_key()
    asked = {"context": {"time": "2017-01-01T00:00:00Z"}, "limit": 24}
    (before,) = app.post("/v1/recommendations", asked)["lists"]

    sent(app, quick.service, [*chosen("unheard-of", 60), *chosen("3", 60)])
    (after,) = app.post("/v1/recommendations", asked)["lists"]

    assert [(each["item"], each["score"]) for each in after["items"]] == [
        (each["item"], each["score"]) for each in before["items"]
    ]
    assert "unheard-of" in app.listed(STRANGER, limit=24)


def test_a_decision_is_made_again_from_what_was_known_then(served: Served) -> None:
    app = served.with_key()
    sent(app, served.service, chosen("3", 40))
    answered = app.get(f"/v1/users/{STRANGER}/recommendations", params={"limit": 30})
    sent(app, served.service, chosen("unheard-of", 60))

    found = app.get(f"/v1/decisions/{answered['decision']}", params={"replay": True})

    assert found["asked"]["online"] < knows(served.service)
    assert found["replay"]["same"], found["replay"]
    assert "unheard-of" not in found["replay"]["items"]
    assert "unheard-of" in app.listed(STRANGER, limit=30)


def test_pages_go_on_with_the_list_while_the_model_learns(quick: Served) -> None:
    app = quick.with_key()
    whole = app.listed(ANN, limit=12)
    first = app.get(f"/v1/users/{ANN}/recommendations", params={"limit": 4})
    pages, cursor = [each["item"] for each in first["items"]], first["next"]
    while cursor and len(pages) < 12:
        last = whole[-1 - len(pages) // 4]
        sent(app, quick.service, chosen(last, 60, prefix=f"page-{len(pages)}"))
        page = app.get(f"/v1/users/{ANN}/recommendations", params={"cursor": cursor, "limit": 4})
        pages += [each["item"] for each in page["items"]]
        assert page["degraded"] == []
        assert all(each["probability"] is not None for each in page["items"])
        cursor = page["next"]

    assert pages == whole


def test_what_an_erased_user_did_is_unlearned_at_once(served: Served) -> None:
    app = served.with_key()
    before = app.listed(STRANGER, limit=24)
    events = [
        {"user": "shill", "item": "unheard-of", "kind": "click", "id": f"shill-{n}"}
        for n in range(60)
    ]
    sent(app, served.service, events)
    assert "unheard-of" in app.listed(STRANGER, limit=24)

    receipt = app("DELETE", "/v1/users/shill").json()

    assert app.listed(STRANGER, limit=24) == before
    assert "learned" in receipt["forgotten_by"]


def test_what_others_did_is_learned_again_after_an_erasure(quick: Served) -> None:
    app = quick.with_key()
    sequence = sent(app, quick.service, [*chosen("unheard-of", 60), *chosen("3", 1, prefix="one")])

    app("DELETE", "/v1/users/one-0")

    assert within_seconds(lambda: knows(quick.service) >= sequence - 1)
    assert "unheard-of" in app.listed(STRANGER, limit=24)


def test_a_process_that_begins_again_knows_what_the_one_before_it_had_learned(
    trained_once: Path, tmp_path: Path
) -> None:
    with home_on("sqlite", trained_once, tmp_path) as home:
        with serving(home) as first:
            app = first.with_key()
            sequence = sent(app, first.service, chosen("unheard-of", 60))
            before = app.listed(STRANGER, limit=24)
        with serving(home) as second:
            assert knows(second.service) == sequence
            assert second.with_key().listed(STRANGER, limit=24) == before


def test_what_a_start_had_to_learn_is_kept_at_once(trained_once: Path, tmp_path: Path) -> None:
    """A server that is killed again and again a minute after its start gets on all the same."""
    online = {"checkpoint_events": 20, "checkpoint_seconds": 3600}
    with home_on("sqlite", trained_once, tmp_path, online=online) as home, serving(home) as served:
        sent(served.with_key(), served.service, chosen("unheard-of", 60))

        assert within_seconds(lambda: any((home.path / "online").glob("2*")))


def learned(service: Service) -> dict[str, bytes]:
    """The sources and statistics that answer, to the bit."""
    loaded = service.engine.loaded
    assert loaded is not None
    arrays = arrays_of(loaded.model)
    return {name: np.ascontiguousarray(each).tobytes() for name, each in arrays.items()}


@pytest.mark.parametrize("database", list(PLACES))
def test_two_services_on_one_log_come_to_the_same_state(
    database: str, trained_once: Path, tmp_path: Path
) -> None:
    with (
        home_on(database, trained_once, tmp_path) as home,
        serving(home) as one,
        serving(replace(home)) as other,
    ):
        senders = [one.with_key(), other.with_key()]
        for number in range(20):
            events = chosen(str(number % 7), 1 + number % 3, prefix=f"round-{number}")
            senders[number % 2].post("/v1/events", {"events": events})
        last = sent(senders[0], one.service, chosen("unheard-of", 9))
        assert within_seconds(lambda: knows(other.service) == last)

        assert learned(one.service) == learned(other.service)
        assert senders[0].listed(ANN, limit=24) == senders[1].listed(ANN, limit=24)


def test_a_ranker_that_learned_on_takes_over_what_its_sources_had_learned(quick: Served) -> None:
    app = quick.with_key()
    sequence = sent(app, quick.service, chosen("unheard-of", 60))
    before = quick.home.bundles.open()
    refreshed = BundleContents(
        before.loaded, before.texts, {**before.lineage, "root": before.id}, before.settings
    )
    ids = quick.service.shelves.current.ids

    bundle = quick.home.bundles.publish(refreshed)
    assert within_seconds(lambda: quick.service.engine.loaded.bundle == bundle)  # type: ignore[union-attr]
    after = quick.service.engine.loaded

    assert after is not None
    assert after.sequence >= sequence
    assert [*after.model.retrieval.catalogue.ids] == [*ids]


@pytest.fixture
def unable(quick: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A service whose learning fails from now on."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("the fold is broken")

    monkeypatch.setattr(Fold, "add", fail)
    yield quick
    monkeypatch.undo()


def test_where_learning_fails_the_bundle_answers_and_it_is_said(unable: Served) -> None:
    app = unable.with_key()
    before = app.listed(STRANGER, limit=24)
    app.post("/v1/events", {"events": chosen("3", 60)})
    assert within_seconds(lambda: unable.service.following.problem is not None)

    answer = app.get(f"/v1/users/{STRANGER}/recommendations", params={"limit": 24})
    ready = app("GET", "/health/ready")

    assert [each["item"] for each in answer["items"]] == before
    assert answer["degraded"] == ["online"]
    assert ready.status_code == 200
    assert "nothing is learned" in ready.text


def test_the_numbers_say_how_far_answers_are_behind(quick: Served) -> None:
    app = quick.with_key()
    sent(app, quick.service, chosen("3", 5))

    assert within_seconds(lambda: quick.service.numbers()["online_lag_events"] == 0), (
        quick.service.numbers()
    )
    assert quick.service.numbers()["online_lag_seconds"] == 0


def test_without_following_only_ones_own_events_count(trained_once: Path, tmp_path: Path) -> None:
    with (
        home_on("sqlite", trained_once, tmp_path, online={"follow": False}) as home,
        serving(home) as served,
    ):
        app = served.with_key()
        before = app.listed(STRANGER, limit=24)
        app.post("/v1/events", {"events": chosen("3", 60)})
        time.sleep(0.5)

        assert app.listed(STRANGER, limit=24) == before
