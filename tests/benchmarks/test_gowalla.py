"""The Gowalla benchmark runs, on two neighbourhoods, and finds them."""

import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.quality import gowalla
from scipy.sparse import csr_array, csr_matrix, save_npz

USERS, PLACES = 120, 80


def neighbourhoods(folder: Path) -> None:
    """Two halves of a town that nobody leaves: 20 places a user, a fifth of them for the test."""
    drawn = np.random.default_rng(0)
    half = PLACES // 2
    own = [(user % 2) * half + drawn.permutation(half)[:20] for user in range(USERS)]
    for part, chosen in (("train", slice(4, None)), ("test", slice(4))):
        places = np.concatenate([each[chosen] for each in own])
        users = np.repeat(np.arange(USERS), len(own[0][chosen]))
        table = csr_matrix((np.ones(len(places)), (users, places)), shape=(USERS, PLACES))
        save_npz(folder / f"gowalla_{part}.npz", table)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """What the benchmark writes of the two neighbourhoods."""
    neighbourhoods(tmp_path)
    page = tmp_path / "RESULTS.md"
    options = ["--alone", "spectral", "--published", "--results", str(page)]
    monkeypatch.setattr(sys, "argv", ["gowalla.py", str(tmp_path), *options])
    gowalla.main()
    return page.read_text()


def row(page: str, name: str) -> list[float]:
    """The numbers of the row of this name, without its intervals."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    (found,) = (line[1:] for line in lines if line[:1] == [name])
    cells = [cell.strip("*").replace(",", "") for cell in found if cell and cell[0] != "["]
    return [float(cell) for cell in cells]


def test_every_step_is_timed_and_every_list_scored_with_both_settings(page: str) -> None:
    for settings in ("defaults", "as published"):
        for step in ("import", "train", "recommend", "all"):
            _, cpu, peak = row(page, f"{step}, {settings}")
            assert cpu > 0
            assert 20 < peak < 6000
        recall, ndcg = row(page, f"two stages, {settings}")
        alone = row(page, f"spectral, {settings}")
        assert 0 < recall < 1
        assert 0 < ndcg < 1
        assert alone[2:] == pytest.approx([recall - alone[0], ndcg - alone[1]], abs=2e-4)
        assert recall > 1.3 * row(page, "popularity")[0]
    assert row(page, "spectral, defaults") != row(page, "spectral, as published")
    assert "python -m benchmarks.quality.gowalla --published --alone spectral" in page


def test_split_again_each_event_is_in_one_part_and_users_have_as_many() -> None:
    lot = np.random.default_rng(1)
    whole = csr_array((lot.random((30, 40)) < 0.4).astype(float))
    part = csr_array(whole.multiply(lot.random((30, 40)) < 0.3))
    part.eliminate_zeros()
    rest = csr_array(whole - part)
    rest.eliminate_zeros()

    train, test = gowalla.split_again(rest, part, 7)

    assert np.array_equal((train + test).toarray(), whole.toarray())
    assert train.multiply(test).nnz == 0
    assert np.diff(test.indptr).tolist() == np.diff(part.indptr).tolist()
    assert not np.array_equal(test.toarray(), part.toarray())
