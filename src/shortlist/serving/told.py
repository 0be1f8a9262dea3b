"""What a making gave, as the list that is answered and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from shortlist.datasets.catalogue import Catalogue
from shortlist.pipeline.explain import Explanation
from shortlist.pipeline.reasons import reason
from shortlist.serving.answers import Because, Reason, Shown, Why
from shortlist.serving.decisions import Decided
from shortlist.serving.making import ALLOWED, CHANCE, POOL, SLATE, WHY, Making
from shortlist.serving.steps import Results


def decided_of(making: Making, results: Results) -> Decided:
    """The list: from the slate, or what stands in for it where stages were left out."""
    if POOL not in results:
        return _popular(making, results)
    pool, scores = making.ordered(results)
    plan, slate = making.plan, results.get(SLATE)
    if slate is None:
        places = np.arange(len(pool))
        page = min(plan.size, len(pool))
        propensities, pinned = np.ones(len(pool)), np.zeros(len(pool), bool)
    else:
        places, page = slate.moved_from, slate.shown
        propensities, pinned = slate.propensities, slate.pinned
    ids, names = plan.shelf.ids, list(making.model.retrieval.sources)
    depth = max(page, plan.settings.page_depth)
    whole = pool.take(places[:depth])
    listed = [
        (ids[item], float(scores[place]), [names[each] for each in whole.proposed_by(at)])
        for at, (item, place) in enumerate(
            zip(whole.items.tolist(), places[:depth].tolist(), strict=True)
        )
    ]
    chances = results.get(CHANCE, ())
    reasons = whys(results.get(WHY, ()), making.model.retrieval.catalogue)
    shown = [
        Shown(
            item=item,
            position=at,
            score=score,
            probability=float(chances[at]) if len(chances) else None,
            sources=sources,
            propensity=float(propensities[at]),
            pinned=bool(pinned[at]),
            why=reasons[at] if reasons else None,
        )
        for at, (item, score, sources) in enumerate(listed[:page])
    ]
    ranked = making.shown(results)
    matrix = None if ranked is None else ranked.matrix
    columns = [] if matrix is None else making.model.retrieval.columns()
    relaxed, price = ((), 0.0) if slate is None else (slate.relaxed, slate.price.share)
    return Decided(shown, matrix, columns, listed[page:], relaxed, price)


def _popular(making: Making, results: Results) -> Decided:
    """What most people chose, of what may be shown: the answer while nothing is trained."""
    plan, shelf = making.plan, making.plan.shelf
    allowed = results.get(ALLOWED)
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
        (shelf.ids[place], float(shelf.popularity[place]), ["popularity"])
        for place in best[: max(plan.size, plan.settings.page_depth)].tolist()
    ]
    shown = [
        Shown(item, at, score, None, sources)
        for at, (item, score, sources) in enumerate(listed[: plan.size])
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
    plan, asked = making.plan, making.plan.asked
    given = making.given
    own = {} if given is None else {"given": [plan.shelf.ids[place] for place in given.tolist()]}
    return own | {
        "limit": asked.limit,
        "size": plan.size,
        "filter": asked.filter,
        "exclude": [*asked.exclude],
        "history": [asdict(each) for each in asked.history],
        "context": asdict(asked.context),
        "attributes": _plain(making.attributes(results)),
        "placement": plan.placement.settings.model_dump(mode="json", exclude_defaults=True),
        "silent": sorted(plan.silent),
        "items_revision": plan.shelf.revision,
    }


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name != "id"}
