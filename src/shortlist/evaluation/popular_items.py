"""How much goes to popular items: of what people choose, and of what they are shown.

The items are cut into tenths by how many chose them before; a list that gives the first tenth more
than people's own choices do makes the popular more popular (Abdollahpouri et al. 2019, "The
unfairness of popularity bias in recommendation").
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from shortlist.datasets.folds import Fold
from shortlist.evaluation.answers import Lists
from shortlist.evaluation.results import ItemGroup, PopularitySection

GROUPS = 10

Counts = npt.NDArray[np.int64]


def popularity_section(
    lists: Mapping[str, Lists], fold: Fold, *, k: int, protocol: str
) -> PopularitySection:
    """The shares of each tenth of the items: of events before, of answers, of each row's lists."""
    n_items = fold.fit.n_items
    audience = np.asarray(fold.fit.interactions.sum(axis=0), np.int64)
    answers = np.concatenate([each.items for each in fold.questions])
    counts = {
        "events": audience,
        "answers": np.bincount(answers, minlength=n_items),
        **{name: _shown(items[:, :k], n_items) for name, items in lists.items()},
    }
    return PopularitySection(
        title="What goes to popular items",
        protocol=protocol,
        k=k,
        groups=item_groups(audience, counts),
    )


def item_groups(audience: Counts, counts: Mapping[str, Counts]) -> tuple[ItemGroup, ...]:
    """Tenths of the items by falling audience, with their shares of each count."""
    tenths = np.array_split(np.argsort(-audience, kind="stable"), min(GROUPS, len(audience)))
    return tuple(
        ItemGroup(
            most=int(audience[items[0]]),
            least=int(audience[items[-1]]),
            items=len(items),
            shares={
                name: float(each[items].sum() / max(1, each.sum())) for name, each in counts.items()
            },
        )
        for items in tenths
    )


def _shown(items: Lists, n_items: int) -> Counts:
    return np.bincount(items[items >= 0], minlength=n_items)
