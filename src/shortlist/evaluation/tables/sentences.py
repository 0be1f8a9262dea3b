"""What beats what, and how surely, in words."""

from shortlist.evaluation.results import Estimate, ListSection, Row, Section
from shortlist.evaluation.tables.grid import heading_of, in_order, short


def comparison_sentences(section: Section) -> tuple[str, ...]:
    """A sentence for each difference of the headline metric; those of the subjects, if any."""
    if not isinstance(section, ListSection):
        return ()
    values = {row.name: row.metrics.get(section.headline) for row in section.rows}
    return tuple(
        comparison_sentence(
            row.name, other, heading_of(section.headline), found[section.headline], values[other]
        )
        for row in compared_rows(section)
        for other, found in row.differences.items()
        if section.headline in found and other in values
    )


def comparison_sentence(
    ours: str, theirs: str, metric: str, difference: Estimate, base: Estimate | None
) -> str:
    """How one row stands to another; `base` is the other's value, for the percentage.

    >>> gap, base = Estimate(value=0.041, low=0.03, high=0.052), Estimate(value=0.158)
    >>> comparison_sentence("two_stage", "transitions", "NDCG@10", gap, base)
    'two_stage beats transitions by 26 % in NDCG@10 (difference .0410 [.0300 .0520]).'
    """
    interval = ""
    if difference.low is not None and difference.high is not None:
        interval = f" [{short(difference.low)} {short(difference.high)}]"
    numbers = f"(difference {short(difference.value)}{interval})"
    verdict = verdict_on(difference)
    if verdict == "undecided":
        return f"{ours} and {theirs} cannot be told apart in {metric} {numbers}."
    share = f" by {abs(100 * difference.value / base.value):.0f} %" if base and base.value else ""
    verb = "beats" if verdict == "better" else "loses to"
    return f"{ours} {verb} {theirs}{share} in {metric} {numbers}."


def verdict_on(difference: Estimate) -> str:
    """Better or worse where the whole interval is on one side of zero, else undecided."""
    if (difference.low or 0.0) > 0:
        return "better"
    return "worse" if (difference.high or 0.0) < 0 else "undecided"


def compared_rows(section: ListSection) -> list[Row]:
    """The rows the report is about; all where none is marked."""
    subjects = [row for row in section.rows if row.role == "subject"]
    return in_order(subjects or section.rows)
