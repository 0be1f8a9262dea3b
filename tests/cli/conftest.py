import shutil
from pathlib import Path

import pytest
from tests.cli.shell import Shell


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
