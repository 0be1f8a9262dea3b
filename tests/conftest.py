"""What takes a while to make is made once, and only read."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from tests.cli.shell import SETTINGS, write_tribes
from tests.training.tribes import SMALL, tribes

from shortlist.cli import main
from shortlist.training.train import Trained, train

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
"""How long an example takes says how busy the machine is."""

WITH_TASTES = "transitions = {}\nals = { factors = 4, l2 = 1.0 }"


@pytest.fixture(scope="session")
def trained() -> Trained:
    """A model that was really trained, on the log of the two tribes."""
    return train(tribes(), SMALL)


def run(home: Path, *arguments: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--home", str(home), *arguments])
    assert left.value.code in (0, None)


@pytest.fixture(scope="session")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the log of the two tribes, and settings that train it in no time."""
    folder = tmp_path_factory.mktemp("imported")
    write_tribes(folder)
    home = folder / "home"
    home.mkdir()
    (home / "shortlist.toml").write_text(SETTINGS)
    run(home, "import", "movielens", str(folder))
    return home


@pytest.fixture(scope="session")
def trained_once(imported_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, trained."""
    home = tmp_path_factory.mktemp("trained") / "home"
    shutil.copytree(imported_once, home)
    run(home, "train")
    return home


@pytest.fixture(scope="session")
def tastes_once(imported_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with a source more, from which tastes are known."""
    home = tmp_path_factory.mktemp("tastes") / "home"
    shutil.copytree(imported_once, home)
    (home / "shortlist.toml").write_text(SETTINGS.replace("transitions = {}", WITH_TASTES))
    run(home, "train")
    return home
