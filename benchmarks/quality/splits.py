"""A split that comes with the data: two tables of who chose what."""

from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.quality.descriptions import Description
from scipy.sparse import csr_array, load_npz

from shortlist.core.errors import BadFile
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.snapshot import Dataset


def read_split(about: Description) -> tuple[csr_array, csr_array]:
    """Train and test, users x items, of one shape."""
    assert about.split is not None
    parts = [_table(about.path / each) for each in (about.split.train, about.split.test)]
    users, items = (max(part.shape[axis] for part in parts) for axis in (0, 1))
    train, test = (csr_array((part.data, part.nonzero()), shape=(users, items)) for part in parts)
    return train, test


def _table(file: Path) -> csr_array:
    try:
        if file.suffix == ".npz":
            found = csr_array(load_npz(file))
        else:
            text = file.read_text("utf-8")
            lines = [[int(word) for word in line.split()] for line in text.splitlines() if line]
            user = np.array([line[0] for line in lines for _ in line[1:]], np.int32)
            item = np.array([each for line in lines for each in line[1:]], np.int32)
            found = csr_array((np.ones(len(user)), (user, item)))
    except (OSError, ValueError) as error:
        raise BadFile(f"{file} cannot be read: {error}") from None
    found.sum_duplicates()
    found.data[:] = 1
    return found


def as_tables(train: csr_array, folder: Path) -> tuple[Path, Path]:
    """The train part as a log, and all items, to be imported like any other."""
    cells = train.tocoo()
    events, items = folder / "events.csv", folder / "items.csv"
    pl.DataFrame({"user": cells.row, "item": cells.col}).write_csv(events)
    pl.DataFrame({"item": np.arange(train.shape[1])}).write_csv(items)
    return events, items


def given_fold(data: Dataset, test: csr_array) -> Fold:
    """All of the log is learned; every test item of a user is an answer."""
    place = data.catalogue.ids.indices_of([str(each) for each in range(test.shape[1])])
    questions = []
    for user in np.flatnonzero(np.diff(test.indptr)):
        query = data.query(data.users.index_of(str(user)) if str(user) in data.users else -1)
        items = place[test.indices[test.indptr[user] : test.indptr[user + 1]]]
        items = np.setdiff1d(items, query.excluded).astype(np.int32)
        if len(items):
            ones = np.ones(len(items), np.float32)
            questions.append(Question(query, items, ones, ones > 0))
    return Fold(data, questions)
