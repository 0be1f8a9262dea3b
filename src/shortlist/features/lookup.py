"""Which items stand in what each query's user chose or was shown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lookup:
    """Entries of several queries, each an item, sorted to be searched."""

    n_items: int
    keys: Places
    """query * n_items + item of each entry, ascending."""
    order: Places
    """Where each entry stood before it was sorted; equal ones stay in their order."""

    @staticmethod
    def of(queries: Places, items: Items, n_items: int) -> "Lookup":
        """Sort the entries."""
        keys = queries * n_items + items
        order = np.argsort(keys, kind="stable")
        return Lookup(n_items, keys[order], order)

    def has(self, queries: Places, items: Items) -> npt.NDArray[np.bool_]:
        """Whether each item stands in its query."""
        wanted = queries * self.n_items + items
        keys = np.concatenate((self.keys, [-1]))
        found: npt.NDArray[np.bool_] = keys[self.keys.searchsorted(wanted)] == wanted
        return found

    def spans(self, queries: Places, items: Items) -> tuple[Places, Places]:
        """(begin, end): the entries of each item in its query are `order[begin:end]`."""
        wanted = queries * self.n_items + items
        return self.keys.searchsorted(wanted, "left"), self.keys.searchsorted(wanted, "right")
