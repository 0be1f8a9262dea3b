import shutil
from pathlib import Path

import pytest
from tests.cli.shell import SETTINGS, Shell, write_tribes

from shortlist.cli import main


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


@pytest.fixture
def imported(imported_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command on a copy of the imported home."""
    shutil.copytree(imported_once, tmp_path / "home")
    return Shell(tmp_path / "home", capsys)


@pytest.fixture
def trained_home(trained_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command on a copy of the trained home."""
    shutil.copytree(trained_once, tmp_path / "home")
    return Shell(tmp_path / "home", capsys)


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command on a home that nobody made yet."""
    return Shell(tmp_path / "home", capsys)
