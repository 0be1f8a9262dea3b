"""A report's sections as tables."""

from collections.abc import Callable

from shortlist.evaluation.metrics import PAIR_METRICS
from shortlist.evaluation.results import (
    DataDescription,
    FeatureImportance,
    ImportanceSection,
    ListSection,
    PairSection,
    Report,
    Section,
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
    lines = tuple(
        Line(
            source.name,
            (*(estimate_cell(source.alone.get(k)) for k in section.ks), estimate_cell(source.gain)),
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
        ),
        lines=lines,
    )


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
                    *(Cell(_number(of(each))) for _, of in measured),
                    Cell(each.meaning),
                ),
            )
            for each in features
        ),
    )


_OTHER_IMPORTANCES: tuple[tuple[str, Callable[[FeatureImportance], float | None]], ...] = (
    ("mean |SHAP|", lambda each: each.shap),
    ("lost if shuffled", lambda each: each.permutation),
)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
