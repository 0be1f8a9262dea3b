"""People of two camps, who are shown lists drawn by lot, and click with chances that are known."""

from functools import cache

import numpy as np
from tests.datasets.by_hand import Line, log_of

from shortlist.core.times import HOUR, SECOND
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary

KINDS = ("Loud", "Quiet")
ITEMS, USERS, LISTS = 40, 120, 6


def sigmoid(logit: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logit)))


def taste_of(user: int) -> float:
    """How much more a user likes what is loud, in log-odds: two camps."""
    return 2.0 if user % 2 else -2.0


def chance(user: int, item: int) -> float:
    """Even items are loud; the first four are good, whoever looks at them."""
    liking = taste_of(user) * (1 if item % 2 == 0 else -1)
    return float(sigmoid(np.array(-1.5 + liking + (2.0 if item < 4 else 0.0))))


@cache
def two_camps(seed: int = 0) -> Dataset:
    """People are shown ten items at a time, drawn by lot, and click by that chance.

    What they clicked they are not shown again.
    """
    lot = np.random.default_rng(seed)
    lines: list[Line] = []
    for user in range(USERS):
        left = [*range(ITEMS)]
        for n in range(LISTS):
            asked = (n * USERS + user) * HOUR
            for item in lot.choice(left, 10, replace=False).tolist():
                lines.append(Line(user, item, asked, "impression"))
                if lot.random() < chance(user, item):
                    lines.append(Line(user, item, asked + 60 * SECOND, "click"))
                    left.remove(item)
    catalogue = Catalogue.of(
        Vocabulary([f"i{item}" for item in range(ITEMS)]),
        categories=[(KINDS[item % 2],) for item in range(ITEMS)],
    )
    return log_of(*lines, catalogue=catalogue)
