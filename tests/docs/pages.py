"""The pages people read, and what stands in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.architecture.repository import ROOT

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """The fenced blocks of a language."""
        return [body for of, body in FENCE.findall(self.text) if of == language]

    @property
    def code(self) -> list[str]:
        """What stands in backticks within the text."""
        return CODE.findall(self.prose)

    @property
    def links(self) -> list[str]:
        """Where its links lead, those to the web left out."""
        return [each for each in LINK.findall(self.prose) if "://" not in each]

    @property
    def anchors(self) -> set[str]:
        """What a link may lead to within it."""
        return {_anchor(each) for each in HEADING.findall(self.prose)}

    def commands(self, program: str) -> Iterator[list[str]]:
        """The words after a program's name, for each time it is called on the page."""
        lines = [line for block in self.blocks("sh") for line in block.splitlines()]
        for line in (*lines, *self.code):
            words = shlex.split(line.partition(" #")[0]) if line.startswith(f"{program} ") else []
            if words:
                yield words[1:]


def pages() -> list[Page]:
    """Every page of the repository."""
    top = sorted(ROOT.glob("*.md"))
    below = [
        each
        for folder in ("docs", "benchmarks", "examples")
        for each in (ROOT / folder).rglob("*.md")
    ]
    return [Page(each) for each in (*top, *sorted(below))]


def page(name: str) -> Page:
    """The page at a path."""
    return Page(ROOT / name)


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a page: rows of cells, the heading and the rule left out."""
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        ]
        found.append(rows[2:])
    return found


def _anchor(heading: str) -> str:
    """As the common forges make it: lower case, words joined by hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
