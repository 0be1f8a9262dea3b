"""The lists of many users: made in blocks, by all cores, into one Parquet file."""

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.bootstrap import Home, open_home
from shortlist.cli.stage_bar import StageBar
from shortlist.core.candidates import Items, Query
from shortlist.core.errors import BadFile, Unavailable
from shortlist.datasets.load import load_queries
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import model_from
from shortlist.storage.bundles import Bundle

BLOCK = 256
"""Users whose lists a process makes before it hands them over."""

FEW = 1000
"""Users for whom starting processes would take longer than making their lists."""

AHEAD = 2
"""Blocks that lie ready for each process beside the one it works on."""

NOTHING = np.empty(0, np.int32)


@dataclass(frozen=True)
class Block:
    """Some users, and what is asked for them."""

    users: Sequence[str]
    queries: Sequence[Query]


@dataclass(frozen=True)
class Lists:
    """The lists of some users, one after another."""

    lengths: npt.NDArray[np.int64]
    items: Items
    scores: npt.NDArray[np.float64]


def write_lists(
    home: Home, bundle: Bundle, users: str, k: int, output: Path, workers: int | None = None
) -> tuple[int, int]:
    """Write the list of each user (`all`, or those a file names one a line), a row an item.

    Gives the number of users and of rows. With `workers` so many processes share the work;
    without, as many as there are cores.

    Raises BadFile where a file cannot be read or written, UnknownUser for an id that is not in
    the log.
    """
    if not output.absolute().parent.is_dir():
        raise BadFile(f"{output} cannot be written: there is no such folder.")
    wanted = None if users == "all" else _listed(Path(users))
    model = model_from(bundle.arrays, bundle.text)
    catalogue, again = model.retrieval.catalogue, home.settings.recommend_again
    total, blocks = _asked(load_queries(home.facts, catalogue, home.settings.kinds, wanted), again)
    processes = workers or (1 if total <= FEW else _cores())
    names: list[str] = []
    found: list[Lists] = []
    with StageBar() as progress:
        for block, lists in (
            _apart(home.path, bundle.id, blocks, k, processes)
            if processes > 1
            else ((block, lists_of(model, block.queries, k)) for block in blocks)
        ):
            names.extend(block.users)
            found.append(lists)
            progress("recommending", len(names), total)
    frame = _frame(names, list(catalogue.ids), found)
    try:
        frame.write_parquet(output)
    except OSError as error:
        raise BadFile(f"{output} cannot be written: {error}") from None
    return len(names), len(frame)


def lists_of(model: Model, queries: Sequence[Query], k: int) -> Lists:
    """The list of each query."""
    ranked = list(model.rank_many(queries, k))
    return Lists(
        np.array([len(each.items) for each in ranked], np.int64),
        np.concatenate([np.empty(0, np.int32), *(each.items for each in ranked)]),
        np.concatenate([np.empty(0), *(each.scores for each in ranked)]),
    )


def _asked(queries: Iterable[tuple[str, Query, int]], again: bool) -> tuple[int, Iterator[Block]]:
    """How many users there are, and the users in blocks; with `again` nothing is excluded."""
    queries = iter(queries)
    first = list(islice(queries, BLOCK))

    def blocks() -> Iterator[Block]:
        part = first
        while part:
            asked = [each for _, each, _ in part]
            asked = [replace(each, excluded=NOTHING) for each in asked] if again else asked
            yield Block([user for user, _, _ in part], asked)
            part = list(islice(queries, BLOCK))

    return first[0][2] if first else 0, blocks()


def _apart(
    home: Path, bundle: str, blocks: Iterator[Block], k: int, processes: int
) -> Iterator[tuple[Block, Lists]]:
    """The lists of every block, in order, made by other processes."""
    waiting: deque[tuple[Block, Future[Lists]]] = deque()
    spawned = get_context("spawn")
    with ProcessPoolExecutor(processes, spawned, end_with, (os.getpid(),)) as pool:
        try:
            for block in blocks:
                waiting.append((block, pool.submit(_made, home, bundle, block.queries, k)))
                if len(waiting) > AHEAD * processes:
                    done, lists = waiting.popleft()
                    yield done, lists.result()
            while waiting:
                done, lists = waiting.popleft()
                yield done, lists.result()
        except BrokenProcessPool:
            raise Unavailable(
                "A process that was making lists was ended from outside, perhaps for want of "
                "memory; --workers 1 needs the least."
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def end_with(parent: int) -> None:
    """Let this process end within a second of the one that started it, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _made(home: Path, bundle: str, queries: Sequence[Query], k: int) -> Lists:
    return lists_of(_model(home, bundle), queries, k)


@cache
def _model(home: Path, bundle: str) -> Model:
    """The model of a bundle, opened once in every process."""
    opened = open_home(home).bundles.open(bundle)
    return model_from(opened.arrays, opened.text)


def _cores() -> int:
    """Cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _frame(users: Sequence[str], ids: Sequence[str], found: Sequence[Lists]) -> pl.DataFrame:
    lengths = np.concatenate([np.empty(0, np.int64), *(each.lengths for each in found)])
    items = np.concatenate([np.empty(0, np.int32), *(each.items for each in found)])
    before = np.repeat(np.cumsum(lengths) - lengths, lengths)
    names = pl.Series(users, dtype=pl.String), pl.Series(ids, dtype=pl.String)
    return pl.DataFrame(
        {
            "user": names[0].gather(np.repeat(np.arange(len(users)), lengths)),
            "item": names[1].gather(items),
            "rank": (np.arange(len(items)) - before + 1).astype(np.int32),
            "score": np.concatenate([np.empty(0), *(each.scores for each in found)]),
        }
    )


def _listed(file: Path) -> list[str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{file} cannot be read as a list of user ids: {error}") from None
    return [line.strip() for line in lines if line.strip()]
