"""A home follows what somebody says, and tells why each item is where it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.shop import ANN, shop_on

from shortlist.serving.answers import Answer, Shown
from shortlist.serving.home_rows import Row, reasons_of
from shortlist.serving.service import Service
from shortlist.serving.tastes import tastes_of


@pytest.fixture
def service(tastes_once: Path, tmp_path: Path) -> Iterator[Service]:
    with shop_on("sqlite", tastes_once, tmp_path) as found:
        yield found


def rows(service: Service, user: str) -> dict[str, Row]:
    return {each.key.partition("-")[0]: each for each in reversed(service.shop.home.rows(user))}


def test_somebody_new_has_a_home(service: Service) -> None:
    found = rows(service, "nina")

    assert found["placement"].cards
    assert "because" not in found


def test_nothing_stands_twice_and_nothing_is_theirs_already(service: Service) -> None:
    items = [card.item for row in service.shop.home.rows(ANN) for card in row.cards]

    assert items
    assert len(items) == len(set(items))
    assert not set(items) & set(service.shop.home.marks(ANN).by_item)


def test_every_item_says_why_it_is_there(service: Service) -> None:
    for row in service.shop.home.rows(ANN):
        for card in row.cards:
            assert card.reason is not None, (row.key, card.item)
            assert card.reason.text


def test_the_reason_names_what_somebody_did_themselves(service: Service) -> None:
    own = set(service.shop.home.marks(ANN).by_item)

    named = {
        about.item
        for card in rows(service, ANN)["placement"].cards
        for about, _ in (card.reason.because if card.reason else ())
    }

    assert named
    assert named <= own


def test_what_somebody_likes_makes_the_next_row(tastes_once: Path, tmp_path: Path) -> None:
    alone = {"rows": [{"kind": "because", "title": "Since {item}"}]}
    with shop_on("sqlite", tastes_once, tmp_path, shop=alone) as service:
        assert service.shop.home.rows("nina") == []

        service.shop.feedback.rate("nina", "6", 5)

        (row,) = service.shop.home.rows("nina")
    assert row.title == "Since Film 6"
    even = [int(card.item) % 2 == 0 for card in row.cards]
    assert sum(even[:4]) == 4, "its own tribe chooses the same"


def test_what_is_turned_down_is_in_no_row(service: Service) -> None:
    first = rows(service, "nina")["placement"].cards[0].item

    service.shop.feedback.dislike("nina", first)

    shown = {card.item for row in service.shop.home.rows("nina") for card in row.cards}
    assert first not in shown


def test_a_row_of_a_placement_names_the_list_it_is(service: Service) -> None:
    card = rows(service, ANN)["placement"].cards[0]

    decision = service.decisions.get(card.decision)

    assert decision.user == ANN
    assert decision.answer["items"][0]["item"] == card.item


def test_rows_are_those_of_the_settings(tastes_once: Path, tmp_path: Path) -> None:
    own = {"rows": [{"kind": "trending", "title": "Much chosen", "size": 5}]}
    with shop_on("sqlite", tastes_once, tmp_path, shop=own) as service:
        (row,) = service.shop.home.rows(ANN)

    assert row.title == "Much chosen"
    assert len(row.cards) == 5


def test_a_taste_is_what_is_chosen_more_often_than_by_others(service: Service) -> None:
    home = service.shop.home
    for item, stars in (("0", 5), ("2", 4), ("4", 5), ("1", 2)):
        service.shop.feedback.rate("nina", item, stars)

    first, last = tastes_of(home.marks("nina"), home.shelves.current)

    assert (first.category, last.category) == ("Even", "Odd")
    assert first.times > 1 > last.times
    assert (first.chosen, last.chosen) == (3, 1)
    assert first.stars == pytest.approx(14 / 3)
    assert last.stars == 2


def test_a_single_choice_makes_no_great_taste(service: Service) -> None:
    service.shop.feedback.rate("nina", "2", 5)
    (taste,) = tastes_of(service.shop.home.marks("nina"), service.shelves.current)

    assert 1 < taste.times < 1.3


def test_a_list_that_is_not_explained_in_time_still_says_why(service: Service) -> None:
    shown = [Shown("2", 0, 1.0, None, ["content", "popularity"]), Shown("4", 1, 0.5, None, [])]
    answer = Answer("d", None, "default", shown, ["reasons"], None)

    reasons = [reason.text for _, reason in reasons_of(answer, service.shop.home.cards())]

    assert reasons == [
        "It is much like what you chose: Even.",
        "It is one of the most chosen of all.",
    ]


def test_why_adds_up_and_is_the_score_of_the_list(service: Service) -> None:
    home = service.shop.home
    card = rows(service, ANN)["placement"].cards[0]

    found = service.shop.why(ANN, card.item, home.marks(ANN))

    assert found is not None
    why = found.shown.why
    assert why is not None
    total = why.base + sum(each.amount for each in why.contributions)
    assert total == pytest.approx(found.shown.score, abs=1e-6)
    decided = service.decisions.get(card.decision).answer["items"][0]
    assert decided["score"] == pytest.approx(found.shown.score)


def test_what_came_after_the_training_has_no_why(service: Service) -> None:
    service.facts.write_items([{"id": "new", "title": "New (2020)", "categories": ["Even"]}])
    service.look()

    assert service.shop.why(ANN, "new", service.shop.home.marks(ANN)) is None
