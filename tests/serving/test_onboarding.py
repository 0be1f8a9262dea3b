"""When the questions end, and what is asked where a part is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.serving.shop import shop_on
from tests.training.tribes import ITEMS

from shortlist.core.errors import StorageFailed
from shortlist.serving.histories import Histories
from shortlist.serving.onboarding import Onboarding, Told
from shortlist.serving.onboarding_settings import OnboardingSettings
from shortlist.serving.service import Service
from shortlist.storage.facts import EventRow


class BrokenFacts:
    """A database that answers once, and then no more."""

    def __init__(self, *rows: EventRow) -> None:
        self.rows: Sequence[EventRow] = rows
        self.broken = False

    def recent_of(self, user: str, limit: int) -> Sequence[EventRow]:
        if self.broken:
            raise StorageFailed("the database refused")
        return self.rows

    def tail_of(self, user: str, since: int) -> Sequence[EventRow]:
        return self.recent_of(user, 1)


@pytest.fixture(scope="module")
def service(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with shop_on("sqlite", tastes_once, tmp_path_factory.mktemp("served")) as found:
        yield found


def event(item: str, kind: str, sequence: int = 1) -> EventRow:
    return EventRow(sequence, f"e{sequence}", item, kind, None, 1, None, None)


def with_events(service: Service, *rows: EventRow, **settings: Any) -> Onboarding:
    """The questions for a user who did this."""
    facts: Any = BrokenFacts(*rows)
    histories = Histories(facts, service.onboarding.kinds, remembered=100, kept=10_000)
    return replace(service.onboarding, histories=histories, settings=OnboardingSettings(**settings))


def test_it_ends_once_as_much_was_asked_as_the_settings_allow(service: Service) -> None:
    some = [event("1", "like", 1), event("2", "unknown", 2)]

    two_left = with_events(service, *some, questions=4, enough=0).ask("ann")
    none_left = with_events(service, *some, questions=2, enough=0).ask("ann")

    assert len(two_left.items) == 2
    assert (none_left.done, list(none_left.items)) == (True, [])


def test_it_ends_once_hardly_anything_is_left_to_learn(service: Service) -> None:
    known = [event(str(item), "like", item + 1) for item in range(8)]

    patient = with_events(service, *known, enough=0).ask("ann")
    content = with_events(service, *known, enough=1).ask("ann")

    assert not patient.done
    assert content.done
    assert content.learned == patient.learned
    assert not with_events(service, enough=1).ask("nobody-knows-me").done


def test_an_item_that_became_known_after_all_counts_once(service: Service) -> None:
    found = with_events(service, event("1", "unknown", 1), event("1", "rating", 2)).ask("ann")

    assert (found.known, found.unknown) == (1, 0)


def test_an_event_about_an_item_that_is_not_trained_is_counted_and_does_no_harm(
    service: Service,
) -> None:
    found = with_events(service, event("brand-new", "like", 1)).ask("ann", ITEMS)

    assert found.known == 1
    assert found.learned == 0
    assert len(found.items) == 14


def test_where_the_database_is_silent_what_was_last_known_counts_and_it_is_named(
    service: Service,
) -> None:
    onboarding = with_events(service, event("1", "like"))
    before = onboarding.ask("ann")
    onboarding.histories._facts.broken = True  # type: ignore[attr-defined]

    after, stranger = onboarding.ask("ann"), onboarding.ask("bob")

    assert before.degraded == []
    assert after == replace(before, degraded=["database"])
    assert (stranger.known, stranger.degraded) == (0, ["database"])


def test_the_curious_ask_for_what_teaches_and_the_others_for_what_is_known(
    service: Service,
) -> None:
    (familiar,) = with_events(service, curiosity=0).ask(None, 1).items
    (curious,) = with_events(service, curiosity=4).ask(None, 1).items

    assert familiar.item != curious.item
    assert (familiar.known or 0) >= (curious.known or 0)
    assert (familiar.teaches or 0) / (familiar.known or 1) < (curious.teaches or 0) / (
        curious.known or 1
    )


def test_answers_become_the_kinds_of_the_settings(service: Service) -> None:
    settings = OnboardingSettings(like="thumb", dislike="boo", rating="stars")
    onboarding = replace(service.onboarding, settings=settings)
    told = [Told("1", "like"), Told("2", "dislike"), Told("3", 2), Told("4", "unknown")]

    onboarding.take("settled", told)

    rows = service.facts.recent_of("settled", 10)
    assert [row.kind for row in rows] == ["thumb", "boo", "stars", "unknown"]


@pytest.mark.parametrize(
    "nonsense",
    [{"questions": 0}, {"batch": 21}, {"curiosity": -1}, {"enough": 2}, {"like": ""}, {"lik": 1}],
)
def test_settings_that_make_no_sense_are_refused(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OnboardingSettings(**nonsense)
