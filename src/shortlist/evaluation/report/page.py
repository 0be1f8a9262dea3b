"""The report as one HTML file: tables, charts and all the code they need, nothing fetched."""

import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from shortlist.evaluation.metrics import METRICS
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

    environment = Environment(
        loader=PackageLoader("shortlist.evaluation.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment.get_template("page.html.j2").render(
        report=report,
        parts=parts_of(report),
        metrics=[metric for metric in METRICS.values() if _used(report, metric.name)],
        vega=Markup(_vega_embed()),  # noqa: S704  a library, not data
        as_json=script_json,
    )


@cache
def _vega_embed() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script; putting it together takes seconds."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


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
