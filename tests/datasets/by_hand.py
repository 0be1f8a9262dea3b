"""Logs written out by hand, line by line, about four films."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Query
from shortlist.core.times import EARLIEST
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import DEFAULT_KINDS, take_backs
from shortlist.datasets.snapshot import Dataset, Events
from shortlist.datasets.vocabulary import Vocabulary

ALIEN, ALIENS, AMELIE, PADDINGTON = range(4)

FILMS = Catalogue.of(
    Vocabulary(["alien", "aliens", "amelie", "paddington"]),
    titles=["Alien", "Aliens", "Amelie", "Paddington"],
    categories=[("Horror", "Space"), ("Action", "Space"), ("Comedy", "Romance"), ("Comedy",)],
    texts=["a hungry creature", "a hungry queen", "a shy waitress", "a hungry bear"],
    years=np.array([1979, 1986, 2001, 2014], np.float32),
)


@dataclass(frozen=True)
class Line:
    """One event; its kind says what it is worth."""

    user: int
    item: int
    time: int | None = None
    kind: str = "click"
    value: float = np.nan
    text: str = ""


def log_of(*lines: Line, catalogue: Catalogue = FILMS, users: int = 0) -> Dataset:
    """The dataset of some lines, in the order of time, with at least so many users."""
    lines = tuple(sorted(lines, key=lambda line: EARLIEST if line.time is None else line.time))
    kinds = tuple(dict.fromkeys(line.kind for line in lines))
    phrases = tuple(dict.fromkeys(line.text for line in lines if line.text))
    value = np.array([line.value for line in lines], np.float32)
    settings = [DEFAULT_KINDS[line.kind] for line in lines]
    own = [value[[place]] for place in range(len(lines))]
    return Dataset(
        events=Events(
            user=_whole([line.user for line in lines]),
            item=_whole([line.item for line in lines]),
            time=np.array([EARLIEST if line.time is None else line.time for line in lines], int),
            kind=np.array([kinds.index(line.kind) for line in lines], np.int16),
            value=value,
            weight=np.array(
                [each.weigh(it)[0] for each, it in zip(settings, own, strict=True)], np.float32
            ),
            chosen=np.array([each.is_choice for each in settings], bool),
            liked=np.array(
                [each.likes(it)[0] for each, it in zip(settings, own, strict=True)], bool
            ),
            phrase=_whole([phrases.index(line.text) if line.text else -1 for line in lines]),
        ),
        users=Vocabulary(
            [f"u{each}" for each in range(max([users, *(line.user + 1 for line in lines)]))]
        ),
        catalogue=catalogue,
        kinds=kinds,
        phrases=phrases,
        sequence=len(lines),
        take_backs=take_backs(DEFAULT_KINDS, kinds),
    )


def after(*history: int, disliked: tuple[int, ...] = (), time: int = 0) -> Query:
    """What is asked after some choices, oldest first, and dislikes that came after them."""
    return Query(
        history=_whole([*history, *disliked]),
        weights=np.array([1.0] * len(history) + [-1.0] * len(disliked), np.float32),
        time=time,
    )


def _whole(numbers: list[int]) -> npt.NDArray[np.int32]:
    return np.array(numbers, np.int32)
