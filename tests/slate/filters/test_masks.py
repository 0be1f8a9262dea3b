import pytest
from tests.slate.films import ALIEN, ALIENS, AMELIE, FILMS, HEAT, NOTHING, PADDINGTON, made

from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate.filters import compile_filter

ALL = [ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT, NOTHING]

ANN: dict[str, object] = {
    "id": "ann",
    "age": 30,
    "born": 1986,
    "town": "Aliens",
    "likes": ["Scott", "Mann", 5],
    "taste": "Comedy",
    "vip": True,
    "address": {"street": "x"},
    "nothing": None,
    "unknown": float("nan"),
}


def passing(text: str, user: dict[str, object] | None = None) -> list[int]:
    mask = compile_filter(text, FILMS).mask(FILMS, user or {})
    assert mask.shape == (len(FILMS),)
    assert mask.dtype == bool
    return [int(item) for item in mask.nonzero()[0]]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("year >= 1995", [AMELIE, PADDINGTON, HEAT]),
        ("1995 <= year", [AMELIE, PADDINGTON, HEAT]),
        ("year > 1995", [AMELIE, PADDINGTON]),
        ("year < 1995", [ALIEN, ALIENS]),
        ("year == 1995", [HEAT]),
        ("year != 1995", [ALIEN, ALIENS, AMELIE, PADDINGTON]),
        ("title == 'Heat'", [HEAT]),
        ("title == 'Heats'", []),
        ("title != 'Heat'", [ALIEN, ALIENS, AMELIE, PADDINGTON]),
        ("title < 'Amelie'", [ALIEN, ALIENS]),
        ("title <= 'Amelie'", [ALIEN, ALIENS, AMELIE]),
        ("title > 'Amelie'", [PADDINGTON, HEAT]),
        ("title >= 'Amelie'", [AMELIE, PADDINGTON, HEAT]),
        ("'Amelie' > title", [ALIEN, ALIENS]),
        ("title > 'B'", [PADDINGTON, HEAT]),
        ("new", [AMELIE, PADDINGTON]),
        ("new == false", [ALIEN, ALIENS]),
        ("new != true", [ALIEN, ALIENS]),
        ("not new", [ALIEN, ALIENS, HEAT, NOTHING]),
        ("'Comedy' in genres", [AMELIE, PADDINGTON]),
        ("'Comedy' in categories", [AMELIE, PADDINGTON]),
        ("'Comedy' not in genres", [ALIEN, ALIENS, HEAT]),
        ("not 'Comedy' in genres", [ALIEN, ALIENS, HEAT, NOTHING]),
        ("'Western' in genres", []),
        ("director in ['Scott', 'Mann', 'Nobody']", [ALIEN, HEAT]),
        ("director not in ['Scott', 'Mann']", [ALIENS, AMELIE, PADDINGTON]),
        ("year in [1979, 2001]", [ALIEN, AMELIE]),
        ("year not in [1979, 2001]", [ALIENS, PADDINGTON, HEAT]),
        ("year in []", []),
        ("year not in []", [ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT]),
        ("new in [true]", [AMELIE, PADDINGTON]),
        ("new not in [true]", [ALIEN, ALIENS]),
        ("id in ['alien', 'nothing']", [ALIEN, NOTHING]),
        ("year is missing", [NOTHING]),
        ("year is known", [ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT]),
        ("genres is missing", [NOTHING]),
        ("new is missing", [HEAT, NOTHING]),
        ("`release date` >= '1995-06'", [HEAT]),
        ("'Comedy' in genres and year < 2010", [AMELIE]),
        ("'Horror' in genres or year > 2010", [ALIEN, PADDINGTON]),
        ("not (year > 1980 and year < 2000)", [ALIEN, AMELIE, PADDINGTON, NOTHING]),
        ("year == year", [ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT]),
        ("year != year", []),
        ("new == new", [ALIEN, ALIENS, AMELIE, PADDINGTON]),
        ("1 < 2", ALL),
        ("true == false", []),
        ("'x' in ['x', 'y']", ALL),
        ("'z' not in ['x', 'y']", ALL),
    ],
)
def test_it_lets_through_what_it_says(text: str, items: list[int]) -> None:
    assert passing(text) == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("user.age >= 18", ALL),
        ("user.age < 18", []),
        ("user.born == year", [ALIENS]),
        ("year > user.born", [AMELIE, PADDINGTON, HEAT]),
        ("title == user.town", [ALIENS]),
        ("director in user.likes", [ALIEN, HEAT]),
        ("director not in user.likes", [ALIENS, AMELIE, PADDINGTON]),
        ("user.taste in genres", [AMELIE, PADDINGTON]),
        ("user.id == 'ann'", ALL),
        ("user.id in ['ann', 'bob']", ALL),
        ("user.vip and new", [AMELIE, PADDINGTON]),
        ("user.vip == new", [AMELIE, PADDINGTON]),
        ("user.age is known", ALL),
        ("user.pets is known", []),
        ("5 in user.likes", ALL),
        ("year > user.town", []),
        ("year in user.age", []),
        ("user.vip > user.vip", []),
        ("user.likes == 'Scott'", []),
    ],
)
def test_it_asks_for_the_user(text: str, items: list[int]) -> None:
    assert passing(text, ANN) == items


@pytest.mark.parametrize("name", ["pets", "address", "nothing", "unknown"])
@pytest.mark.parametrize(
    "text",
    [
        "{} == 5",
        "{} != 5",
        "5 < {}",
        "year != {}",
        "title != {}",
        "new != {}",
        "{} in genres",
        "{} not in genres",
        "{} not in [1, 2]",
        "title in {}",
        "title not in {}",
        "{}",
        "{} is known",
        "not ({} is missing)",
    ],
)
def test_what_is_missing_of_the_user_makes_a_comparison_false(text: str, name: str) -> None:
    assert passing(text.format(f"user.{name}"), ANN) == []


@pytest.mark.parametrize(
    "text",
    [
        "year > 5",
        "year != 5",
        "year in [5]",
        "year not in [5]",
        "year",
        "'x' in year",
        "'x' not in year",
        "year is known",
    ],
)
def test_columns_that_changed_since_make_a_comparison_false(text: str) -> None:
    condition = compile_filter(text)
    without, other = made(price=[1, 2]), made(year=["a", "b"])

    assert condition.mask(without).tolist() == [False, False]
    if "known" not in text:
        assert condition.mask(other).tolist() == [False, False]


def test_no_items_have_an_empty_mask() -> None:
    nothing = ItemColumns(0, {})

    assert compile_filter("not (year > 5) or user.a").mask(nothing).shape == (0,)


def test_texts_may_be_any_text() -> None:
    odd = made(a=["x", "x\x00", "\ud800", "", None])

    assert compile_filter("a == 'x'").mask(odd).tolist() == [True, False, False, False, False]
    assert compile_filter("a >= ''").mask(odd).tolist() == [True, True, True, True, False]
