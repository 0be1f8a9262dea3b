"""Opinions take each other's place; what is forgotten is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.shop import shop_on
from tests.storage.databases import PLACES

from shortlist.core.errors import UnknownItem
from shortlist.serving.asked import Asked
from shortlist.serving.marks import Mark
from shortlist.serving.service import Service


@pytest.fixture(params=list(PLACES))
def service(request: pytest.FixtureRequest, tastes_once: Path, tmp_path: Path) -> Iterator[Service]:
    with shop_on(request.param, tastes_once, tmp_path) as found:
        yield found


def mark(service: Service, item: str, user: str = "nina") -> Mark:
    return service.shop.home.marks(user).on(item)


def kinds(service: Service, user: str = "nina") -> list[str]:
    return [row.kind for row in service.facts.recent_of(user, 100)]


def listed(service: Service, user: str = "nina") -> list[str]:
    return [each.item for each in service.recommender.recommend(Asked(user, limit=20)).items]


def test_stars_are_changed(service: Service) -> None:
    for stars in (4, 5, 4):
        service.shop.feedback.rate("nina", "2", stars)

    assert mark(service, "2") == Mark(stars=4)
    assert kinds(service) == ["rating"] * 3


def test_what_is_rated_is_off_the_watchlist_and_no_more_disliked(service: Service) -> None:
    feedback = service.shop.feedback
    feedback.save("nina", "2")
    feedback.rate("nina", "2", 3)
    feedback.dislike("nina", "4")
    feedback.rate("nina", "4", 5)

    assert mark(service, "2") == Mark(stars=3)
    assert mark(service, "4") == Mark(stars=5)


def test_a_dislike_takes_back_stars_and_the_watchlist(service: Service) -> None:
    feedback = service.shop.feedback
    feedback.rate("nina", "2", 5)
    feedback.save("nina", "2")
    feedback.dislike("nina", "2")

    assert mark(service, "2") == Mark(disliked=True)
    assert "2" not in listed(service)


def test_what_is_taken_back_may_be_recommended_again(service: Service) -> None:
    feedback = service.shop.feedback
    feedback.rate("nina", "2", 5)
    assert "2" not in listed(service)

    feedback.take_back("nina", "2", "rating")

    assert mark(service, "2") == Mark()
    assert "2" in listed(service)


def test_taking_back_what_was_not_said_writes_nothing(service: Service) -> None:
    service.shop.feedback.take_back("nina", "2", "rating")

    assert kinds(service) == []


def test_what_is_forgotten_is_in_no_table(service: Service) -> None:
    feedback = service.shop.feedback
    feedback.rate("nina", "2", 5)
    feedback.save("nina", "4")
    feedback.rate("otto", "2", 5)

    assert feedback.forget("nina", "2") == 1
    assert feedback.forget("nina", "2") == 0

    assert [row.item for row in service.facts.recent_of("nina", 100)] == ["4"]
    assert mark(service, "2") == Mark()
    assert mark(service, "2", "otto") == Mark(stars=5)


def test_another_process_forgets_what_was_erased_here(service: Service) -> None:
    feedback, histories = service.shop.feedback, service.recommender.histories
    feedback.rate("nina", "2", 5)
    feedback.rate("nina", "4", 5)
    assert len(histories.read("nina", None).rows) == 2
    service.look()

    service.facts.erase_events("nina", "2")
    assert len(histories.read("nina", None).rows) == 2, "the last event is still there"
    service.look()

    assert len(histories.read("nina", None).rows) == 1


def test_the_list_that_led_to_it_is_kept_with_the_event(service: Service) -> None:
    service.shop.feedback.rate("nina", "2", 5, decision="abc")

    (row,) = service.facts.recent_of("nina", 1)
    assert row.decision == "abc"


def test_an_item_that_is_not_there_is_unknown(service: Service) -> None:
    with pytest.raises(UnknownItem):
        service.shop.feedback.rate("nina", "nothing", 5)


def test_where_no_kind_takes_it_back_it_is_erased(tastes_once: Path, tmp_path: Path) -> None:
    bare = {"rating": {"like_from": 4.0}, "save": {"weight": 0.5}}
    with shop_on("sqlite", tastes_once, tmp_path, kinds=bare, shop={"save": "keep"}) as service:
        service.shop.feedback.save("nina", "2")
        service.shop.feedback.take_back("nina", "2", "keep")

        assert kinds(service) == []
