from pathlib import Path

import pytest

from shortlist.bootstrap import open_home
from shortlist.core.errors import StorageFailed
from shortlist.core.events import Event


def test_a_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = open_home(tmp_path / "new" / "home")

    assert home.path == tmp_path / "new" / "home"
    assert home.path.stat().st_mode & 0o077 == 0


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    before = list(tmp_path.iterdir())

    with home.facts as facts:
        facts.append([Event("ann", "alien", "click")])

    assert before == []
    assert (tmp_path / "facts.db").exists()
    assert home.bundles.current() is None


def test_the_database_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "shortlist.toml").write_text(f'database = "sqlite:///{tmp_path}/elsewhere.db"\n')

    with open_home(tmp_path).facts as facts:
        assert facts.count_events() == 0

    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "facts.db").exists()


def test_a_simulated_home_is_known_by_its_mark(tmp_path: Path) -> None:
    before = open_home(tmp_path).simulated
    (tmp_path / "simulated.json").write_text("{}")

    assert not before
    assert open_home(tmp_path).simulated


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageFailed, match="file/home"):
        open_home(tmp_path / "file" / "home")
