import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.slate.films import ALIEN, AMELIE, FILMS, HEAT, PADDINGTON, made

from shortlist.core.errors import BadFilter, BadPlacement
from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate import Placement, PlacementSettings, check_placement


def placement(**settings: object) -> Placement:
    return Placement(PlacementSettings.model_validate(settings), FILMS)


def test_without_a_filter_everything_may_be_shown() -> None:
    assert placement().mask() is None


def test_its_filter_says_what_may_be_shown_to_whom() -> None:
    fixed = placement(filter="year > 2000").mask()
    personal = placement(filter="title == user.favourite").mask({"favourite": "Heat"})

    assert fixed is not None
    assert fixed.nonzero()[0].tolist() == [AMELIE, PADDINGTON]
    assert personal is not None
    assert personal.nonzero()[0].tolist() == [HEAT]


def test_a_mask_that_is_the_same_for_all_is_made_once_and_cannot_be_changed() -> None:
    film = placement(filter="year > 2000")

    first = film.mask({"id": "ann"})

    assert first is film.mask({"id": "bob"})
    assert first is not None
    assert not first.flags.writeable


def test_quotas_are_those_of_the_sources_there_are() -> None:
    film = placement(sources={"ease": 50, "gone": 20})

    assert film.quotas(["als", "ease"]) == {"ease": 50}
    assert film.quotas(["als"]) is None
    assert placement().quotas(["als"]) is None


def test_a_pin_applies_where_item_and_user_pass() -> None:
    film = placement(
        filter="year is known",
        pins=[
            {"item": "heat", "position": 2},
            {"item": "alien", "position": 1, "filter": "user.country == 'DE'"},
            {"item": "aliens", "position": 1, "filter": "new"},
            {"item": "nothing", "position": 4},
            {"item": "unknown", "position": 5},
        ],
    )

    here = film.pinned({"country": "DE"})

    assert [(pin.item, pin.place) for pin in here] == [(HEAT, 1), (ALIEN, 0)]
    assert film.pinned_items({"country": "DE"}).tolist() == [ALIEN, HEAT]
    assert film.pinned_items({"country": "FR"}).tolist() == [HEAT]
    assert placement().pinned_items().tolist() == []


@pytest.mark.parametrize(
    ("settings", "asks"),
    [
        ({"filter": "user .age > 5"}, True),
        ({"boosts": [{"filter": "user.age > 5", "add": 1}]}, True),
        ({"pins": [{"item": "heat", "position": 1, "filter": "user.age > 5"}]}, True),
        ({"filter": "title == 'user.age'", "pins": [{"item": "heat", "position": 1}]}, False),
        ({}, False),
    ],
)
def test_it_says_whether_it_asks_for_the_user(settings: dict[str, object], asks: bool) -> None:
    assert placement(**settings).asks_user == asks


def test_diversity_looks_at_what_it_is_told_to() -> None:
    content = csr_array(np.eye(6, dtype=np.float32))
    settings = {"diversity": 0.5}

    off = Placement(PlacementSettings(), FILMS, content)
    on = Placement(PlacementSettings.model_validate(settings), FILMS, content)
    by_categories = Placement(
        PlacementSettings.model_validate({**settings, "diversity_by": "categories"}), FILMS, content
    )

    assert off.likeness is None
    assert on.likeness is not None
    assert on.likeness.rows.shape == (6, 6)
    assert by_categories.likeness is not None
    assert by_categories.likeness.rows.shape == (6, 5)


def test_without_content_diversity_goes_by_categories() -> None:
    film = placement(diversity=0.5)

    assert film.likeness is not None
    assert film.likeness.rows.shape == (6, 5)


def test_items_the_content_does_not_know_are_like_nothing() -> None:
    content = csr_array(np.ones((4, 2), np.float32))

    film = Placement(PlacementSettings(diversity=0.5), FILMS, content)

    assert film.likeness is not None
    assert film.likeness.rows.shape == (6, 2)


def test_a_catalogue_of_nothing_is_survived() -> None:
    settings = {"filter": "a > 5", "diversity": 0.5, "pins": [{"item": "heat", "position": 1}]}

    film = Placement(PlacementSettings.model_validate(settings), ItemColumns(0, {}))

    mask = film.mask()

    assert mask is not None
    assert mask.tolist() == []
    assert film.pinned() == []
    assert film.likeness is None


def test_a_filter_that_no_longer_fits_passes_nothing_and_fails_nowhere() -> None:
    settings = PlacementSettings(filter="year > 5")

    mask = Placement(settings, made(year=["a", "b"])).mask()

    assert mask is not None
    assert mask.tolist() == [False, False]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"filter": "yaer > 5"}, "filter: "),
        ({"boosts": [{"filter": "new", "add": 1}, {"filter": "yaer > 5", "add": 1}]}, "boosts.1"),
        ({"pins": [{"item": "heat", "position": 1, "filter": "yaer > 5"}]}, "pins.0"),
    ],
)
def test_checking_says_which_filter_does_not_fit(settings: dict[str, object], where: str) -> None:
    with pytest.raises(BadFilter) as caught:
        check_placement(PlacementSettings.model_validate(settings), FILMS)

    assert str(caught.value).startswith(where)
    assert caught.value.reason.endswith("Did you mean year?")
    assert caught.value.position == 0
    assert caught.value.text == "yaer > 5"


def test_checking_knows_the_attributes_of_caps() -> None:
    settings = PlacementSettings.model_validate(
        {"caps": [{"attribute": "genres", "at_most": 1}, {"attribute": "dirctor", "at_most": 1}]}
    )

    with pytest.raises(BadPlacement, match=r"caps\.1\.attribute: .* Did you mean director\?"):
        check_placement(settings, FILMS.schema)


def test_checking_is_content_with_what_fits() -> None:
    settings = PlacementSettings.model_validate(
        {
            "filter": "year > 5",
            "boosts": [{"filter": "new", "factor": 2}],
            "pins": [{"item": "unknown", "position": 1, "filter": "user.age > 5"}],
            "caps": [{"attribute": "genres", "at_most": 1}],
        }
    )

    check_placement(settings, FILMS)
