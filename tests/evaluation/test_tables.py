import io

import pytest
from rich.console import Console
from tests.evaluation.sample import report

from shortlist.evaluation.results import (
    DataDescription,
    Environment,
    Estimate,
    FeatureImportance,
    ImportanceSection,
    ListSection,
    Report,
    Row,
    RowRole,
)
from shortlist.evaluation.tables.grid import Column, Grid, metric_lines, short
from shortlist.evaluation.tables.grids import report_grids, section_grids
from shortlist.evaluation.tables.markdown import markdown_report
from shortlist.evaluation.tables.terminal import print_report, render


def row(name: str, value: float, role: RowRole = "contender", key: str = "ndcg@10") -> Row:
    return Row(name=name, role=role, metrics={key: Estimate(value=value)})


def printed(of: Report, *, full: bool = False, width: int = 100) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_report(of, console, full=full)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def tiny(name: str = "ease", *, simulated: bool = False) -> Report:
    rows = (
        Row(name=name, metrics={"ndcg@10": Estimate(value=0.1643, low=0.158, high=0.1702)}),
        row("popularity", 0.089, "baseline"),
    )
    section = ListSection(
        title="Films", protocol="by time", relevance="all", users=3, ks=(10,), rows=rows
    )
    return Report(
        title="t",
        data=DataDescription(
            name="films", simulated=simulated, users=3, items=4, events=5, catalogue_rule="all"
        ),
        seed=1,
        sections=(section,),
        environment=Environment(version="0", seconds=1, peak_memory_mib=1),
    )


def test_popularity_comes_first_and_limits_last() -> None:
    rows = [row("oracle", 0.9, "limit"), row("ease", 0.1), row("popularity", 0.05)]

    assert [line.name for line in metric_lines(rows, ["ndcg@10"])] == [
        "popularity",
        "ease",
        "oracle",
    ]


def test_the_best_row_is_marked_and_a_limit_is_not_in_the_running() -> None:
    rows = [row("popularity", 0.05), row("ease", 0.1), row("oracle", 0.9, "limit")]

    assert [line.cells[0].best for line in metric_lines(rows, ["ndcg@10"])] == [False, True, False]


def test_lower_is_better_where_the_metric_says_so() -> None:
    rows = [row("popularity", 0.38, key="log_loss"), row("ours", 0.29, key="log_loss")]

    assert [line.cells[0].best for line in metric_lines(rows, ["log_loss"])] == [False, True]


def test_nothing_is_best_where_neither_end_is() -> None:
    rows = [row("popularity", 0.2, key="gini@10"), row("ours", 0.9, key="gini@10")]

    assert not any(line.cells[0].best for line in metric_lines(rows, ["gini@10"]))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, ".5000"), (-0.5, "-.5000"), (10.25, "10.2500"), (0.99999, "1.0000"), (0.0, ".0000")],
)
def test_short_numbers_lose_only_the_zero_before_the_point(value: float, text: str) -> None:
    assert short(value) == text


def test_the_terminal_shows_value_and_interval() -> None:
    assert "0.1643  [.1580 .1702]" in printed(tiny())


@pytest.mark.parametrize("full", [False, True])
def test_the_terminal_never_passes_a_hundred_columns_and_cuts_no_number(full: bool) -> None:
    text = printed(report(), full=full, width=140)

    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "…" not in text


def test_a_table_with_many_columns_gives_up_its_intervals_first() -> None:
    ks = (1, 2, 3, 5, 10)
    values = {f"ndcg@{k}": Estimate(value=0.5, low=0.4, high=0.6) for k in ks}
    lines = metric_lines([Row(name="a_source_of_some_name", metrics=values)], list(values))
    grid = Grid("t", "c", "row", tuple(Column(key, leading=True) for key in values), lines)
    console = Console(width=100, file=io.StringIO())

    console.print(render(grid))

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().count("0.5000") == 5
    assert "[" not in console.file.getvalue()


def test_points_stand_above_each_other() -> None:
    lines = [line for line in printed(tiny()).splitlines() if "0." in line]

    assert len({line.index("0.") for line in lines}) == 1


def test_simulated_data_is_said_first_and_in_every_table() -> None:
    simulated = report(simulated=True)

    assert printed(simulated).splitlines()[0].startswith("Simulated data")
    assert all("SIMULATED" in grid.caption for grid in report_grids(simulated))
    assert not any("SIMULATED" in grid.caption for grid in report_grids(report()))


def test_the_terminal_reads_no_markup_in_names() -> None:
    assert "[red]x[/red]" in printed(tiny("[red]x[/red]"))


def test_markdown_is_a_table_with_the_best_in_bold() -> None:
    text = markdown_report(tiny("two_stage"))

    assert "| row | NDCG@10 |\n| --- | ---: |\n| popularity | 0.0890 |\n" in text
    assert "| two\\_stage | **0.1643** [.1580 .1702] |" in text


def test_markdown_shows_hostile_names_as_they_are() -> None:
    text = markdown_report(tiny("a|b\n<img src=x> `c`"))

    assert "| a\\|b \\<img src=x\\> \\`c\\` |" in text


def test_differences_say_what_they_mean() -> None:
    found = next(grid for grid in report_grids(report()) if "differences" in grid.title)

    assert [line.name for line in found.lines] == [
        "two_stage - popularity",
        "two_stage - ease",
        "two_stage - blend",
    ]
    assert {line.cells[2].text for line in found.lines} == {"better"}


def test_other_importances_have_a_column_only_where_they_were_measured() -> None:
    features = (
        FeatureImportance(name="age", gain=0.75, meaning="m", shap=0.1234),
        FeatureImportance(name="era", gain=0.25, meaning="m"),
    )
    section = ImportanceSection(title="t", features=features)

    (grid,) = section_grids(section, tiny().data)

    assert [each.heading for each in grid.columns] == ["share of gain", "mean |SHAP|", "what it is"]
    assert [line.cells[1].text for line in grid.lines] == ["0.1234", "-"]


def test_lists_are_counted_where_users_have_several() -> None:
    (section,) = tiny().sections
    several = section.model_copy(update={"lists": 1500})

    assert section_grids(section, tiny().data)[0].caption.endswith(" 3 users")
    assert section_grids(several, tiny().data)[0].caption.endswith(" 1,500 lists of 3 users")


def test_what_beats_what_is_said_in_words_everywhere() -> None:
    sentence = "two_stage beats popularity by"

    assert sentence in printed(report())
    assert sentence.replace("_", "\\_") in markdown_report(report())
