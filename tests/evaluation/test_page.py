import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.evaluation.sample import report, source_section

from shortlist.evaluation.report.page import render_page, write_page
from shortlist.evaluation.results import Report

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} & \"'"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


class Reader(HTMLParser):
    """Elements, their attributes, and the text inside JSON scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.specs: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = "spec" if dict(attrs).get("type") == "application/json" else tag
        if self._inside == "spec":
            self.specs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "spec":
            self.specs[-1] += data
        elif self._inside not in ("script", "style"):
            self.text.append(data)


@pytest.fixture(scope="module")
def plain() -> Reader:
    return Reader(render_page(report()))


@pytest.fixture(scope="module")
def hostile() -> Reader:
    return Reader(render_page(renamed(report(title=HOSTILE, name=HOSTILE), "ease", HOSTILE)))


def renamed(original: Report, old: str, new: str) -> Report:
    """The report with one row called otherwise, everywhere."""
    text = original.model_dump_json().replace(json.dumps(old), json.dumps(new))
    return Report.model_validate_json(text)


def test_it_has_a_chart_for_everything_worth_seeing(plain: Reader) -> None:
    titles = "".join(plain.text)

    assert len(plain.specs) == 8
    for title in (
        "NDCG@10 of every row",
        "Calibration",
        "ROC",
        "Recall of the sources",
        "What each source adds",
    ):
        assert title in titles


def test_every_chart_holds_its_data_and_has_words_for_it(plain: Reader) -> None:
    assert all(json.loads(spec)["$schema"].startswith("https://vega") for spec in plain.specs)
    charts = [attributes for _, attributes in plain.tags if "data-spec" in attributes]
    assert len(charts) == 8
    assert all(each["aria-label"] for each in charts)


def test_it_asks_nothing_of_the_network(plain: Reader) -> None:
    loads = {"src", "srcset", "data", "poster", "action"}
    found = [(tag, name) for tag, attributes in plain.tags for name in loads & set(attributes)]
    links = [attributes["href"] or "" for tag, attributes in plain.tags if "href" in attributes]

    assert found == []
    assert all(link.startswith("#") for link in links)
    assert not any(tag == "link" for tag, _ in plain.tags)
    assert not any('"url"' in spec for spec in plain.specs)
    policy = next(each["content"] or "" for _, each in plain.tags if "http-equiv" in each)
    assert policy.startswith("default-src 'none'")


def test_hostile_names_stay_text(plain: Reader, hostile: Reader) -> None:
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert not any(name.startswith("on") for _, each in hostile.tags for name in each)
    assert HOSTILE in "".join(hostile.text)


def test_hostile_names_reach_charts_unchanged(hostile: Reader) -> None:
    rows = json.loads(hostile.specs[0])["layer"][0]["encoding"]["color"]["scale"]["domain"]

    assert HOSTILE in rows


def test_a_row_has_one_colour_in_every_chart(plain: Reader) -> None:
    found: dict[str, set[str]] = {}
    for spec in plain.specs:
        for scale in re.findall(r'"scale": ({"domain": \[".*?}|{"domain": \[\]})', spec):
            each = json.loads(scale)
            for name, colour in zip(each["domain"], each["range"], strict=True):
                found.setdefault(name, set()).add(colour)

    assert {"popularity", "ease", "two_stage", "oracle"} <= set(found)
    assert all(len(colours) == 1 for colours in found.values())


def test_simulated_data_is_said_at_the_top() -> None:
    text = "".join(Reader(render_page(report(simulated=True))).text)

    assert "A simulator made these events" in text
    assert "A simulator made these events" not in "".join(Reader(render_page(report())).text)


def test_an_empty_report_is_a_page(tmp_path: Path) -> None:
    empty = report().model_copy(update={"sections": ()})

    write_page(empty, tmp_path / "report.html")

    assert "MovieLens latest-small" in (tmp_path / "report.html").read_text()


@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_a_browser_draws_every_chart_without_complaint(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_page(renamed(report(title=HOSTILE), "ease", HOSTILE), page)

    done = subprocess.run(
        [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            "--virtual-time-budget=20000",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert done.stdout.count('class="marks"') == 8
    assert "CONSOLE" not in done.stderr


def test_it_starts_with_how_to_read_it_and_what_was_found(plain: Reader) -> None:
    text = "".join(plain.text)

    places = [text.index(each) for each in ("93,000", "How to read this", "two_stage beats")]

    assert places == sorted(places)
    assert places[-1] < text.index("NDCG@10 of every row")


def test_the_union_of_the_sources_is_a_line_in_their_chart(plain: Reader) -> None:
    spec = next(each for each in plain.specs if "all together" in each)

    rule = json.loads(spec)["layer"][-1]

    expected = source_section().union.value
    assert rule["mark"]["type"] == "rule"
    assert rule["data"]["values"][0]["value"] == expected


def test_it_says_from_when_to_when() -> None:
    assert "2018-01-02 to 2019-03-04" in "".join(Reader(render_page(dated())).text)


def dated() -> Report:
    original = report()
    period = {
        "from_time": datetime(2018, 1, 2, tzinfo=UTC),
        "until_time": datetime(2019, 3, 4, tzinfo=UTC),
    }
    data = original.data.model_copy(update=period)
    return original.model_copy(update={"data": data, "sections": ()})
