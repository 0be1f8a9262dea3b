"""Whether the measuring can be trusted, before anything is measured.

    python -m benchmarks.quality.certification [--data gowalla]

Our metrics beside trec_eval on the same lists; a constant scorer, which must get nothing; a scorer
that draws lots, beside what mathematics expects of it; and on a data set that comes split
popularity and a plain spectral filter, written here in a few lines without our sources, beside
figures that are known.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.quality.descriptions import describe
from benchmarks.quality.exchange import best_of
from benchmarks.quality.expectations import EXPECTATIONS
from benchmarks.quality.judge import ordered
from benchmarks.quality.splits import read_split
from benchmarks.results_page import FILE, Results
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import svds

from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS

Score = Callable[[csr_array], npt.NDArray[np.floating]]
"""Histories, a row each -> scores of all items."""

USERS, ITEMS, K = 400, 300, 20

KNOWN = {"popularity": "", "spectral filter": "GF-CF as published: .1849 .1518"}
"""Recall@20 and NDCG@20 in the split of LightGCN (Shen et al. 2021, CIKM, table 2)."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="gowalla", help="a data set with a [split]")
    parser.add_argument("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    results = Results(
        "quality-certification",
        "Quality: is the measuring right?",
        asked,
        f"{USERS} users and {ITEMS} items drawn at random, and {describe(asked.data).title}",
        command="make bench-certify",
        clients=False,
    )
    results.table(f"Our metrics at {K}", *on_random_lists())
    results.say(
        "*trec_eval*: the largest difference of any user from pytrec_eval on the same lists (MAP "
        "divided by the relevant items that fit, as ours is). *Constant*: one score for all items, "
        "ties against us. *Lots*: the mean of a random order over 200 draws, and its closed form "
        "(`benchmarks/quality/expectations.py`) and the difference in standard errors."
    )
    results.table(f"{describe(asked.data).title}, recall@20 and NDCG@20", *on_a_split(asked.data))
    results.write()


def relevance(seed: int = 0) -> csr_array:
    """users x items: one to thirty relevant items each."""
    generator = np.random.default_rng(seed)
    gains = np.zeros((USERS, ITEMS))
    for row in gains:
        row[generator.permutation(ITEMS)[: generator.integers(1, 31)]] = 1
    return csr_array(gains)


def on_random_lists() -> tuple[tuple[str, ...], list[list[str]]]:
    """A row a metric."""
    wanted = relevance()
    theirs = by_trec_eval(random_lists(wanted, 0))
    constant = RankedLists(rank_against_us(np.ones((USERS, ITEMS)), wanted, limit=K), wanted)
    draws = [random_lists(wanted, seed) for seed in range(200)]
    rows = []
    for name, metric in LIST_METRICS.items():
        ours = metric.per_user(random_lists(wanted, 0), K)
        means = np.array([metric.per_user(each, K).mean() for each in draws])
        expected = expectation(name, wanted)
        error = (means.mean() - expected) / (means.std(ddof=1) / np.sqrt(len(means)))
        rows.append(
            [
                metric.label,
                f"{np.abs(ours - theirs[name]).max():.0e}",
                f"{metric.per_user(constant, K).max():g}",
                f"{means.mean():.5f}",
                f"{expected:.5f}",
                f"{error:+.1f}",
            ]
        )
    return ("metric", "trec_eval", "constant", "lots", "expected", "standard errors"), rows


def random_lists(wanted: csr_array, seed: int) -> RankedLists:
    """Lists in an order drawn at random."""
    scores = np.random.default_rng(1000 + seed).random(wanted.shape)
    return RankedLists(rank_against_us(scores, wanted, limit=K), wanted)


def expectation(metric: str, wanted: csr_array) -> float:
    """The mean over users of what lots give."""
    numbers = np.diff(wanted.indptr)
    return float(np.mean([EXPECTATIONS[metric](ITEMS, int(r), K) for r in numbers]))


def by_trec_eval(lists: RankedLists) -> dict[str, np.ndarray]:
    """Every list metric of every user, by pytrec_eval."""
    import pytrec_eval

    names = {
        "ndcg": f"ndcg_cut.{K}",
        "recall": f"recall.{K}",
        "precision": f"P.{K}",
        "hit_rate": f"success.{K}",
        "map": f"map_cut.{K}",
        "mrr": "recip_rank",
    }
    wanted = {
        str(user): {str(item): 1 for item in np.flatnonzero(row)}
        for user, row in enumerate(lists.relevance.toarray())
    }
    answered = {
        str(user): {str(item): float(-place) for place, item in enumerate(row)}
        for user, row in enumerate(lists.items)
    }
    found = pytrec_eval.RelevanceEvaluator(wanted, {*names.values()}).evaluate(answered)
    values = {
        name: np.array([found[str(user)][each.replace(".", "_")] for user in range(len(found))])
        for name, each in names.items()
    }
    values["map"] *= lists.n_relevant / np.minimum(lists.n_relevant, K)
    return values


def on_a_split(name: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """Popularity and a spectral filter, a row each."""
    train, test = read_split(describe(name))
    users = np.flatnonzero(np.diff(test.indptr))
    scorers = {"popularity": popularity(train), "spectral filter": spectral_filter(train)}
    rows = []
    for scorer, score in scorers.items():
        recall, ndcg = [], []
        for block in np.array_split(users, max(1, len(users) // 512)):
            answers = csr_array(test[block])
            lists = best_of(score(csr_array(train[block])), csr_array(train[block]))
            ranked = RankedLists(ordered(lists, answers), answers)
            recall.append(LIST_METRICS["recall"].per_user(ranked, K))
            ndcg.append(LIST_METRICS["ndcg"].per_user(ranked, K))
        found = (float(np.nanmean(np.concatenate(each))) for each in (recall, ndcg))
        rows.append([scorer, *(f"{each:.4f}".lstrip("0") for each in found), KNOWN[scorer]])
    return ("scorer", "recall@20", "NDCG@20", "known"), rows


def popularity(train: csr_array) -> Score:
    """How many chose it, whoever asks."""
    counts = np.asarray(train.sum(axis=0), np.float32)
    return lambda known: np.tile(counts, (known.shape[0], 1))


def spectral_filter(train: csr_array, vectors: int = 256, alpha: float = 0.3) -> Score:
    """GF-CF: a linear filter and an ideal low-pass one, over the normalised item graph.

    Shen et al. 2021, "How powerful is graph convolution for recommendation?", CIKM.
    """
    users, items = (np.asarray(train.sum(axis=axis), float).clip(1) for axis in (1, 0))
    normal = csr_array(diags_array(users**-0.5) @ train @ diags_array(items**-0.5))
    _, _, low = svds(normal, k=vectors, random_state=0)
    graph = csr_array(normal.T @ normal)
    left, right = (low * items**-0.5).T, low * items**0.5

    def score(known: csr_array) -> np.ndarray:
        return (known @ graph).toarray() + alpha * ((known @ left) @ right)

    return score


if __name__ == "__main__":
    main()
