"""Homes for what kills servers: small, with two bundles."""

import shutil
from pathlib import Path

from tests.cli.shell import SETTINGS, write_tribes
from tests.conftest import run

OFTEN = """
[online]
checkpoint_events = 20
checkpoint_seconds = 0.02

[worker]
enabled = false
look_seconds = 0.02
refresh_events = 20
refresh_trees = 2
retrain_hours = 0.001
"""
"""Checkpoints so often that kills meet them, and a worker (which only some tests start) that
learns on and trains all the time."""


def small_home(folder: Path) -> Path:
    """A home with the log of the two tribes, trained twice."""
    write_tribes(folder)
    home = folder / "home"
    home.mkdir()
    (home / "shortlist.toml").write_text(SETTINGS + OFTEN)
    run(home, "import", "movielens", str(folder))
    for _ in range(2):
        run(home, "train")
    return home


def copied(home: Path, folder: Path) -> Path:
    """A copy of a home that may be broken, in which checkpoints are written all the time."""
    shutil.copytree(home, folder / "home")
    with (folder / "home" / "shortlist.toml").open("a") as settings:
        settings.write(OFTEN)
    return folder / "home"
