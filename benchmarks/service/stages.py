"""How long the stages of an answer took, as the server counts them for Prometheus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from prometheus_client.parser import text_string_to_metric_families

FAMILY: Final = "shortlist_stage_seconds"
WITHIN: Final = (0.001, 0.002, 0.004, 0.01)
"""Bounds that are shown; they are among the histogram's own."""

Numbers = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Stages:
    """Count, sum and buckets of every stage."""

    numbers: Numbers

    @classmethod
    def read(cls, text: str) -> Self:
        """From what Prometheus would scrape."""
        return cls(
            {
                (sample.labels["stage"], sample.labels.get("le") or sample.name): sample.value
                for family in text_string_to_metric_families(text)
                if family.name == FAMILY
                for sample in family.samples
            }
        )

    def since(self, before: "Stages") -> "Stages":
        """What came between two readings."""
        return Stages(
            {name: value - before.numbers.get(name, 0) for name, value in self.numbers.items()}
        )

    def table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Columns and rows for people, in the order of the time they took."""
        names = dict.fromkeys(stage for stage, _ in self.numbers)
        rows = sorted((self._row(each) for each in names), key=lambda row: -float(row[2]))
        within = (f"within {1000 * each:g} ms" for each in WITHIN)
        return ("stage", "times", "mean ms", *within), rows

    def _row(self, stage: str) -> list[str]:
        times = self.numbers[stage, f"{FAMILY}_count"]
        mean = 1000 * self.numbers[stage, f"{FAMILY}_sum"] / max(times, 1)
        shares = (self.numbers[stage, f"{each:g}"] / max(times, 1) for each in WITHIN)
        return [stage, f"{times:,.0f}", f"{mean:.3f}", *(f"{each:.1%}" for each in shares)]
