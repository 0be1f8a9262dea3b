"""What is known of the items, as columns in index order."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.datasets.terms import Terms
from shortlist.datasets.vocabulary import Vocabulary

_WORD: Final = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True)
class Catalogue:
    """Items and their attributes. Every column has one entry an item."""

    ids: Vocabulary
    titles: list[str]
    categories: list[tuple[str, ...]]
    texts: list[str] = field(repr=False)
    years: npt.NDArray[np.float32]
    """Year of release; NaN where unknown."""
    marks: list[tuple[str, ...]] = field(repr=False)
    """What else is known of the item, each a term of its own: `cast=Sigourney Weaver`."""

    @staticmethod
    def of(
        ids: Vocabulary,
        titles: list[str] | None = None,
        categories: list[tuple[str, ...]] | None = None,
        texts: list[str] | None = None,
        years: npt.NDArray[np.float32] | None = None,
        marks: list[tuple[str, ...]] | None = None,
    ) -> "Catalogue":
        """A catalogue in which what is not given is unknown."""
        n = len(ids)
        return Catalogue(
            ids=ids,
            titles=titles if titles is not None else [""] * n,
            categories=categories if categories is not None else [()] * n,
            texts=texts if texts is not None else [""] * n,
            years=years if years is not None else np.full(n, np.nan, np.float32),
            marks=marks if marks is not None else [()] * n,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def title_of(self, item: int) -> str:
        """The title people read; the id where there is none."""
        return self.titles[item] or self.ids[item]

    @property
    def category_names(self) -> tuple[str, ...]:
        """Every category, in alphabetical order."""
        return self._category_terms.names

    @property
    def category_matrix(self) -> csr_array:
        """items x categories, 1 where the item has the category (float32)."""
        return self._category_terms.table

    @cached_property
    def _category_terms(self) -> Terms:
        return Terms.of(set(names) for names in self.categories)

    @cached_property
    def words(self) -> Terms:
        """How often each word stands in the title and text of each item, in lower case."""
        documents = zip(self.titles, self.texts, strict=True)
        return Terms.of(_WORD.findall(f"{title} {text}".lower()) for title, text in documents)

    @cached_property
    def mark_terms(self) -> Terms:
        """Which marks each item has, and the decade of its year."""
        return Terms.of(
            {*marks, *_decade(year)} for marks, year in zip(self.marks, self.years, strict=True)
        )

    def renewed(self, items: "Catalogue") -> "Catalogue":
        """The catalogue with other documents of some items, and further items at its end.

        Those of `items` it does not know join in their order; the others take the places they
        have.
        """
        known = self.ids.indices_of(list(items.ids))
        new = np.flatnonzero(known < 0)
        places = known.copy()
        places[new] = np.arange(len(self), len(self) + len(new))
        found = Catalogue(
            ids=self.ids.extended([items.ids[i] for i in new]),
            titles=[*self.titles, *[""] * len(new)],
            categories=[*self.categories, *[()] * len(new)],
            texts=[*self.texts, *[""] * len(new)],
            years=np.concatenate([self.years, np.full(len(new), np.nan, np.float32)]),
            marks=[*self.marks, *[()] * len(new)],
        )
        found.years[places] = items.years
        for at, place in enumerate(places.tolist()):
            found.titles[place], found.texts[place] = items.titles[at], items.texts[at]
            found.categories[place], found.marks[place] = items.categories[at], items.marks[at]
        same = all(self.categories[place] == found.categories[place] for place in known[known >= 0])
        if same:
            terms = self._category_terms.longer(found.categories[len(self) :])
            if terms is not None:
                found.__dict__["_category_terms"] = terms
        return found

    def take(self, items: npt.NDArray[np.int32]) -> "Catalogue":
        """The catalogue of some of the items, in the order given."""
        return Catalogue(
            ids=Vocabulary([self.ids[i] for i in items]),
            titles=[self.titles[i] for i in items],
            categories=[self.categories[i] for i in items],
            texts=[self.texts[i] for i in items],
            years=self.years[items],
            marks=[self.marks[i] for i in items],
        )


def _decade(year: float) -> list[str]:
    return [] if np.isnan(year) else [f"decade={int(year) // 10 * 10}"]
