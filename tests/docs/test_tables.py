"""Lists and numbers on pages are those of the registries."""

import re

import pytest
from tests.architecture.repository import ROOT, SOURCE
from tests.docs.pages import Page, page, pages, tables

from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.evaluation.metrics import METRICS
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.features import FEATURES
from shortlist.ranking.columns import column_names
from shortlist.retrieval import SOURCES
from shortlist.retrieval.source import SourceModel
from shortlist.training.settings import DEFAULT_SOURCES

WORDS = ("seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
"""Numbers of sources there may be where nobody names any, from SMALLEST on."""

SMALLEST = 7

COUNTS = {
    r"(\d+) (?:features|functions of|small functions)": len(FEATURES),
    r"There are (\d+), one small function each": len(FEATURES),
    r"(\d+) columns": len(column_names(DEFAULT_SOURCES)),
}
"""How a number is written, and what it must be."""

OF_THEN = ("benchmarks/", "docs/decisions/")
OF_NOW = [each for each in pages() if not each.name.startswith(OF_THEN)]
"""Pages that speak of what there is; results and decisions speak of what there was at the time."""

EVERY_PAGE = pytest.mark.parametrize("each", OF_NOW, ids=lambda each: each.name)


def first_column(name: str, *, having: str) -> list[str]:
    """What the table that has this word in its first column lists there, in backticks."""
    for rows in tables(page(name).text):
        cells = [code for row in rows for code in re.findall(r"`([^`]+)`", row[0])]
        if having in cells:
            return cells
    return []


def test_the_guide_lists_every_source() -> None:
    assert first_column("docs/guide/how-it-works.md", having="ease") == list(SOURCES)


def test_the_guide_lists_every_file_of_features() -> None:
    files = {each.numbers.__module__.rpartition(".")[2] for each in FEATURES.values()}

    listed = first_column("docs/guide/how-it-works.md", having="features/user.py")

    assert set(listed) == {f"features/{name}.py" for name in files}
    assert all((SOURCE / name).exists() for name in listed)


def test_the_guide_lists_every_protocol() -> None:
    assert set(first_column("docs/guide/evaluation.md", having="last-share")) == set(PROTOCOLS)


def test_the_guide_lists_every_metric() -> None:
    assert first_column("docs/guide/evaluation.md", having="ndcg") == list(METRICS)


def test_the_guide_lists_every_kind_with_its_weight() -> None:
    listed: dict[str, float] = {}
    for rows in tables(page("docs/guide/your-data.md").text):
        for names, weight, *_ in rows:
            if re.fullmatch(r"-?[\d.]+", weight):
                listed |= dict.fromkeys(re.findall(r"`(\w+)`", names), float(weight))

    assert listed == {name: kind.weight for name, kind in DEFAULT_KINDS.items()}


def test_the_guide_names_the_sources_that_say_why() -> None:
    said = page("docs/guide/explanations.md").text.partition("Some sources can say")[2]

    named = re.findall(r"`(\w+)`", said.partition("Each of them")[0])

    telling = {
        name for name, source in SOURCES.items() if source.model.because is not SourceModel.because
    }
    assert set(named) == telling


@EVERY_PAGE
def test_how_many_there_are_is_said_right(each: Page) -> None:
    text = " ".join(each.text.split())

    wrong = {
        pattern: found
        for pattern, number in COUNTS.items()
        if (found := [n for n in re.findall(pattern, text) if int(n) != number])
    }

    assert wrong == {}


@EVERY_PAGE
def test_how_many_sources_there_are_is_said_right(each: Page) -> None:
    text = " ".join(each.text.split()).lower()

    said = re.findall(rf"\b({'|'.join(WORDS)}) (?:retrieval )?sources", text)

    assert set(said) <= {WORDS[len(DEFAULT_SOURCES) - SMALLEST]}


def test_the_pages_do_say_how_many_there_are() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").lower().split())

    assert f"{len(FEATURES)} features" in text
    assert f"{WORDS[len(DEFAULT_SOURCES) - SMALLEST]} sources" in text
