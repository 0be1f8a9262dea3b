"""Links lead somewhere; files, modules and tests that pages name are there."""

import ast
import re
from importlib.util import find_spec

import pytest
from tests.architecture.repository import ROOT, SOURCE, tree
from tests.docs.pages import Page, page, pages

FILE = re.compile(r"[\w.][\w./-]*/[\w.-]+\.(?:py|md|toml|csv|css|lock)|[A-Z]+\.md|pyproject\.toml")
TEST = re.compile(r"test_[a-z0-9_]+")


def test_there_are_pages() -> None:
    names = {each.name for each in pages()}

    assert {"README.md", "CONTRIBUTING.md", "docs/guide/how-it-works.md"} <= names


@pytest.mark.parametrize("each", pages(), ids=lambda each: each.name)
def test_its_links_lead_somewhere(each: Page) -> None:
    lost = [link for link in each.links if not _leads(each, link)]

    assert lost == []


@pytest.mark.parametrize("each", pages(), ids=lambda each: each.name)
def test_the_files_it_names_are_there(each: Page) -> None:
    named = {code for code in each.code if FILE.fullmatch(code) and "NAME" not in code}

    missing = [name for name in named if not any((root / name).exists() for root in (ROOT, SOURCE))]

    assert sorted(missing) == []


@pytest.mark.parametrize("each", pages(), ids=lambda each: each.name)
def test_the_modules_it_names_can_be_imported(each: Page) -> None:
    named = {code for code in each.code if re.fullmatch(r"shortlist(\.(?!toml)\w+)+", code)}

    assert [name for name in named if find_spec(name) is None] == []


@pytest.mark.parametrize("each", pages(), ids=lambda each: each.name)
def test_the_tests_it_names_are_written(each: Page) -> None:
    named = {code for code in each.code if TEST.fullmatch(code)}

    assert sorted(named - _tests()) == []


def test_every_page_of_the_documentation_is_reached_from_its_index() -> None:
    seen, queue = set[str](), ["docs/README.md"]
    while queue:
        name = queue.pop()
        if name in seen or not name.endswith(".md"):
            continue
        seen.add(name)
        here = page(name)
        for link in here.links:
            target = (here.path.parent / link.partition("#")[0]).resolve()
            if link.partition("#")[0]:
                queue.append(target.relative_to(ROOT).as_posix())

    assert {each.name for each in pages() if each.name.startswith("docs/")} <= seen


def _leads(here: Page, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (here.path.parent / file).resolve() if file else here.path
    if not target.exists() or ROOT not in target.parents:
        return False
    return not anchor or anchor in Page(target).anchors


def _tests() -> set[str]:
    return {
        node.name
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
    }
