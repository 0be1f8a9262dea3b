"""What an evaluation found, as data: the tables, the page and the JSON file are made of it.

Everything here is frozen and goes to JSON and back without loss.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt

RowRole = Literal["baseline", "contender", "subject", "limit"]
"""The line to beat; one among others; what the report is about; what nobody can beat."""


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Estimate(_Result):
    """A number with its 95 % interval, where one was made."""

    value: FiniteFloat
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None


class DataDescription(_Result):
    """What was measured on."""

    name: str
    simulated: bool
    """Whether a simulator made the events; every table then says so."""
    users: NonNegativeInt
    items: NonNegativeInt
    events: NonNegativeInt
    catalogue_rule: str
    """Which items may be recommended, as a phrase: "films with at least 5 ratings"."""
    from_time: AwareDatetime | None = None
    """When the first event happened; nothing where the log has no times."""
    until_time: AwareDatetime | None = None
    """When the last event happened."""


class Environment(_Result):
    """What it was measured by, and at what cost."""

    version: str
    seconds: FiniteFloat
    peak_memory_mib: FiniteFloat
    command: str = ""
    """What reproduces the report."""


class Row(_Result):
    """One way to recommend, and its numbers."""

    name: str
    role: RowRole = "contender"
    metrics: dict[str, Estimate]
    """By metric and cut, as in "ndcg@10"; pair metrics have no cut."""
    differences: dict[str, dict[str, Estimate]] = {}
    """This row minus another on the same users: by the other's name, then as `metrics`."""


class HistoryGroup(_Result):
    """Users with a history of about one length."""

    shortest: NonNegativeInt
    longest: NonNegativeInt
    users: NonNegativeInt
    values: dict[str, Estimate]
    """By row."""


class ListSection(_Result):
    """Ranked lists under one protocol and one idea of what is relevant."""

    section: Literal["lists"] = "lists"
    title: str
    protocol: str
    """How past and future were parted, as a sentence."""
    relevance: str
    """What counts as relevant, as a phrase: "every rating", "ratings of 4 and more"."""
    users: NonNegativeInt
    """Users with something relevant: those the means are over."""
    lists: NonNegativeInt | None = None
    """Lists the means are over, where users have several each."""
    ks: tuple[int, ...]
    headline: str = "ndcg@10"
    """The metric of the charts and of the differences."""
    rows: tuple[Row, ...]
    by_history: tuple[HistoryGroup, ...] = ()
    notes: tuple[str, ...] = ()


class Curve(_Result):
    """A line of points."""

    x: tuple[FiniteFloat, ...]
    y: tuple[FiniteFloat, ...]


class PairSection(_Result):
    """Predictions for pairs of a user and an item beside what happened."""

    section: Literal["pairs"] = "pairs"
    title: str
    protocol: str
    pairs: NonNegativeInt
    base_rate: FiniteFloat
    """Share of the pairs that came true."""
    rows: tuple[Row, ...]
    calibration: dict[str, Curve] = {}
    """By row: mean probability predicted (x) and share that came true (y), bin by bin."""
    roc: dict[str, Curve] = {}
    """By row: false positive rate (x) and true positive rate (y)."""
    notes: tuple[str, ...] = ()


class SourceRecall(_Result):
    """What one source finds of what was relevant."""

    name: str
    alone: dict[int, Estimate]
    """Recall of its first k, by k."""
    gain: Estimate
    """What the union loses without it: all its candidates, all other sources kept."""
    listed: Estimate | None = None
    """Share of the lists' items that it was among those to propose."""
    only: Estimate | None = None
    """Share of the lists' items that nobody else proposed."""


class SourceSection(_Result):
    """What retrieval finds, source by source."""

    section: Literal["sources"] = "sources"
    title: str
    protocol: str
    users: NonNegativeInt
    ks: tuple[int, ...]
    sources: tuple[SourceRecall, ...]
    union: Estimate
    """Recall of all sources' candidates together."""
    union_size: FiniteFloat
    """Candidates a user, on average, after merging."""
    notes: tuple[str, ...] = ()


class Contribution(_Result):
    """What a feature adds to one row's score."""

    shap: FiniteFloat
    place: FiniteFloat
    """Where its value stands among all values, from 0 for the least to 1."""


class FeatureImportance(_Result):
    """How much of the ranker's gain a feature accounts for."""

    name: str
    gain: FiniteFloat
    """Share of the total gain, 0 to 1."""
    meaning: str
    shap: FiniteFloat | None = None
    """Mean size of its contribution to a score (TreeSHAP), in the unit of the score."""
    permutation: Estimate | None = None
    """What the headline metric loses when the feature's values are shuffled."""
    direction: FiniteFloat | None = None
    """Whether larger values add more to a score (1) or less (-1): the rank correlation of the
    feature's values and its contributions."""
    sample: tuple[Contribution, ...] = ()
    """Some rows' contributions, for the features that matter most."""


class ItemGroup(_Result):
    """A tenth of the items, by popularity, or about as many."""

    most: NonNegativeInt
    """The choices of its most popular item."""
    least: NonNegativeInt
    """The choices of its least popular item."""
    items: NonNegativeInt
    shares: dict[str, FiniteFloat]
    """By who or what chose: `events` before, `answers` after, and each row's lists."""


class PopularitySection(_Result):
    """How much goes to popular items: of what people choose, and of what they are shown."""

    section: Literal["popularity"] = "popularity"
    title: str
    protocol: str
    k: int
    """Items of a list that count."""
    groups: tuple[ItemGroup, ...]
    """The most popular items first."""
    notes: tuple[str, ...] = ()


class ImportanceSection(_Result):
    """What the ranker looks at."""

    section: Literal["importance"] = "importance"
    title: str
    features: tuple[FeatureImportance, ...]
    notes: tuple[str, ...] = ()


Section = Annotated[
    ListSection | PairSection | SourceSection | PopularitySection | ImportanceSection,
    Field(discriminator="section"),
]


class Report(_Result):
    """One evaluation."""

    title: str
    data: DataDescription
    seed: int
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    environment: Environment
