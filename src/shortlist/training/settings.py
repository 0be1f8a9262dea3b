"""What is trained, and how hard."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    field_validator,
)

from shortlist.pipeline.retrieve import RetrievalSettings
from shortlist.ranking.ranker import RankerSettings
from shortlist.retrieval import SOURCES
from shortlist.retrieval.source import Source

DEFAULT_SOURCES: tuple[str, ...] = tuple(name for name in SOURCES if SOURCES[name].usual)


class TrainingSettings(BaseModel):
    """The recipe of a bundle."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    sources: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=lambda: {name: {} for name in DEFAULT_SOURCES}
    )
    """The retrieval sources, each with the settings that differ from its defaults."""

    retrieval: RetrievalSettings = RetrievalSettings()
    """How many candidates are gathered."""

    ranker: RankerSettings = RankerSettings()
    """How the ranker's heads are grown."""

    negatives: PositiveInt = 120
    """Candidates nobody chose that are kept of each training question, drawn at random."""

    questions: PositiveInt = 4000
    """Training questions at most, drawn evenly; more teach better and take longer."""

    labels: Literal["chosen", "weighted"] = "chosen"
    """What makes an answer right: being chosen at all, or the weight of its events (a
    purchase before a click, five stars before two)."""

    learn_from: Literal["auto", "shown", "candidates"] = "auto"
    """What the ranker learns an order of: what people were shown, chosen or not, or all
    candidates, of which what was not chosen counts as passed over though few of it were seen. By
    itself the former, where the log says of half of the choices what was shown beside them. It
    needs a log that is cut by time, and the source `mixed_effects`, with which it begins."""

    live_statistics: bool = True
    """Whether the ranker learns from statistics of items as of each question, as a server that
    follows the log has them; else as of the last training. Only where the log is cut by time."""

    report: bool = True
    """Whether a training measures its ranker on questions kept back, and keeps the report with the
    bundle; it takes some seconds."""

    seed: NonNegativeInt = 0
    """Seed of all sampling outside the sources and the ranker."""

    @field_validator("sources")
    @classmethod
    def _check(cls, sources: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        if not sources:
            raise ValueError("name at least one source")
        for name, settings in sources.items():
            if name not in SOURCES:
                raise ValueError(f"no source is called {name!r}; there are {', '.join(SOURCES)}")
            try:
                SOURCES[name].model_validate(settings)
            except ValidationError as error:
                said = "; ".join(
                    f"{name}.{'.'.join(map(str, each['loc']))}: {each['msg']}"
                    for each in error.errors()
                )
                raise ValueError(said) from None
        return sources

    def recipes(self) -> dict[str, Source]:
        """The sources' recipes by name."""
        return {name: SOURCES[name](**settings) for name, settings in self.sources.items()}
