"""A decision is one page, numbered, and names what checks it."""

import re

import pytest
from tests.architecture.repository import ROOT
from tests.docs.pages import Page, page

RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences", "Check"]
LONGEST = 90
"""Lines of one page."""

EVERY_RECORD = pytest.mark.parametrize(
    "record", [Page(each) for each in RECORDS], ids=lambda each: each.name
)


def test_records_are_numbered_without_gaps() -> None:
    assert [int(each.name[:4]) for each in RECORDS] == list(range(1, len(RECORDS) + 1))


@EVERY_RECORD
def test_a_record_has_number_title_date_and_parts(record: Page) -> None:
    title, date = record.text.splitlines()[0], record.text.splitlines()[2]

    assert re.fullmatch(rf"# {int(record.path.name[:4])}\. \S.+", title)
    assert re.fullmatch(r"Date: \d{4}-\d\d", date)
    assert re.findall(r"^## (.+)$", record.text, re.MULTILINE) == PARTS


@EVERY_RECORD
def test_a_record_is_one_page(record: Page) -> None:
    assert len(record.text.splitlines()) <= LONGEST


@EVERY_RECORD
def test_a_record_names_a_check_that_is_there(record: Page) -> None:
    check = record.text.partition("## Check")[2]

    assert re.search(r"\btests/[\w/]+|lint-imports", check)


def test_the_index_has_every_record_under_its_title() -> None:
    index = page("docs/decisions/README.md").text

    for path in RECORDS:
        title = path.read_text("utf-8").splitlines()[0].partition(". ")[2]
        assert f"[{title}]({path.name})" in index
