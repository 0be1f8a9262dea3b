"""The same lists measured by libraries of others: trec_eval and scikit-learn."""

import numpy as np
import pytest
import pytrec_eval
from scipy.sparse import csr_array
from sklearn.metrics import log_loss, ndcg_score, roc_auc_score

from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.metrics.log_loss import LogLoss
from shortlist.evaluation.metrics.ndcg import Ndcg
from shortlist.evaluation.metrics.user_auc import UserAuc
from shortlist.evaluation.pairs import ScoredPairs

USERS, ITEMS, LENGTH = 300, 120, 60
THEIRS = {
    "ndcg": "ndcg_cut",
    "recall": "recall",
    "precision": "P",
    "map": "map_cut",
    "hit_rate": "success",
    "mrr": "recip_rank",
}


def random_lists(*, graded: bool) -> RankedLists:
    """Lists of every length up to 60, and one to thirty relevant items."""
    generator = np.random.default_rng(11)
    ranked = np.full((USERS, LENGTH), -1, np.int32)
    gains = np.zeros((USERS, ITEMS))
    for user in range(USERS):
        length = generator.integers(1, LENGTH + 1)
        ranked[user, :length] = generator.permutation(ITEMS)[:length]
        relevant = generator.permutation(ITEMS)[: generator.integers(1, 31)]
        gains[user, relevant] = generator.integers(1, 6, len(relevant)) if graded else 1
    return RankedLists(ranked, csr_array(gains))


def by_trec_eval(lists: RankedLists, measure: str, k: int) -> np.ndarray:
    gains = lists.relevance.toarray()
    wanted = {
        f"u{user}": {f"i{item}": int(gains[user, item]) for item in np.flatnonzero(gains[user])}
        for user in range(lists.n_users)
    }
    answered = {
        f"u{user}": {f"i{item}": float(-place) for place, item in enumerate(row[:k]) if item >= 0}
        for user, row in enumerate(lists.items)
    }
    name = measure if measure == "recip_rank" else f"{measure}.{k}"
    found = pytrec_eval.RelevanceEvaluator(wanted, {name}).evaluate(answered)
    return np.array([found[f"u{user}"][name.replace(".", "_")] for user in range(lists.n_users)])


@pytest.mark.parametrize("graded", [False, True], ids=["binary", "graded"])
@pytest.mark.parametrize("k", [1, 3, 10, 25, 60])
@pytest.mark.parametrize("metric", LIST_METRICS)
def test_trec_eval_finds_the_same(metric: str, k: int, graded: bool) -> None:
    lists = random_lists(graded=graded)

    ours = LIST_METRICS[metric].per_user(lists, k)

    theirs = by_trec_eval(lists, THEIRS[metric], k)
    if metric == "map":  # trec_eval divides by all relevant items, we by those that fit
        theirs = theirs * lists.n_relevant / np.minimum(lists.n_relevant, k)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def test_every_list_metric_is_compared() -> None:
    assert set(THEIRS) == set(LIST_METRICS)


@pytest.mark.parametrize("k", [1, 10, 120])
def test_scikit_learn_finds_the_same_ndcg(k: int) -> None:
    generator = np.random.default_rng(3)
    scores = generator.normal(size=(50, ITEMS))
    gains = generator.poisson(0.4, (50, ITEMS)).astype(float)
    relevance = csr_array(gains)

    lists = RankedLists(rank_against_us(scores, relevance, limit=ITEMS), relevance)

    assert np.mean(Ndcg().per_user(lists, k)) == pytest.approx(
        ndcg_score(gains, scores, k=k), abs=1e-9
    )


def test_scikit_learn_finds_the_same_auc_and_log_loss() -> None:
    generator = np.random.default_rng(5)
    user = generator.integers(0, 40, 3000).astype(np.int32)
    probability = generator.integers(0, 21, 3000) / 20  # many ties, and both certainties
    outcome = generator.random(3000) < probability
    pairs = ScoredPairs(probability, outcome, user)

    by_user = [
        roc_auc_score(outcome[user == each], probability[user == each]) for each in range(40)
    ]

    assert Auc().of(pairs) == pytest.approx(roc_auc_score(outcome, probability), abs=1e-12)
    assert UserAuc().of(pairs) == pytest.approx(np.mean(by_user), abs=1e-12)
    assert LogLoss().of(pairs) == pytest.approx(log_loss(outcome, probability), abs=1e-12)
