"""A log of lists that were shown, and of what was clicked in them."""

from functools import cache

import numpy as np
from tests.datasets.by_hand import Line, log_of
from tests.training.tribes import ITEMS, START, USERS, films

from shortlist.core.times import HOUR, SECOND
from shortlist.datasets.snapshot import Dataset

VISITS, LENGTH = 12, 5


@cache
def visits(seed: int = 0) -> Dataset:
    """Everybody comes twelve times, is shown five films and clicks some of their own tribe's.

    Nobody else's films are ever clicked; of their own tribe's they click four in five.
    """
    generator = np.random.default_rng(seed)
    lines: list[Line] = []
    for user in range(USERS):
        for visit in range(VISITS):
            asked = START + visit * 50 * HOUR + user * HOUR
            for place, item in enumerate(generator.choice(ITEMS, LENGTH, replace=False).tolist()):
                lines.append(Line(user, item, asked + place, "impression"))
                if item % 2 == user % 2 and generator.random() < 0.8:
                    lines.append(Line(user, item, asked + (place + 1) * 10 * SECOND))
    return log_of(*lines, catalogue=films())
