"""The command as a shell runs it, and a home that is small and really trained."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.training.tribes import SMALL, films, tribes

from shortlist.cli import main

SETTINGS = f"""\
[training]
questions = {SMALL.questions}
negatives = {SMALL.negatives}

[training.sources]
popularity = {{}}
item_neighbours = {{}}
transitions = {{}}

[training.retrieval]
per_source = {SMALL.retrieval.per_source}
limit = {SMALL.retrieval.limit}

[training.ranker]
trees = {SMALL.ranker.trees}
patience = {SMALL.ranker.patience}
min_rows = {SMALL.ranker.min_rows}
"""


@dataclass(frozen=True)
class Answer:
    code: int | str | None
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs the command in this process, with its home in a folder."""

    home: Path
    streams: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Answer:
        with pytest.raises(SystemExit) as left:
            main(["--home", str(self.home), *map(str, arguments)])
        said = self.streams.readouterr()
        return Answer(left.value.code or 0, said.out, said.err)


def assert_refused(answer: Answer, *words: str) -> None:
    """It went wrong, and one readable paragraph says why."""
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.startswith("shortlist: ")
    assert len(answer.err.splitlines()) == 1
    assert "this should not have happened" not in answer.err
    for word in words:
        assert word in answer.err


def write_tribes(folder: Path, *, times: bool = True) -> None:
    """The log of the two tribes and its films, as the CSV files of a MovieLens release."""
    events = tribes().events
    ratings = ["userId,movieId,rating,timestamp"]
    columns = zip(events.user, events.item, events.value, events.time, strict=True)
    ratings += [
        f"{user + 1},{item},{value:g},{time // 1_000_000 if times else ''}"
        for user, item, value, time in columns
    ]
    movies = ["movieId,title,genres"]
    movies += [
        f"{item},{films().titles[item]} ({1990 + item}),{films().categories[item][0]}"
        for item in range(len(films()))
    ]
    (folder / "ratings.csv").write_text("\n".join(ratings) + "\n")
    (folder / "movies.csv").write_text("\n".join(movies) + "\n")


def own_films(user: str) -> list[str]:
    """The ids of what a user of the log has, oldest first."""
    data = tribes()
    return [str(item) for item in data.events.item[data.positions_of(int(user) - 1)]]
