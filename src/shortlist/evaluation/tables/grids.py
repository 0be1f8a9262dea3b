"""A report's sections as tables."""

from collections.abc import Callable

from shortlist.evaluation.metrics import PAIR_METRICS
from shortlist.evaluation.results import (
    DataDescription,
    Estimate,
    FeatureImportance,
    ImportanceSection,
    ListSection,
    PairSection,
    PopularitySection,
    Report,
    Section,
    SourceRecall,
    SourceSection,
)
from shortlist.evaluation.tables.grid import (
    Cell,
    Column,
    Grid,
    Line,
    estimate_cell,
    heading_of,
    metric_lines,
)
from shortlist.evaluation.tables.list_grids import list_grids

FEATURES_SHOWN = 12


def report_grids(report: Report) -> list[Grid]:
    """Every table of the report, in order."""
    return [grid for section in report.sections for grid in section_grids(section, report.data)]


def section_grids(section: Section, data: DataDescription) -> list[Grid]:
    """The tables of one section; each says what it was measured on."""
    caption = _caption(section, data)
    match section:
        case ListSection():
            return list_grids(section, caption, _origin(data))
        case PairSection():
            return [_pairs(section, caption)]
        case SourceSection():
            return [_sources(section, caption)]
        case PopularitySection():
            return [_popular(section, caption)]
        case ImportanceSection():
            return [_importance(section, caption)]


def _caption(section: Section, data: DataDescription) -> str:
    parts = [_origin(data)]
    match section:
        case ListSection():
            users = f"{section.users:,} users"
            who = users if section.lists is None else f"{section.lists:,} lists of {users}"
            parts += [section.protocol, section.relevance, who]
        case PairSection():
            rate = f"{100 * section.base_rate:.1f} % came true"
            parts += [section.protocol, f"{section.pairs:,} pairs", rate]
        case SourceSection():
            parts += [section.protocol, f"{section.users:,} users"]
        case PopularitySection():
            parts += [section.protocol, f"lists of {section.k}"]
        case ImportanceSection():
            pass
    return " · ".join(parts)


def _origin(data: DataDescription) -> str:
    return f"SIMULATED DATA: {data.name}" if data.simulated else data.name


def _pairs(section: PairSection, caption: str) -> Grid:
    keys = [key for key in PAIR_METRICS if any(key in row.metrics for row in section.rows)]
    return Grid(
        title=section.title,
        caption=caption,
        corner="row",
        columns=tuple(Column(heading_of(key), leading=key == "auc") for key in keys),
        lines=metric_lines(section.rows, keys),
    )


def _sources(section: SourceSection, caption: str) -> Grid:
    in_lists = [
        (heading, of)
        for heading, of in _IN_LISTS
        if any(of(each) is not None for each in section.sources)
    ]
    lines = tuple(
        Line(
            source.name,
            (
                *(estimate_cell(source.alone.get(k)) for k in section.ks),
                estimate_cell(source.gain),
                *(_share_cell(of(source)) for _, of in in_lists),
            ),
        )
        for source in sorted(section.sources, key=lambda each: each.name != "popularity")
    )
    whole = estimate_cell(section.union)
    together = f"together they find {whole.text} {whole.interval} with {section.union_size:,.0f}"
    return Grid(
        title=section.title,
        caption=f"{caption} · {together} candidates a user",
        corner="source",
        columns=(
            *(Column(f"recall@{k}") for k in section.ks),
            Column("lost without", leading=True),
            *(Column(heading) for heading, _ in in_lists),
        ),
        lines=lines,
    )


def _share_cell(estimate: Estimate | None) -> Cell:
    """A share as a percentage, its interval beside it."""
    if estimate is None:
        return Cell("-")
    low, high = estimate.low, estimate.high
    interval = "" if low is None or high is None else f"[{100 * low:.1f} {100 * high:.1f}]"
    return Cell(f"{100 * estimate.value:.1f} %", interval)


def _popular(section: PopularitySection, caption: str) -> Grid:
    names = list(section.groups[0].shares) if section.groups else []
    return Grid(
        title=section.title,
        caption=caption,
        corner="items by popularity",
        columns=(Column("chosen"), *(Column(SHARES_OF.get(name, name)) for name in names)),
        lines=tuple(
            Line(
                group_name(place, len(section.groups)),
                (
                    Cell(f"{each.most:,}-{each.least:,}"),
                    *(Cell(f"{100 * each.shares[name]:.1f} %") for name in names),
                ),
            )
            for place, each in enumerate(section.groups)
        ),
    )


def group_name(place: int, groups: int) -> str:
    """What a group of items is called, the most popular being the first.

    >>> group_name(0, 10), group_name(9, 10)
    ('0-10 %', '90-100 %')
    """
    return f"{100 * place // groups}-{100 * (place + 1) // groups} %"


SHARES_OF = {"events": "choices before", "answers": "choices after"}
"""What the shares that are no row's are called."""


def _importance(section: ImportanceSection, caption: str) -> Grid:
    features = sorted(section.features, key=lambda each: -each.gain)[:FEATURES_SHOWN]
    measured = [
        (heading, of)
        for heading, of in _OTHER_IMPORTANCES
        if any(of(each) is not None for each in features)
    ]
    return Grid(
        title=section.title,
        caption=caption,
        corner="feature",
        columns=(
            Column("share of gain"),
            *(Column(heading) for heading, _ in measured),
            Column("what it is", number=False),
        ),
        lines=tuple(
            Line(
                each.name,
                (
                    Cell(f"{100 * each.gain:.1f} %"),
                    *(of(each) or Cell("-") for _, of in measured),
                    Cell(each.meaning),
                ),
            )
            for each in features
        ),
    )


_IN_LISTS: tuple[tuple[str, Callable[[SourceRecall], Estimate | None]], ...] = (
    ("in lists", lambda each: each.listed),
    ("alone", lambda each: each.only),
)

_OTHER_IMPORTANCES: tuple[tuple[str, Callable[[FeatureImportance], Cell | None]], ...] = (
    ("mean |SHAP|", lambda each: None if each.shap is None else Cell(f"{each.shap:.4f}")),
    ("raises", lambda each: None if each.direction is None else Cell(f"{each.direction:+.2f}")),
    (
        "lost if shuffled",
        lambda each: None if each.permutation is None else estimate_cell(each.permutation),
    ),
)
