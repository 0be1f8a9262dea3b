"""query -> candidates. Independent sources, each asked for itself, merged once.

To add a source: write `retrieval/<name>.py`, then add its class to the list below.
The contract tests and the settings find it there.
"""

from shortlist.core.registry import Registry
from shortlist.retrieval.als import Als
from shortlist.retrieval.content import Content
from shortlist.retrieval.ease import Ease
from shortlist.retrieval.item_neighbours import ItemNeighbours
from shortlist.retrieval.mixed_effects import MixedEffects
from shortlist.retrieval.popularity import Popularity, Trending
from shortlist.retrieval.sasrec import Sasrec
from shortlist.retrieval.segment_popularity import SegmentPopularity
from shortlist.retrieval.source import Source
from shortlist.retrieval.spectral import Spectral
from shortlist.retrieval.transitions import Transitions

SOURCES: Registry[type[Source]] = Registry(
    (source.name, source)
    for source in (
        Popularity,
        Trending,
        SegmentPopularity,
        ItemNeighbours,
        Ease,
        Als,
        Spectral,
        Transitions,
        Content,
        MixedEffects,
        Sasrec,
    )
)
