"""A report's sections as parts of a page: tables, charts, sentences."""

from dataclasses import dataclass

from shortlist.evaluation.report import charts
from shortlist.evaluation.report.charts import Spec
from shortlist.evaluation.report.palette import Palette, palette
from shortlist.evaluation.results import (
    ImportanceSection,
    ListSection,
    PairSection,
    PopularitySection,
    Report,
    Section,
    SourceSection,
)
from shortlist.evaluation.tables.grid import Grid, heading_of
from shortlist.evaluation.tables.grids import section_grids
from shortlist.evaluation.tables.sentences import comparison_sentences


@dataclass(frozen=True)
class Figure:
    """A chart under its title, with a sentence for those who cannot see it."""

    title: str
    description: str
    spec: Spec


@dataclass(frozen=True)
class Part:
    """A section of the page."""

    title: str
    grids: tuple[Grid, ...]
    details: tuple[Grid, ...]
    figures: tuple[Figure, ...]
    findings: tuple[str, ...]
    """What beats what, in words."""
    notes: tuple[str, ...]


def parts_of(report: Report) -> list[Part]:
    """Every section of the report, in order."""
    colours = palette(report.sections)
    return [_part(section, report, colours) for section in report.sections]


def _part(section: Section, report: Report, colours: Palette) -> Part:
    grids = section_grids(section, report.data)
    return Part(
        title=section.title,
        grids=tuple(grid for grid in grids if not grid.detail),
        details=tuple(grid for grid in grids if grid.detail),
        figures=tuple(_figures(section, colours)),
        findings=comparison_sentences(section),
        notes=section.notes,
    )


def _figures(section: Section, colours: Palette) -> list[Figure]:
    match section:
        case ListSection():
            return _list_figures(section, colours)
        case PairSection():
            return [
                Figure(
                    "Calibration",
                    "Probability predicted against the share that came true; the dashed diagonal "
                    "is a perfect match.",
                    charts.calibration_chart(section, colours),
                ),
                Figure(
                    "ROC",
                    "Share of positives against share of negatives above each threshold; the "
                    "dashed diagonal is chance.",
                    charts.roc_chart(section, colours),
                ),
            ]
        case SourceSection():
            return _source_figures(section, colours)
        case PopularitySection():
            text = "Items in tenths, the most popular to the left: who gives them how much."
            return [Figure(section.title, text, charts.popularity_chart(section, colours))]
        case ImportanceSection():
            return _importance_figures(section)


def _importance_figures(section: ImportanceSection) -> list[Figure]:
    text = "Share of the ranker's gain (fall of its loss) at splits on each feature."
    found = [Figure("What the ranker looks at", text, charts.importance_chart(section))]
    if any(each.sample for each in section.features):
        text = (
            "Each point is a candidate: to the right where the feature raised its score. Strong "
            "points have a large value of the feature, faint ones a small value."
        )
        figure = Figure("What features add to scores", text, charts.contributions_chart(section))
        found.append(figure)
    if any(each.permutation for each in section.features):
        text = "What NDCG@10 loses when a feature's values are shuffled, with the 95 % interval."
        found.append(Figure("What is lost if shuffled", text, charts.shuffling_chart(section)))
    return found


def _source_figures(section: SourceSection, colours: Palette) -> list[Figure]:
    return [
        Figure(
            "Recall of the sources",
            "Share of what was relevant among the first k candidates of each source; the dashed "
            "line is all candidates of all sources together.",
            charts.source_chart(section, colours),
        ),
        Figure(
            "What each source adds",
            "Recall all sources together would lose without it; the line is the 95 % interval.",
            charts.gain_chart(section, colours),
        ),
    ]


def _list_figures(section: ListSection, colours: Palette) -> list[Figure]:
    heading = heading_of(section.headline)
    metric = heading_of(section.headline.partition("@")[0])
    found = [
        Figure(
            f"{heading} of every row",
            "Mean over users; the line is the 95 % interval.",
            charts.headline_chart(section, colours),
        )
    ]
    if len(section.ks) > 1:
        text = "Longer lists to the right; baselines and the best rows."
        found.append(
            Figure(f"{metric} by length of the list", text, charts.by_k_chart(section, colours))
        )
    if len(section.by_history) > 1:
        text = "Users grouped by how many events they had before."
        found.append(
            Figure(
                f"{heading} by length of history", text, charts.by_history_chart(section, colours)
            )
        )
    return found
