"""A small evaluation whose every part is filled, made by the real functions from random lists."""

import numpy as np
from scipy.sparse import csr_array

from shortlist.evaluation.comparison import compare_by_history, compare_lists
from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background
from shortlist.evaluation.pair_comparison import compare_pairs
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.evaluation.results import (
    DataDescription,
    Environment,
    FeatureImportance,
    ImportanceSection,
    ListSection,
    PairSection,
    Report,
    RowRole,
    SourceSection,
)
from shortlist.evaluation.source_recall import compare_sources

USERS, ITEMS = 240, 300
KS = (5, 10, 20, 50)
STRENGTHS = {
    "ease": 1.2,
    "popularity": 0.3,
    "item_neighbours": 0.9,
    "als": 0.8,
    "transitions": 1.0,
    "content": 0.4,
    "segment_popularity": 0.5,
    "blend": 1.5,
    "two_stage": 1.9,
}
ROLES: dict[str, RowRole] = {"popularity": "baseline", "two_stage": "subject"}


def relevance(seed: int = 0) -> csr_array:
    """About four relevant items for each of the users; some users have none."""
    generator = np.random.default_rng(seed)
    return csr_array((generator.random((USERS, ITEMS)) < 0.012).astype(np.float64))


def lists(seed: int = 0, limit: int = 50) -> dict[str, RankedLists]:
    """Lists by scores that know the answer more or less well."""
    generator = np.random.default_rng(seed)
    wanted = relevance(seed)
    truth = wanted.toarray()
    return {
        name: RankedLists(
            rank_against_us(
                generator.normal(size=truth.shape) + strength * truth, wanted, limit=limit
            ),
            wanted,
        )
        for name, strength in STRENGTHS.items()
    }


def list_section(title: str = "Last 20 % of each user") -> ListSection:
    generator = np.random.default_rng(1)
    rows = lists()
    genres = csr_array((generator.random((ITEMS, 8)) < 0.2).astype(np.float32))
    background = Background(generator.integers(0, USERS, ITEMS), USERS, genres)
    return ListSection(
        title=title,
        protocol="the last 20 % of each user by time",
        relevance="every rating",
        users=int((rows["ease"].n_relevant > 0).sum()),
        ks=KS,
        rows=compare_lists(
            rows,
            KS,
            seed=7,
            against=["popularity", "ease", "blend"],
            roles=ROLES,
            background=background,
        ),
        by_history=compare_by_history(rows, generator.integers(3, 400, USERS), seed=7),
        notes=("Items a user had before are not ranked.",),
    )


def pair_section(pairs: int = 4000) -> PairSection:
    generator = np.random.default_rng(2)
    user = generator.integers(0, USERS, pairs).astype(np.int32)
    logit = generator.normal(-1.1, 1.2, pairs)
    outcome = generator.random(pairs) < 1 / (1 + np.exp(-logit))
    noise = {"popularity": 2.0, "two_stage": 0.6, "oracle": 0.0}
    rows = {
        name: ScoredPairs(
            1 / (1 + np.exp(-(logit + generator.normal(0, sd, pairs)) / (1 + sd))), outcome, user
        )
        for name, sd in noise.items()
    }
    return compare_pairs(
        rows,
        title="Probability of a click",
        protocol="one positive to three uniform negatives",
        seed=7,
        roles={**ROLES, "oracle": "limit"},
        resamples=20,
        notes=("Uniform negatives are mostly unknown items: popularity alone looks good.",),
    )


def source_section() -> SourceSection:
    sources = {name: each for name, each in lists().items() if name not in ("blend", "two_stage")}
    return compare_sources(
        sources, KS, title="Retrieval", protocol="the last 20 % of each user by time", seed=7
    )


def importance_section() -> ImportanceSection:
    generator = np.random.default_rng(3)
    shares = np.sort(generator.dirichlet(np.full(30, 0.4)))[::-1]
    return ImportanceSection(
        title="What the ranker looks at",
        features=tuple(
            FeatureImportance(
                name=f"user_genre_affinity_{n}",
                gain=float(share),
                meaning="How much of what the user chose shares a genre with the item.",
            )
            for n, share in enumerate(shares)
        ),
    )


def report(
    title: str = "MovieLens latest-small", *, simulated: bool = False, name: str = ""
) -> Report:
    return Report(
        title=title,
        data=DataDescription(
            name=name or ("a world of 240 users, seed 7" if simulated else "MovieLens"),
            simulated=simulated,
            users=USERS,
            items=ITEMS,
            events=93_000,
            catalogue_rule="films with at least 5 ratings",
        ),
        seed=7,
        sections=(list_section(), pair_section(), source_section(), importance_section()),
        notes=("Weights of the blend were chosen on the validation period.",),
        environment=Environment(
            version="0.1.0", seconds=62.4, peak_memory_mib=811.0, command="shortlist evaluate"
        ),
    )
