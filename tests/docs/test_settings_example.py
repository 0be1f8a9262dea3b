"""The annotated configuration says what the settings say of themselves: all of it, and no more."""

import re
import tomllib
from pathlib import Path

from tests.architecture.repository import ROOT
from tests.docs.settings_tree import ANNOTATED, Line, expected

from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.retrieval import SOURCES
from shortlist.settings import FILE, Settings, read_settings

EXAMPLE = (ROOT / "examples" / "shortlist.toml").read_text("utf-8")

KEY = re.compile(r"(#?)(\w+) = (.+)")
"""A setting, or (with # before it) one that is unset unless somebody sets it."""


def written(text: str) -> dict[str, Line]:
    """Every table and setting of a file, by its dotted path."""
    found: dict[str, Line] = {}
    table, comment = "", list[str]()
    for line in text.splitlines():
        key = KEY.fullmatch(line)
        if line.startswith(("[", "#[")):
            table = line.strip("#[]")
            found[table] = Line(" ".join(comment), unset=line.startswith("#"))
        elif key:
            path = ".".join(each for each in (table, key[2]) if each)
            found[path] = Line(" ".join(comment), unset=bool(key[1]))
        comment = [*comment, line.removeprefix("# ")] if line.startswith("# ") else []
    return found


def settings_of(text: str, home: Path) -> Settings:
    (home / FILE).write_text(text, "utf-8")
    return read_settings(home, {})


def test_every_setting_stands_there_and_nothing_else_does() -> None:
    found, wanted = written(EXAMPLE), expected()

    assert sorted(found) == sorted(wanted)


def test_every_sentence_is_the_settings_own() -> None:
    found, wanted = written(EXAMPLE), expected()

    differing = [path for path in wanted if found[path].sentence != wanted[path].sentence]

    assert differing == []


def test_what_has_no_default_is_unset() -> None:
    found = {path for path, line in written(EXAMPLE).items() if line.unset}

    assert found == {path for path, line in expected().items() if line.unset}


def test_as_it_stands_it_changes_nothing(tmp_path: Path) -> None:
    settings = settings_of(EXAMPLE, tmp_path)

    bare = settings.training.model_copy(update={"sources": Settings().training.sources})
    assert settings.training.recipes() == Settings().training.recipes()
    assert settings.model_copy(update={"training": bare}) == Settings()


def test_every_value_that_is_written_is_the_default() -> None:
    values = tomllib.loads(EXAMPLE)

    kinds = {name: KindSettings(**each) for name, each in values["kinds"].items()}
    sources = {name: SOURCES[name](**each) for name, each in values["training"]["sources"].items()}

    assert kinds == DEFAULT_KINDS
    assert sources == {name: source() for name, source in SOURCES.items() if source.usual}


def test_what_is_unset_may_be_set_as_shown(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^#(?=[\w\[])", "", EXAMPLE)

    settings = settings_of(text, tmp_path)

    assert settings.database == "postgresql://localhost/shortlist"
    assert settings.kinds[ANNOTATED].chosen is False
    assert list(settings.training.recipes()) == list(SOURCES)


def test_a_kind_that_is_named_takes_nothing_over_from_its_default(tmp_path: Path) -> None:
    settings = settings_of("[kinds.rating]\nlike_from = 3.0\n", tmp_path)

    assert settings.kinds["rating"] == KindSettings(like_from=3.0)
    assert settings.kinds["click"] == DEFAULT_KINDS["click"]


def test_where_a_source_is_named_only_those_named_are_trained(tmp_path: Path) -> None:
    settings = settings_of("[training.sources.ease]\nl2 = 100.0\n", tmp_path)

    assert list(settings.training.recipes()) == ["ease"]


def test_the_environment_sets_what_the_file_says_it_sets(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {"SHORTLIST_TRAINING__SEED": "1"})

    assert settings.training.seed == 1
