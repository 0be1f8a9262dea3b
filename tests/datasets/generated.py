"""Logs drawn by lot that hold everything a log can hold, and odd ones that hold little."""

from dataclasses import replace

import numpy as np
from tests.datasets.by_hand import Line, log_of

from shortlist.core.times import DAY, EARLIEST, HOUR, SECOND
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary

START = 19_000 * DAY
CATEGORIES = ("Action", "Comedy", "Crime", "Drama", "Horror", "Love", "Music", "Space", "War")
WORDS = ("bear", "creature", "queen", "ship", "waitress", "war", "wedding", "wolf")


def catalogue(items: int, seed: int = 0) -> Catalogue:
    """Items with up to three categories, some words, and a year where it is known."""
    generator = np.random.default_rng(seed)
    years = generator.integers(1930, 2020, items).astype(np.float32)
    years[::7] = np.nan
    return Catalogue.of(
        Vocabulary([f"i{item}" for item in range(items)]),
        categories=[
            tuple(generator.choice(CATEGORIES, generator.integers(0, 4), replace=False))
            for _ in range(items)
        ],
        texts=[" ".join(generator.choice(WORDS, 4)) for _ in range(items)],
        years=years,
    )


def random_log(seed: int = 0, *, users: int = 20, items: int = 30, sittings: int = 6) -> Dataset:
    """People are shown items and click, rate, dislike and tag some of them, and change their minds.

    Every third item is liked by every third user, the last two items meet nobody, and instants
    are whole hours and seconds, so that many events share one.
    """
    generator = np.random.default_rng(seed)
    lines: list[Line] = []
    for user in range(users):
        for day in np.sort(generator.integers(0, 300, generator.integers(1, sittings + 1))):
            asked = START + int(day) * DAY + int(generator.integers(8, 20)) * HOUR
            for item in generator.integers(0, items - 2, 4).tolist():
                lines += _meeting(generator, user, item, asked)
    return log_of(*lines, catalogue=catalogue(items, seed), users=users)


def _meeting(generator: np.random.Generator, user: int, item: int, asked: int) -> list[Line]:
    """What happens when a user is shown an item."""
    shown = Line(user, item, asked, "impression")
    fits = user % 3 == item % 3
    if generator.random() > (0.9 if fits else 0.4):
        return [shown]
    later = asked + int(generator.integers(1, 40)) * SECOND
    value = float(generator.integers(6, 11) if fits else generator.integers(1, 8)) / 2
    what = generator.choice(
        ["click", "rating", "dislike", "tag", "undo"], p=[0.4, 0.35, 0.1, 0.1, 0.05]
    )
    answer = {
        "click": Line(user, item, later, "click"),
        "rating": Line(user, item, later, "rating", value),
        "dislike": Line(user, item, later, "dislike"),
        "undo": Line(user, item, later, "undo"),
        "tag": Line(user, item, later, "tag", text=str(generator.choice(WORDS)).title()),
    }
    return [shown, answer[str(what)]]


def untimed(data: Dataset, every: int = 1) -> Dataset:
    """The log with the instant of every so many events unknown; those come first, as always."""
    time = data.events.time.copy()
    time[::every] = EARLIEST
    order = np.argsort(time, kind="stable")
    events = replace(data.events, time=time).take(order)
    return replace(data, events=events)


def odd_logs() -> dict[str, Dataset]:
    """Logs in which something is missing, each under a name that says what."""
    usual, alone = random_log(), catalogue(1)
    return {
        "no instant is known": untimed(usual),
        "every second instant is unknown": untimed(usual, every=2),
        "nothing was chosen, only disliked": usual.where(usual.events.weight < 0),
        "nothing but impressions": usual.where(usual.events.weight == 0),
        "one user": usual.where(usual.events.user == 0),
        "one event": usual.where(np.arange(len(usual.events)) == int(np.argmax(usual.positive))),
        "all at one instant": replace(
            usual, events=replace(usual.events, time=np.full(len(usual.events), START))
        ),
        "before 1970": replace(
            usual, events=replace(usual.events, time=usual.events.time - 2 * START)
        ),
        "nothing known of the items": replace(usual, catalogue=Catalogue.of(usual.catalogue.ids)),
        "no events": usual.where(np.zeros(len(usual.events), bool)),
        "no events, no users": log_of(catalogue=catalogue(5)),
        "one item": log_of(Line(0, 0, START), Line(1, 0, START + HOUR), catalogue=alone),
        "one item nobody chose": log_of(catalogue=alone, users=2),
        "no items": log_of(catalogue=catalogue(0)),
    }
