"""What may be recommended now: the items as they stand in the database, beside the bundle's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items, Scores
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.columns import ListColumn
from shortlist.datasets.history import Kinds
from shortlist.datasets.item_columns import ItemColumns
from shortlist.datasets.load import load_dataset
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.features.stats import COUNTERS
from shortlist.retrieval.content import Content, ContentModel
from shortlist.serving.engine import Engine, Loaded
from shortlist.serving.recipes import InForce, Recipes
from shortlist.slate import Placement, PlacementSettings
from shortlist.storage.facts import Facts
from shortlist.storage.facts.revisions import ITEMS_CHANGED, PLACEMENTS_CHANGED

NEWEST: Final = 2_000
"""Items that the list of the newest goes down to."""

RECOUNT: Final = 5.0
"""Seconds between two counts of the whole log, while popularity is all there is."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Wording:
    """The titles of the items, and what they are found by."""

    titles: list[str]
    columns: ItemColumns

    def matching(self, words: str) -> Mask:
        """Which items hold all of these words in their title or a category, in whatever case."""
        n = len(self.titles)
        found = np.ones(n, bool)
        for word in words.casefold().split():
            found &= np.fromiter((word in each for each in self._folded), bool, n)
        return found

    @cached_property
    def _folded(self) -> list[str]:
        categories = self.columns.columns.get("categories")
        if not isinstance(categories, ListColumn):
            return [title.casefold() for title in self.titles]
        ends, places = categories.table.indptr, categories.table.indices
        names = [each.casefold() for each in categories.names]
        return [
            " ".join([title.casefold(), *(names[at] for at in places[ends[i] : ends[i + 1]])])
            for i, title in enumerate(self.titles)
        ]


@dataclass(frozen=True)
class Shelf:
    """Items, those of the bundle first in its order, then those that came since."""

    ids: Vocabulary
    known: int
    """How many of them the bundle knows."""
    columns: ItemColumns
    offered: Mask
    """Which items may be shown: not deleted, and in the catalogue or in the log."""
    newest: Items
    """The newest items, the newest first."""
    popularity: Scores
    """How often each item was chosen, as far as this process has counted."""
    wording: "Wording"
    revision: int
    loaded: Loaded | None
    placements: Mapping[str, Placement] = field(default_factory=dict)
    """Every placement, made ready for these items."""
    recipes: InForce | None = None
    """What the placements were made from."""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def all_offered(self) -> bool:
        """Whether nothing is held back."""
        return bool(self.offered.all())

    def matching(self, words: str) -> Mask:
        """Which items hold all of these words in their title or a category, in whatever case."""
        return self.wording.matching(words)

    def as_of(self, loaded: Loaded) -> "Shelf":
        """The same items beside the same bundle in another state: it may know fewer of them."""
        return replace(self, loaded=loaded, known=len(loaded.model.retrieval.catalogue))

    def categories_shared(self, item: int) -> Scores:
        """The share of all their categories that each item has in common with one (Jaccard)."""
        categories = self.columns.columns.get("categories")
        if not isinstance(categories, ListColumn):
            return np.zeros(len(self), np.float32)
        table = categories.table
        shared = np.asarray(table @ table[[item]].toarray()[0], np.float32)
        sizes = np.asarray(table.sum(axis=1), np.float32).ravel()
        together: Scores = sizes + sizes[item] - shared
        return np.divide(shared, np.maximum(together, 1), dtype=np.float32)

    def categories_of(self, item: int) -> list[str]:
        """The names of an item's categories."""
        categories = self.columns.columns.get("categories")
        if not isinstance(categories, ListColumn):
            return []
        start, end = categories.table.indptr[item : item + 2]
        return [categories.names[place] for place in categories.table.indices[start:end]]

    def having(self, category: str) -> frozenset[int]:
        """The items of a category."""
        categories = self.columns.columns.get("categories")
        if not isinstance(categories, ListColumn):
            return frozenset()
        return frozenset(categories.having(category).tolist())

    def title_of(self, item: int) -> str:
        """The title people read; the id where there is none."""
        return self.wording.titles[item] or self.ids[item]


class Shelves:
    """Holds the current shelf, and makes another when bundle, items or placements have changed."""

    def __init__(
        self,
        facts: Facts,
        kinds: Kinds,
        engine: Engine,
        recipes: Recipes,
    ) -> None:
        self._facts = facts
        self._recipes = recipes
        self._kinds = kinds
        self._engine = engine
        self._making = Lock()
        self._shelf = _empty()
        self._made = False
        self._counted_at = 0.0
        self._sequence = 0

    @property
    def current(self) -> Shelf:
        return self._shelf

    def refresh(self) -> bool:
        """Look whether anything has changed; whether there is another shelf now."""
        with self._making:
            revisions = self._facts.revisions()
            revision = revisions.get(ITEMS_CHANGED, 0)
            self._recipes.refresh(revisions.get(PLACEMENTS_CHANGED, 0))
            loaded, held = self._engine.loaded, self._shelf
            counted = self._counting(loaded)
            same = self._made and held.revision == revision and not counted
            if same and held.loaded is loaded:
                if held.recipes is self._recipes.now:
                    return False
                shelf = self._placed(held)
            elif self._made and loaded and held.revision == revision and _holds(held, loaded):
                known = len(loaded.model.retrieval.catalogue)
                popularity = _popularity(loaded, len(held))
                shelf = replace(held, loaded=loaded, known=known, popularity=popularity)
                if held.recipes is not self._recipes.now:
                    shelf = self._placed(shelf)
            else:
                shelf = self._make(revision, loaded)
                shelf.matching("")
            self._shelf, self._made = shelf, True
            return True

    def _counting(self, loaded: Loaded | None) -> bool:
        """Whether popularity is to be counted anew: while nothing is trained, now and then."""
        if loaded is not None or monotonic() - self._counted_at < RECOUNT:
            return False
        self._counted_at, before = monotonic(), self._sequence
        self._sequence = self._facts.last_sequence()
        return self._sequence != before

    def of(self, loaded: Loaded | None) -> Shelf:
        """The shelf beside a bundle, which need not be the current one."""
        held = self._shelf
        if held.loaded is loaded:
            return held
        if loaded and _holds(held, loaded):
            return held.as_of(loaded)
        return self._make(self._facts.revision("items"), loaded)

    def ready(self, recipe: PlacementSettings, shelf: Shelf) -> Placement:
        """A recipe made ready for the items of a shelf."""
        content = None if shelf.loaded is None else _content(shelf.loaded, len(shelf))
        return Placement(recipe, shelf.columns, content)

    def hide(self, item: str) -> None:
        """Leave out an item that was just deleted, before the next look."""
        with self._making:
            place = self._shelf.ids.index_of(item)
            if place >= 0:
                offered = self._shelf.offered.copy()
                offered[place] = False
                self._shelf = replace(self._shelf, offered=offered)

    def _make(self, revision: int, loaded: Loaded | None) -> Shelf:
        items = self._facts.items()
        catalogue, popularity = self._counted(loaded)
        here = items["id"].to_list()
        fresh = self._facts.in_order_added([each for each in here if each not in catalogue.ids])
        ids = Vocabulary([*catalogue.ids, *fresh]) if fresh else catalogue.ids
        offered = np.ones(len(ids), bool)
        gone = ids.indices_of(self._facts.deleted_items())
        offered[gone[gone >= 0]] = False
        newest = ids.indices_of([each.id for each in self._facts.newest_items(NEWEST)])
        titles = dict(zip(here, items["title"].to_list(), strict=True))
        old = dict(zip(catalogue.ids, catalogue.titles, strict=True))
        columns = ItemColumns.of(items, ids)
        made = Shelf(
            ids=ids,
            known=0 if loaded is None else len(catalogue),
            columns=columns,
            offered=offered,
            newest=newest[newest >= 0],
            popularity=np.concatenate([popularity, np.zeros(len(fresh), np.float32)]),
            wording=Wording([titles.get(each) or old.get(each) or "" for each in ids], columns),
            revision=revision,
            loaded=loaded,
        )
        return self._placed(made)

    def _placed(self, shelf: Shelf) -> Shelf:
        """A shelf with the placements that are in force made ready for it.

        Those whose recipe is as it was stay as they are, and what they hold with them.
        """
        now, held = self._recipes.now, shelf.placements
        content = None if shelf.loaded is None else _content(shelf.loaded, len(shelf))
        ready = {
            name: held[name]
            if name in held and held[name].settings == recipe
            else Placement(recipe, shelf.columns, content)
            for name, recipe in now.recipes.items()
        }
        return replace(shelf, placements=ready, recipes=now)

    def _counted(self, loaded: Loaded | None) -> tuple[Catalogue, Scores]:
        """The catalogue that answers, and how often each of its items was chosen."""
        if loaded is None:
            data = load_dataset(self._facts, self._kinds)
            chosen = np.bincount(data.events.item[data.positive], minlength=data.n_items)
            return data.catalogue, chosen.astype(np.float32)
        catalogue = loaded.model.retrieval.catalogue
        return catalogue, _popularity(loaded, len(catalogue))


def _holds(held: Shelf, loaded: Loaded) -> bool:
    """Whether a shelf has the items of a bundle in another state of it, in their order."""
    before = held.loaded
    if before is None or before.trained is not loaded.trained:
        return False
    known, now = before.model.retrieval.catalogue, loaded.model.retrieval.catalogue
    return known is now or held.ids[: len(now)] == [*now.ids]


def _popularity(loaded: Loaded, n_items: int) -> Scores:
    """How often each item was chosen; zero for those the model does not know."""
    stats = loaded.model.retrieval.stats
    last = stats.table[stats.start[1:] - 1]
    chosen = last[:, COUNTERS.index("choices")].astype(np.float32)
    return np.pad(chosen, (0, n_items - len(chosen)))


def _content(loaded: Loaded, n_items: int) -> csr_array | None:
    """items x terms, as the content source has them; rows of nothing for what came since."""
    source = loaded.model.retrieval.sources.get(Content.name)
    if not isinstance(source, ContentModel):
        return None
    table = source.items
    ends = np.pad(table.indptr, (0, n_items - table.shape[0]), mode="edge")
    return csr_array((table.data, table.indices, ends), shape=(n_items, table.shape[1]))


def _empty() -> Shelf:
    nothing = Vocabulary([])
    return Shelf(
        ids=nothing,
        known=0,
        columns=ItemColumns(0, {}),
        offered=np.zeros(0, bool),
        newest=np.zeros(0, np.int32),
        popularity=np.zeros(0, np.float32),
        wording=Wording([], ItemColumns(0, {})),
        revision=-1,
        loaded=None,
    )
