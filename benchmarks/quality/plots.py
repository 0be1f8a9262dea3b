"""Every row of a problem as a point with its interval, in a picture beside the page."""

from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from benchmarks.quality.measured import Measured, Row

COLOURS = {"popularity": "#8a8f98", "source": "#4c9f70", "ours": "#c8553d", "library": "#3b6ea5"}


def draw(measured: Measured, rows: list[Row], title: str, k: int, file: Path) -> None:
    """The picture as SVG."""
    order = [each.name for each in rows]
    points = [
        {
            "row": each.name,
            "kind": each.kind,
            "value": each.values["ndcg"].value,
            "low": each.values["ndcg"].low,
            "high": each.values["ndcg"].high,
        }
        for each in rows
    ]
    base = alt.Chart(_data(points)).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)),
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None
        ),
    )
    ours = measured.ours.values["ndcg"].value
    line = alt.Chart(_data([{"x": ours}])).mark_rule(color="#c8553d", strokeDash=[3, 3])
    axis = alt.X("low:Q", title=f"NDCG@{k}, 95 % intervals", scale=alt.Scale(zero=False))
    chart = (
        line.encode(x="x:Q")
        + base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
        + base.mark_point(filled=True, size=45, opacity=1).encode(x="value:Q")
    )
    spec: dict[str, Any] = chart.properties(
        title=title, width=420, height=alt.Step(18), background="white"
    ).to_dict()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(vl_convert.vegalite_to_svg(spec), "utf-8")


def _data(records: list[dict[str, Any]]) -> Any:
    return alt.Data(values=records)  # type: ignore[no-untyped-call]
