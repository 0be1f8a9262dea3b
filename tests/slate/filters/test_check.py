import pytest
from tests.slate.films import FILMS

from shortlist.core.errors import BadFilter
from shortlist.slate.filters import compile_filter


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ('year >= "1990"', 8, 'year is a number, and "1990" is a text. Write it without quotes'),
        ('"1990" <= year', 0, "Write it without quotes: 1990"),
        ("title == 1990", 9, 'Write it in quotes: "1990"'),
        ("yaer >= 1990", 0, "Did you mean year?"),
        ("Year >= 1990", 0, "Did you mean year?"),
        ("xyz >= 1990", 0, "There are categories, director,"),
        ("new and True", 8, "Did you mean true?"),
        ('genres == "Drama"', 0, 'Write "Drama" in genres'),
        ('"Drama" != genres', 11, 'Write "Drama" in genres'),
        ('genres in ["Drama"]', 0, "one value at a time"),
        ("5 in genres", 0, "a list of texts, and 5 is a number"),
        ("title in genres", 0, "not looked for in each other"),
        ('"Alien" in title', 11, 'Write title == "Alien"'),
        ("year in 1990", 8, "no list"),
        ('year in [1990, "x"]', 15, "of one kind"),
        ('year in ["1990"]', 9, "Write it without quotes"),
        ("new >= true", 0, "not more or less"),
        ("new == 1", 7, "new is a flag (true or false), and 1 is a number"),
        ("year", 0, "by itself no condition"),
        ("genres", 0, 'Write "..." in genres'),
        ("title == director", 9, "not compared with each other"),
        ("5 is known", 0, "never missing"),
        ("new or not (year > 5 and (yeer < 3))", 26, "Did you mean year?"),
    ],
)
def test_what_cannot_be_compared_is_refused_at_its_place(
    text: str, position: int, reason: str
) -> None:
    with pytest.raises(BadFilter) as caught:
        compile_filter(text, FILMS)

    assert caught.value.position == position
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "year >= user.age",
        "user.anything",
        "user.a == user.b",
        "title < 'M'",
        "new == false and new",
        "`release date` >= '1995'",
        "director in user.favourites",
        "user.favourite in genres",
        "user.age in [1, 2]",
        "year == year",
        "new != new",
        "year in []",
        "1 < 2",
        "user.id is known",
    ],
)
def test_what_may_be_compared_is_accepted(text: str) -> None:
    assert compile_filter(text, FILMS).text == text


def test_a_schema_says_as_much_as_the_columns() -> None:
    with pytest.raises(BadFilter, match="Did you mean year"):
        compile_filter("yaer > 5", FILMS.schema)


def test_without_a_schema_attributes_may_be_anything() -> None:
    compile_filter("what > 5 and ever == 'x'")


def test_without_a_schema_what_is_written_out_is_checked_still() -> None:
    with pytest.raises(BadFilter, match="of one kind"):
        compile_filter("what in [1, 'x']")


def test_it_says_whether_it_asks_for_the_user() -> None:
    assert compile_filter("not (year > 5 or 5 in [1, 2] or user.age is known)").asks_user
    assert not compile_filter("not (year > 5 or title is known)").asks_user
