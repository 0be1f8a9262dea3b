"""Ranked lists of all rows beside what was chosen: the section of a report that says who wins."""

from collections.abc import Mapping, Sequence

import numpy as np

from shortlist.datasets.folds import Fold
from shortlist.evaluation.answers import POPULARITY, Lists, relevance_of
from shortlist.evaluation.comparison import compare_by_history, compare_lists
from shortlist.evaluation.intervals import Owners
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background
from shortlist.evaluation.results import ListSection, RowRole

SUBJECT = "two_stage"
BASELINE = POPULARITY
BLEND = "blend"


def list_section(
    lists: Mapping[str, Lists],
    fold: Fold,
    *,
    ks: Sequence[int],
    protocol: str,
    seed: int,
    liked: bool = False,
) -> ListSection:
    """What each row's lists are worth; the subject beside popularity, the best source, the blend.

    `lists` has one line a question of the fold. With `liked` only what users were content with
    is relevant.
    """
    ranked = ranked_lists(lists, fold, liked=liked)
    interactions = fold.fit.interactions
    background = Background(
        audience=np.asarray(interactions.sum(axis=0), np.int64),
        n_users=max(1, int((np.diff(interactions.indptr) > 0).sum())),
        categories=fold.fit.catalogue.category_matrix,
    )
    owners = owners_of(fold)
    bare = compare_lists(ranked, ks, seed=seed, background=background, owners=owners)
    sources = [row for row in bare if row.name not in (SUBJECT, BLEND)]
    best = max(sources, key=lambda row: row.metrics["ndcg@10"].value).name
    against = [each for each in dict.fromkeys([BASELINE, best, BLEND]) if each in ranked]
    shown = {name: ranked[name] for name in dict.fromkeys([*against, SUBJECT])}
    compared = compare_lists(shown, ks, seed=seed, against=against, owners=owners)
    differences = {row.name: row.differences for row in compared if row.name == SUBJECT}
    rows = tuple(
        row.model_copy(
            update={"role": _role(row.name), "differences": differences.get(row.name, {})}
        )
        for row in bare
    )
    measured = np.array([bool(each.liked.any()) or not liked for each in fold.questions])
    lengths = np.array([len(each.query.history) for each in fold.questions])
    return ListSection(
        title="Lists, likes only" if liked else "Lists",
        protocol=protocol,
        relevance="what the user liked, as the settings say" if liked else "every choice",
        users=len(np.unique(owners[measured])),
        lists=int(measured.sum()),
        ks=tuple(ks),
        rows=rows,
        by_history=compare_by_history(shown, lengths, seed=seed, owners=owners),
    )


def ranked_lists(
    lists: Mapping[str, Lists], fold: Fold, *, liked: bool = False
) -> dict[str, RankedLists]:
    """The lists beside what was relevant to each question."""
    relevance = relevance_of(fold.questions, fold.fit.n_items, liked=liked)
    return {name: RankedLists(items, relevance) for name, items in lists.items()}


def owners_of(fold: Fold) -> Owners:
    """Whose each question is: intervals draw whole users."""
    return np.array([each.query.user for each in fold.questions], np.int64)


def _role(name: str) -> RowRole:
    if name == SUBJECT:
        return "subject"
    return "baseline" if name == BASELINE else "contender"
