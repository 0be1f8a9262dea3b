"""The pictures are those that the command takes, and the README shows all of them."""

import ast
import re
from typing import Any

from tests.architecture.repository import ROOT
from tests.docs.pages import page

FOLDER = ROOT / "docs" / "screenshots"
TABS = "src/shortlist/web/templates/dashboard/dashboard.html"
MOST = 6_000_000
"""Bytes of all pictures together."""


def constants() -> dict[str, dict[str, Any]]:
    """What the command takes pictures of, and how large they are."""
    return {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse((FOLDER / "take.py").read_text("utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        and target.id in ("STRANGERS", "PAGES", "DASHBOARD", "SIZES")
    }


def taken() -> set[str]:
    """The names of the pictures that the command takes."""
    found = constants()
    pages = {*found["STRANGERS"], *found["PAGES"], *found["DASHBOARD"], "welcome"}
    return {
        f"{name}-{size}-{scheme}.webp"
        for name in pages
        for size in found["SIZES"]
        for scheme in ("light", "dark")
    }


def test_every_picture_that_is_taken_is_there_and_no_other() -> None:
    assert {each.name for each in FOLDER.glob("*.webp")} == taken()


def test_every_page_of_the_dashboard_is_taken() -> None:
    tabs = set(re.findall(r'"(/admin[\w/-]*)"', (ROOT / TABS).read_text("utf-8")))

    taken_tabs = {each.partition("?")[0] for each in constants()["DASHBOARD"].values()}
    assert tabs - taken_tabs <= {"/admin/decisions"}  # where an id is typed in
    assert len(tabs) > 8


def test_the_readme_shows_every_picture() -> None:
    shown = set(re.findall(r"docs/screenshots/([\w-]+\.webp)", page("README.md").text))

    assert shown == taken()


def test_they_are_small_together() -> None:
    assert sum(each.stat().st_size for each in FOLDER.glob("*.webp")) < MOST
