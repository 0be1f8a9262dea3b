"""What a making gave, as the list that is answered and kept."""

from collections.abc import Sequence
from itertools import starmap
from typing import Any, Final

import numpy as np

from shortlist.core.pool import Pool
from shortlist.datasets.catalogue import Catalogue
from shortlist.pipeline.explain import Explanation
from shortlist.pipeline.reasons import reason
from shortlist.serving.answers import Because, Reason, Shown, Why
from shortlist.serving.decisions import Decided
from shortlist.serving.making import CHANCE, NO_NUMBERS, POOL, SLATE, WHY, Making
from shortlist.serving.steps import Results

FEATURES_KEPT: Final = 50
"""Items of a list, from the top, whose columns are kept with the decision."""


def decided_of(making: Making, results: Results) -> Decided:
    """The list: from the slate, or what stands in for it where stages were left out."""
    if POOL not in results:
        return _popular(making, results)
    items, scores = making.ordered(results)
    plan, slate = making.plan, results.get(SLATE)
    if slate is None:
        places = np.arange(len(items))
        page = min(plan.size, len(items))
        propensities, pinned = np.ones(len(items)), np.zeros(len(items), bool)
    else:
        places, page = slate.moved_from, slate.shown
        propensities, pinned = slate.propensities, slate.pinned
    ids, first = plan.shelf.ids, making.candidates(results, places[:page])
    proposed = proposers(first, list(making.model.retrieval.sources))
    chances = results.get(CHANCE, NO_NUMBERS).tolist() or [None] * page
    catalogue = making.model.retrieval.catalogue
    reasons: Sequence[Why | None] = whys(results.get(WHY, ()), catalogue) or [None] * page
    rows = zip(
        ids.at(first.items),
        range(page),
        scores[places[:page]].tolist(),
        chances,
        proposed,
        propensities[:page].tolist(),
        pinned[:page].tolist(),
        reasons,
        strict=True,
    )
    shown = list(starmap(Shown, rows))
    after = places[page : max(page, plan.settings.page_depth)]
    following = list(zip(ids.at(items[after]), scores[after].tolist(), strict=True))
    ranked = making.shown(results)
    matrix = None if ranked is None else ranked.matrix[:FEATURES_KEPT]
    columns = [] if matrix is None else making.model.retrieval.columns()
    relaxed, price = ((), 0.0) if slate is None else (slate.relaxed, slate.price.share)
    return Decided(shown, matrix, columns, following, relaxed, price)


def proposers(pool: Pool, names: Sequence[str]) -> list[list[str]]:
    """The sources that proposed each candidate, the keenest first."""
    order = pool.ranks.argsort(axis=0, kind="stable")
    proposed = (pool.ranks < pool.quota).sum(axis=0)
    return [
        [names[source] for source in sources[:number]]
        for sources, number in zip(order.T.tolist(), proposed.tolist(), strict=True)
    ]


def _popular(making: Making, results: Results) -> Decided:
    """What most people chose, of what may be shown: the answer while nothing is trained."""
    plan, shelf = making.plan, making.plan.shelf
    allowed = making.allowed(results)
    may = shelf.offered.copy() if allowed is None else allowed.copy()
    without = shelf.ids.indices_of(making.not_again(results))
    may[without[without >= 0]] = False
    if making.given is not None:
        only = np.zeros(len(may), bool)
        only[making.given] = True
        may &= only
    items = np.flatnonzero(may)
    best = items[np.argsort(-shelf.popularity[items], kind="stable")]
    listed = [
        (shelf.ids[place], float(shelf.popularity[place]))
        for place in best[: max(plan.size, plan.settings.page_depth)].tolist()
    ]
    shown = [
        Shown(item, at, score, None, ["popularity"])
        for at, (item, score) in enumerate(listed[: plan.size])
    ]
    return Decided(shown, None, (), listed[plan.size :])


def whys(found: Sequence[Explanation], catalogue: Catalogue) -> list[Why]:
    """Explanations in the caller's own ids."""
    return [
        Why(
            reason=reason(each, catalogue),
            base=each.base,
            contributions=[
                Reason(
                    part.column,
                    part.meaning,
                    None if np.isnan(part.value) else part.value,
                    part.amount,
                )
                for part in each.contributions
            ],
            because=[
                Because(catalogue.ids[driver.item], driver.value, driver.share)
                for driver in each.drivers
            ],
        )
        for each in found
    ]


def asked_document(making: Making, results: Results) -> dict[str, Any]:
    """What was asked, whole enough to ask it again."""
    plan, asked, context = making.plan, making.plan.asked, making.plan.asked.context
    document = {
        "limit": asked.limit,
        "size": plan.size,
        "filter": asked.filter,
        "exclude": [*asked.exclude],
        "history": [[each.item, each.kind, each.value, each.time] for each in asked.history],
        "context": {"device": context.device, "query": context.query, "time": context.time},
        "attributes": making.attributes(results),
        "placement": plan.placement_document,
        "silent": sorted(plan.silent),
        "items_revision": plan.shelf.revision,
        "online": plan.online,
    }
    if making.given is not None:
        document["given"] = plan.shelf.ids.at(making.given)
    return document
