"""The repository as its own tests see it: its files, and what its modules import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "shortlist"
FOLDERS = ("src", "tests", "docs", "examples", "benchmarks", ".ci")
TEXTS = (".py", ".md", ".toml", ".csv", ".css", ".html", ".js", ".j2", ".mako", ".txt", "")


def modules(folder: Path = SOURCE) -> list[Path]:
    """Every Python file of a folder."""
    return sorted(each for each in folder.rglob("*.py") if "__pycache__" not in each.parts)


def packages() -> list[Path]:
    """Every folder of the product that is a package."""
    return sorted(each.parent for each in modules() if each.name == "__init__.py")


def texts() -> list[Path]:
    """Every file of the repository that people wrote, and the lock."""
    found = [
        each
        for each in ROOT.iterdir()
        if each.is_file() and each.suffix in TEXTS and each.name != ".git"
    ]
    for folder in FOLDERS:
        found += [each for each in (ROOT / folder).rglob("*") if each.suffix in TEXTS]
    made = {"__pycache__", ".git"}  # .git is a file in a work tree, with a path in it
    kept = (each for each in found if each.is_file() and not made & {*each.parts})
    return sorted([*kept, ROOT / "requirements-dev.lock"])


def named(path: Path) -> str:
    """A file's path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers(library: str) -> list[str]:
    """The files of the product that import a library or a part of it."""
    return [
        each.relative_to(SOURCE).as_posix()
        for each in modules()
        if any(f"{name}.".startswith(f"{library}.") for name in imports(each))
    ]
