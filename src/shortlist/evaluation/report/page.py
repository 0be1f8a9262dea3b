"""The report as one HTML file: tables, charts and all the code they need, nothing fetched."""

import json
from pathlib import Path

from markupsafe import Markup

from shortlist.core.templates import Templates
from shortlist.evaluation.metrics import METRICS
from shortlist.evaluation.report.vega import vega_embed
from shortlist.evaluation.results import (
    ListSection,
    PairSection,
    Report,
)


def write_page(report: Report, path: Path) -> None:
    """Write the page; an existing file is replaced."""
    path.write_text(render_page(report), encoding="utf-8")


def render_page(report: Report) -> str:
    """The report as HTML that makes no request.

    Everything that came out of data is escaped: text by the template, chart data by writing `<`
    as an escape of JSON, so that no title can close the script it stands in. A content security
    policy forbids the page any request. The chart libraries are imported here: the rest of the
    program starts faster without them.
    """
    from shortlist.evaluation.report.parts import parts_of

    templates = Templates("shortlist.evaluation.report", ".", filters={"breakable": breakable})
    context = {
        "report": report,
        "parts": parts_of(report),
        "metrics": [metric for metric in METRICS.values() if _used(report, metric.name)],
        "vega": Markup(vega_embed()),  # noqa: S704  a library, not data
        "as_json": script_json,
    }
    return templates.draw("page.html.j2", context)


def script_json(value: object) -> Markup:
    r"""JSON that is safe inside a script element.

    >>> script_json("</script>")
    Markup('"\\u003c/script\\u003e"')
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    for dangerous in "<>&":
        text = text.replace(dangerous, f"\\u{ord(dangerous):04x}")
    return Markup(text)  # noqa: S704  the characters that end a script are gone


def breakable(name: str) -> Markup:
    """A name that may be broken after its underscores, where a screen is narrow."""
    return Markup("_<wbr>").join(name.split("_"))


def _used(report: Report, metric: str) -> bool:
    return any(
        key.partition("@")[0] == metric
        for section in report.sections
        if isinstance(section, ListSection | PairSection)
        for row in section.rows
        for key in row.metrics
    )
