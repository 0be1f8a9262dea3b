"""Results -> Vega-Lite specifications, with the data inside.

Field names are ours and rows are data, so no name out of a log is ever read as code. Colours
are names such as "@accent": the page replaces them by those of the light or the dark scheme.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from shortlist.evaluation.report.palette import Palette
from shortlist.evaluation.results import (
    Curve,
    Estimate,
    ImportanceSection,
    ListSection,
    PairSection,
    PopularitySection,
    Row,
    SourceSection,
)
from shortlist.evaluation.tables.grid import heading_of, in_order
from shortlist.evaluation.tables.grids import SHARES_OF, group_name

Spec = dict[str, Any]
Records = list[dict[str, Any]]

LINES_SHOWN = 6
FEATURES_SHOWN = 20

SPREAD = 0.618034
"""Steps of the golden ratio spread points over a lane without clumps, and always alike."""


def headline_chart(section: ListSection, colours: Palette) -> Spec:
    """The headline metric of every row, with its interval."""
    rows = [row for row in in_order(section.rows) if section.headline in row.metrics]
    records = [_interval(row.metrics[section.headline], row=row.name) for row in rows]
    names = [row.name for row in rows]
    return _bars(records, names, colours, x=heading_of(section.headline))


def by_k_chart(section: ListSection, colours: Palette) -> Spec:
    """The headline metric at every k, of the rows that tell most."""
    name = section.headline.partition("@")[0]
    rows = telling_rows(section)
    records = [
        _interval(row.metrics[f"{name}@{k}"], row=row.name, x=k)
        for row in rows
        for k in section.ks
        if f"{name}@{k}" in row.metrics
    ]
    return _lines(
        records, colours, [row.name for row in rows], list(section.ks), x="k", y=heading_of(name)
    )


def by_history_chart(section: ListSection, colours: Palette) -> Spec:
    """The headline metric for users of short and of long histories."""
    rows = telling_rows(section)
    labels = [f"{group.shortest}-{group.longest}" for group in section.by_history]
    records = [
        _interval(group.values[row.name], row=row.name, x=label)
        for label, group in zip(labels, section.by_history, strict=True)
        for row in rows
        if row.name in group.values
    ]
    title = "events in the history"
    return _lines(
        records,
        colours,
        [row.name for row in rows],
        labels,
        x=title,
        y=heading_of(section.headline),
    )


def calibration_chart(section: PairSection, colours: Palette) -> Spec:
    """Predicted probability against the share that came true."""
    return _curves(section, section.calibration, colours, x="predicted", y="came true", points=True)


def roc_chart(section: PairSection, colours: Palette) -> Spec:
    """True against false positive rate."""
    return _curves(section, section.roc, colours, x="false positive rate", y="true positive rate")


def source_chart(section: SourceSection, colours: Palette) -> Spec:
    """Recall of each source's first k."""
    records = [
        _interval(source.alone[k], row=source.name, x=k)
        for source in section.sources
        for k in section.ks
    ]
    names = [source.name for source in section.sources]
    lines = _lines(records, colours, names, list(section.ks), x="k (candidates)", y="recall@k")
    union = alt.Chart(_data([{"row": "all together", **_interval(section.union)}]))
    whole = union.mark_rule(strokeDash=[4, 4], strokeWidth=1.5).encode(
        y="value:Q", color=alt.value("@ink"), tooltip=_interval_tooltip()
    )
    rule = whole.to_dict()
    lines["layer"].append({part: rule[part] for part in ("data", "mark", "encoding")})
    return lines


def gain_chart(section: SourceSection, colours: Palette) -> Spec:
    """What the union loses without each source."""
    names = [each.name for each in sorted(section.sources, key=lambda each: -each.gain.value)]
    records = [_interval(each.gain, row=each.name) for each in section.sources]
    return _bars(records, names, colours, x="recall lost without it")


def importance_chart(section: ImportanceSection) -> Spec:
    """The features the ranker gains most by."""
    features = sorted(section.features, key=lambda each: -each.gain)[:FEATURES_SHOWN]
    records = [
        {"feature": each.name, "gain": each.gain, "meaning": each.meaning} for each in features
    ]
    chart = (
        alt.Chart(_data(records))
        .mark_bar(height={"band": 0.7}, cornerRadiusEnd=2)
        .encode(
            x=alt.X("gain:Q").title("share of gain").axis(format="%"),
            y=_names_axis([each.name for each in features], field="feature"),
            color=alt.value("@accent"),
            tooltip=[
                alt.Tooltip("feature:N"),
                alt.Tooltip("gain:Q", format=".1%"),
                alt.Tooltip("meaning:N"),
            ],
        )
    )
    return _finished(chart, height=20 * len(features) + 10)


def contributions_chart(section: ImportanceSection) -> Spec:
    """What features add to the scores of some candidates, point by point."""
    features = sorted(
        (each for each in section.features if each.sample), key=lambda each: -(each.shap or 0)
    )
    records = [
        {
            "feature": each.name,
            "shap": point.shap,
            "place": point.place,
            "lane": SPREAD * position % 1,
        }
        for each in features
        for position, point in enumerate(each.sample)
    ]
    names = [each.name for each in features]
    base = alt.Chart(_data(records)).encode(y=_names_axis(names, "feature"))
    points = base.mark_circle(size=18).encode(
        x=alt.X("shap:Q").title("added to the score"),
        yOffset=alt.YOffset("lane:Q").scale(domain=[-0.2, 1.2]),
        color=alt.value("@accent"),
        opacity=alt.Opacity("place:Q").scale(domain=[0, 1], range=[0.12, 1]).legend(None),
        tooltip=[
            alt.Tooltip("feature:N"),
            alt.Tooltip("shap:Q", title="added", format="+.3f"),
            alt.Tooltip("place:Q", title="its value stands at", format=".0%"),
        ],
    )
    return _finished(points, height=24 * len(features) + 10)


def shuffling_chart(section: ImportanceSection) -> Spec:
    """What the headline metric loses when a feature's values are shuffled."""
    losses = {each.name: each.permutation for each in section.features if each.permutation}
    names = sorted(losses, key=lambda name: -losses[name].value)[:FEATURES_SHOWN]
    records = [_interval(losses[name], row=name) for name in names]
    return _bars(records, names, dict.fromkeys(names, "@accent"), x="NDCG@10 lost")


def popularity_chart(section: PopularitySection, colours: Palette) -> Spec:
    """The shares of each tenth of the items."""
    shares = list(section.groups[0].shares)
    names = [SHARES_OF.get(name, name) for name in shares]
    labels = [group_name(place, len(section.groups)) for place in range(len(section.groups))]
    records = [
        {"row": name, "x": label, "value": group.shares[share]}
        for label, group in zip(labels, section.groups, strict=True)
        for name, share in zip(names, shares, strict=True)
    ]
    known = {"choices before": "@c1", "choices after": "@c2"} | colours
    chart = (
        alt.Chart(_data(records))
        .mark_bar()
        .encode(
            x=alt.X("x:O").title("items by popularity").sort(labels).axis(labelAngle=-40),
            xOffset=alt.XOffset("row:N").sort(names),
            y=alt.Y("value:Q").title("share").axis(format="%"),
            color=_colour(names, known, legend=True),
            tooltip=[alt.Tooltip("row:N"), alt.Tooltip("value:Q", title="share", format=".1%")],
        )
    )
    return _finished(chart, height=260)


def telling_rows(section: ListSection) -> list[Row]:
    """Baselines, subjects, limits, and the best of the others, up to what a chart bears."""
    rows = [row for row in in_order(section.rows) if section.headline in row.metrics]
    named = [row.name for row in rows if row.role != "contender" or row.name == "popularity"]
    others = sorted(
        (row for row in rows if row.name not in named),
        key=lambda row: -row.metrics[section.headline].value,
    )
    kept = {*named, *(row.name for row in others[: max(0, LINES_SHOWN - len(named))])}
    return [row for row in rows if row.name in kept]


def _bars(records: Records, names: list[str], colours: Palette, *, x: str) -> Spec:
    base = alt.Chart(_data(records)).encode(y=_names_axis(names))
    bars = base.mark_bar(height={"band": 0.7}, cornerRadiusEnd=2).encode(
        x=alt.X("value:Q").title(x).scale(zero=True),
        color=_colour(names, colours, legend=False),
        tooltip=_interval_tooltip(),
    )
    rules = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q", color=alt.value("@ink"))
    return _finished(alt.layer(bars, rules), height=24 * len(names) + 10)


def _lines(
    records: Records, colours: Palette, names: Sequence[str], order: list[Any], *, x: str, y: str
) -> Spec:
    base = alt.Chart(_data(records)).encode(
        x=alt.X("x:O").title(x).sort(order).axis(labelAngle=0),
        y=alt.Y("value:Q").title(y).scale(zero=True),
        color=_colour(names, colours, legend=True),
    )
    line = base.mark_line(strokeWidth=2)
    points = base.mark_point(filled=True, size=45, opacity=1).encode(
        tooltip=[*_interval_tooltip(), alt.Tooltip("x:O", title=x)]
    )
    return _finished(alt.layer(line, points), height=260)


def _curves(
    section: PairSection,
    curves: Mapping[str, Curve],
    colours: Palette,
    *,
    x: str,
    y: str,
    points: bool = False,
) -> Spec:
    names = [row.name for row in in_order(section.rows) if row.name in curves]
    records = [
        {"row": name, "x": px, "y": py, "order": position}
        for name in names
        for position, (px, py) in enumerate(zip(curves[name].x, curves[name].y, strict=True))
    ]
    # Few candidates come true: a calibration curve is drawn as far as its probabilities reach.
    reach = max([*(max(*curves[name].x, *curves[name].y) for name in names), 0.0])
    top = reach if points and reach else 1.0
    unit = alt.Scale(domain=[0, top], nice=False)
    diagonal = (
        alt.Chart(_data([{"x": 0, "y": 0}, {"x": top, "y": top}]))
        .mark_line(strokeDash=[4, 4], strokeWidth=1)
        .encode(x="x:Q", y="y:Q", color=alt.value("@muted"))
    )
    base = alt.Chart(_data(records)).encode(
        x=alt.X("x:Q").title(x).scale(unit),
        y=alt.Y("y:Q").title(y).scale(unit),
        order=alt.Order("order:Q"),
        color=_colour(names, colours, legend=True),
        tooltip=[
            alt.Tooltip("row:N"),
            alt.Tooltip("x:Q", title=x, format=".3f"),
            alt.Tooltip("y:Q", title=y, format=".3f"),
        ],
    )
    layers = [diagonal, base.mark_line(strokeWidth=2)]
    if points:
        layers.append(base.mark_point(filled=True, size=40, opacity=1))
    return _finished(alt.layer(*layers), height=300)


def _colour(names: Sequence[str], colours: Palette, *, legend: bool) -> alt.Color:
    scale = alt.Scale(domain=list(names), range=[colours[name] for name in names])
    shown = alt.Legend(title=None, orient="bottom", columns=2, labelLimit=160, symbolType="stroke")
    return alt.Color("row:N", scale=scale, legend=shown if legend else None)


def _names_axis(names: list[str], field: str = "row") -> alt.Y:
    return alt.Y(f"{field}:N").title(None).sort(names).axis(labelLimit=150, ticks=False)


def _data(records: Records) -> alt.Data:
    return alt.Data(values=records)  # type: ignore[no-untyped-call]


def _interval(estimate: Estimate, **more: str | int) -> dict[str, Any]:
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    return {"value": estimate.value, "low": low, "high": high, **more}


def _interval_tooltip() -> list[alt.Tooltip]:
    numbers = [alt.Tooltip(f"{name}:Q", format=".4f") for name in ("value", "low", "high")]
    return [alt.Tooltip("row:N"), *numbers]


def _finished(chart: alt.Chart | alt.LayerChart | alt.FacetChart, height: int) -> Spec:
    spec: Spec = chart.to_dict()
    spec.pop("config", None)
    fit = {"type": "fit-x", "contains": "padding"}
    return spec | {"width": "container", "height": height, "autosize": fit}
