"""Commands, options and settings that pages name are those the program has."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.architecture.repository import ROOT
from tests.docs.pages import Page, page, pages
from tests.docs.settings_tree import expected

from shortlist.cli.app import COMMANDS, app, load
from shortlist.settings import FILE, NOT_SETTINGS, PREFIX, Settings, read_settings

VARIABLE = re.compile(rf"{PREFIX}[A-Z][A-Z_]*")
HELP = "--help"
EVERY_PAGE = pytest.mark.parametrize("each", pages(), ids=lambda each: each.name)


def complaints(words: list[str]) -> list[str]:
    """What is wrong with a call of the program, as its own parser would see it."""
    command: Any = typer.main.get_command(app)
    wrong: list[str] = []
    arguments: list[str] = []
    given: set[str] = set()
    left = list(words)
    while left:
        word, left = left[0], left[1:]
        if word.startswith("-"):
            name, _, attached = word.partition("=")
            if name == HELP:
                return wrong
            option = _options(command).get(name)
            if option is None:
                wrong.append(f"no option {name}")
                continue
            given.add(option.name)
            if not option.is_flag and not attached:
                left = left[1:]
        elif _subcommands(command):
            command = _subcommand(command, word)
            if command is None:
                return [*wrong, f"no command {word}"]
            given = set()
        else:
            arguments.append(word)
    return wrong + _left_open(command, given, arguments)


def _options(command: Any) -> dict[str, Any]:
    return {name: each for each in command.params for name in each.opts if name.startswith("-")}


def _subcommands(command: Any) -> list[str]:
    return list(command.list_commands(None)) if hasattr(command, "list_commands") else []


def _subcommand(command: Any, word: str) -> Any:
    if word not in _subcommands(command):
        return None
    return load(word) if command.name not in COMMANDS else command.commands[word]


def _left_open(command: Any, given: set[str], arguments: list[str]) -> list[str]:
    """Options that are missing, and arguments that are missing or too many."""
    positional = [each for each in command.params if not each.opts[0].startswith("-")]
    needed = sum(each.required for each in positional)
    missing = [
        f"{each.opts[0]} is missing"
        for each in command.params
        if each.required and each not in positional and each.name not in given
    ]
    if not needed <= len(arguments) <= len(positional):
        missing.append(f"{len(arguments)} arguments for {needed} to {len(positional)}")
    return missing


@EVERY_PAGE
def test_its_commands_can_be_run(each: Page) -> None:
    said = {" ".join(words): complaints(words) for words in each.commands("shortlist")}

    assert {command: wrong for command, wrong in said.items() if wrong} == {}


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("train --untill 2018", "no option --untill"),
        ("retrain", "no command retrain"),
        ("models undo", "no command undo"),
        ("import events x.csv --user u", "--item is missing"),
        ("import movielens", "0 arguments for 1 to 1"),
        ("--homes x train", "no option --homes"),
    ],
)
def test_a_command_that_cannot_be_run_is_seen(command: str, wrong: str) -> None:
    assert wrong in complaints(command.split())


@EVERY_PAGE
def test_the_options_it_names_exist(each: Page) -> None:
    everything = {HELP, *(name for command in _all_commands() for name in _options(command))}

    words = {code.partition(" ")[0] for code in each.code if code.startswith("--")}
    named = {word.partition("=")[0] for word in words}

    assert sorted(named - everything) == []


def _all_commands() -> list[Any]:
    tops = [load(name) for name in COMMANDS]
    below = [each for top in tops for each in getattr(top, "commands", {}).values()]
    return [typer.main.get_command(app), *tops, *below]


@EVERY_PAGE
def test_the_words_of_make_it_names_exist(each: Page) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))

    named = {words[0] for words in each.commands("make")}

    assert sorted(named - targets) == []


@EVERY_PAGE
def test_the_settings_it_names_exist(each: Page) -> None:
    tops = "|".join(Settings.model_fields)

    named = {code for code in each.code if re.fullmatch(rf"(?:{tops})\.[\w.]+", code)}

    assert sorted(named - set(expected())) == []


@EVERY_PAGE
def test_the_variables_it_names_are_read(each: Page) -> None:
    named = {name.removesuffix("_") for name in VARIABLE.findall(each.text)} - set(NOT_SETTINGS)

    paths = {name: name.removeprefix(PREFIX).lower().replace("__", ".") for name in named}

    assert {name for name, path in paths.items() if path not in expected()} == set()


@EVERY_PAGE
def test_the_settings_it_shows_are_accepted(each: Page, tmp_path: Path) -> None:
    for block in each.blocks("toml"):
        if "tool" not in tomllib.loads(block):
            (tmp_path / FILE).write_text(block, "utf-8")
            read_settings(tmp_path, {})


@EVERY_PAGE
def test_the_python_it_shows_is_python(each: Page) -> None:
    for block in each.blocks("python"):
        compile(block, each.name, "exec")


def test_commands_are_found_on_pages() -> None:
    shown = list(page("docs/guide/your-data.md").commands("shortlist"))

    assert ["--home", "library", "train"] in shown
    assert len(shown) > 8
