"""The demo takes the first data there is, and says which."""

from pathlib import Path

import pytest
from tests.cli.shell import write_tribes

from shortlist.cli.demo_data import find
from shortlist.core.errors import BadFile


def release(folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_tribes(folder)
    return folder


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shared data, an empty cache, and no way out to the network."""
    monkeypatch.delenv("SHORTLIST_DATASETS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHORTLIST_DATASETS", str(tmp_path / "shared"))
    return release(tmp_path / "shared" / "movielens-latest-small")


def test_the_folder_that_is_given_goes_before_all_others(tmp_path: Path, shared: Path) -> None:
    given = release(tmp_path / "mine")

    found = find(given)

    assert found.folder == given
    assert found.said.startswith(f"Data: {given}.")
    assert "not for commercial use" in " ".join(found.said.split())


def test_then_comes_what_is_shared(tmp_path: Path, shared: Path) -> None:
    release(tmp_path / "cache" / "shortlist" / "ml-latest-small")

    assert find(None).folder == shared


def test_then_comes_what_an_earlier_run_brought(tmp_path: Path) -> None:
    cached = release(tmp_path / "cache" / "shortlist" / "ml-latest-small")

    assert find(None).folder == cached


def test_without_data_and_network_a_world_is_simulated_and_that_is_said_first(
    tmp_path: Path,
) -> None:
    found = find(None)

    assert found.folder is None
    assert found.said.startswith("SIMULATED DATA")
    cache = tmp_path / "cache" / "shortlist"
    assert not cache.exists() or not list(cache.iterdir())


def test_a_folder_that_is_given_and_holds_nothing_is_refused(tmp_path: Path, shared: Path) -> None:
    with pytest.raises(BadFile, match=r"no ratings\.csv"):
        find(tmp_path)
