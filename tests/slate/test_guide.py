"""What the guide says of placements and filters is so."""

import re
import tomllib

import pytest
from pydantic import ValidationError
from tests.docs.pages import page, tables
from tests.slate.films import made

from shortlist.core.errors import BadFilter
from shortlist.settings import Settings
from shortlist.slate import Placement, PlacementSettings, check_placement, compile_filter
from shortlist.slate.filters.parser import DEEPEST
from shortlist.slate.filters.tokens import LONGEST

GUIDE = page("docs/guide/placements.md")

KNOWN: dict[str, list[object]] = {
    "year": [1990, None, 2001],
    "director": ["Agnes Varda", None, "x"],
    "new": [True, False, None],
    "available": [True, True, None],
    "language": ["de", "fr", None],
    "languages": [["de"], ["fr", "de"], None],
    "release date": ["2020-05-01", None, "1999"],
}

COLUMNS = made(**KNOWN)

EXAMPLES = [line for block in GUIDE.blocks("filter") for line in block.splitlines()]


@pytest.mark.parametrize("text", EXAMPLES)
def test_its_filters_are_filters(text: str) -> None:
    mask = compile_filter(text, COLUMNS).mask(COLUMNS, {"id": "ann"})

    assert mask.shape == (3,)


def test_it_has_examples() -> None:
    assert len(EXAMPLES) > 12


@pytest.mark.parametrize("text", ['year >= "1990"', "new and yaer >= 1990"])
def test_it_shows_the_errors_there_are(text: str) -> None:
    with pytest.raises(BadFilter) as caught:
        compile_filter(text, COLUMNS)

    assert f"{caught.value}\n" in GUIDE.blocks("text")


def test_it_shows_how_the_settings_refuse_a_filter() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"placements": {"home": {"filter": "year >> 1990"}}})

    (error,) = caught.value.errors()
    where = ".".join(map(str, error["loc"]))
    assert f"{where}: {error['msg']}\n" in GUIDE.blocks("text")


def test_what_it_says_of_a_missing_year_is_so() -> None:
    (rows,) = [rows for rows in tables(GUIDE.text) if rows[0][0] == "`year >= 1990`"]

    said = {row[0].strip("`"): row[1] == "yes" for row in rows}

    without_year = 1
    assert said == {
        text: bool(compile_filter(text, COLUMNS).mask(COLUMNS)[without_year]) for text in said
    }
    assert len(said) == 4


def test_its_example_is_a_placement_that_fits() -> None:
    (example,) = GUIDE.blocks("toml")

    settings = PlacementSettings.model_validate(tomllib.loads(example)["placements"]["home"])

    check_placement(settings, COLUMNS)
    assert settings.exploration is not None
    assert Placement(settings, COLUMNS).asks_user


def test_it_lists_every_setting() -> None:
    (rows,) = [rows for rows in tables(GUIDE.text) if rows[0][0] == "`sources`"]

    assert [row[0].strip("`") for row in rows] == list(PlacementSettings.model_fields)


def test_it_names_the_limits() -> None:
    assert f"at most {LONGEST:,} letters, and is at most {DEEPEST} levels deep" in " ".join(
        GUIDE.text.split()
    )


def test_every_operator_of_its_table_is_read() -> None:
    (rows,) = [rows for rows in tables(GUIDE.text) if "`==`" in rows[0][0]]

    named = {code for row in rows for code in re.findall(r"`([^`]+)`", row[0])}

    assert {"==", "!=", "<", "<=", ">", ">=", "not", "and", "or"} <= named
    for code in named:
        if " in " in code or " is " in code:
            compile_filter(code)
