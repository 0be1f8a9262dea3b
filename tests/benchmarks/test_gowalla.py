"""The Gowalla benchmark runs, on two neighbourhoods, and finds them."""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix, save_npz

FOLDER = Path(__file__).parents[2] / "benchmarks" / "quality"
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
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    """The benchmark as it is imported, for a folder with the two neighbourhoods."""
    neighbourhoods(tmp_path)
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setattr(sys, "argv", ["gowalla.py", str(tmp_path), "--alone", "spectral"])
    return runpy.run_path(str(FOLDER / "gowalla.py"), run_name="gowalla")


def row(printed: str, *name: str) -> list[float]:
    """The numbers of the row of this name."""
    lines = [line.split() for line in printed.splitlines()]
    (found,) = (line[len(name) :] for line in lines if line[: len(name)] == list(name))
    return [float(word.strip("[]").replace(",", "")) for word in found]


def test_every_step_is_timed_and_every_list_scored(
    script: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    script["main"]()  # type: ignore[operator]

    printed = capsys.readouterr().out
    for step in ("import", "train", "recommend"):
        _, cpu, peak = row(printed, step)
        assert cpu > 0
        assert 20 < peak < 6000
    for name in (("two-stage", "list"), ("popularity",), ("spectral",)):
        recall, low, high, ndcg, *_ = row(printed, *name)
        assert 0 < low <= recall <= high <= 1
        assert 0 < ndcg < 1
    assert row(printed, "two-stage", "list")[0] > 1.3 * row(printed, "popularity")[0]


def test_split_again_each_event_is_in_one_part_and_users_have_as_many(
    script: dict[str, object],
) -> None:
    lot = np.random.default_rng(1)
    whole = csr_array((lot.random((30, 40)) < 0.4).astype(float))
    part = csr_array(whole.multiply(lot.random((30, 40)) < 0.3))
    part.eliminate_zeros()
    rest = csr_array(whole - part)
    rest.eliminate_zeros()

    train, test = script["split_again"](rest, part, 7)  # type: ignore[operator]

    assert np.array_equal((train + test).toarray(), whole.toarray())
    assert train.multiply(test).nnz == 0
    assert np.diff(test.indptr).tolist() == np.diff(part.indptr).tolist()
    assert not np.array_equal(test.toarray(), part.toarray())
