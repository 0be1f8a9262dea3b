import pytest
from tests.datasets.importers.sample import Bench

from shortlist.core.errors import BadFile, Invalid, TooManyBadRows
from shortlist.core.events import Event
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.run import Policy
from shortlist.datasets.importers.tables import TableFile
from shortlist.storage.facts.frames import ITEMS, of_schema

HEADER = "user,item,stars,time\n"
GOOD = "ann,alien,4.5,1000000000\n"


def test_a_row_becomes_an_event(bench: Bench) -> None:
    report = bench.events(HEADER + GOOD)

    assert (report.rows, report.added, report.known, report.bad) == (1, 1, 0, 0)
    expected = Event("ann", "alien", "rating", value=4.5, time=10**15)
    assert bench.log["id"].to_list() == [expected.id]
    assert not bench.rejects.exists()


def test_every_column_may_be_mapped_whatever_its_place(bench: Bench) -> None:
    columns = EventColumns(
        user="u", item="i", time="t", kind="k", value="v", id="e", session="s", text="w"
    )

    bench.events("w,s,other,t,v,k,i,u,e\nhi,s1,x,1970-01-02,,tag,alien,ann,e1\n", columns)

    (event,) = bench.log.drop("sequence", "decision").to_dicts()
    assert event == {
        "id": "e1",
        "user": "ann",
        "item": "alien",
        "kind": "tag",
        "value": None,
        "time": 86_400_000_000,
        "session": "s1",
        "text": "hi",
    }


def test_a_second_import_of_the_same_file_adds_nothing(bench: Bench) -> None:
    content = HEADER + GOOD + "bob,alien,3,1000000001\n"
    bench.events(content)

    report = bench.events(content)

    assert (report.rows, report.added, report.known, report.bad) == (2, 0, 2, 0)
    assert bench.facts.count_events() == 2


BAD = {
    ",alien,4,1": "missing field",
    "  ,alien,4,1": "missing field",
    "ann,,4,1": "missing field",
    "ann,alien,,1": "missing field",
    "ann,alien,4,": "missing field",
    "ann,alien,4": "wrong number of fields",
    "ann,alien,4,1,5": "wrong number of fields",
    "ann,alien,4,yesterday": "unparsable time",
    "ann,alien,4,nan": "unparsable time",
    "ann,alien,4,2024-02-30": "unparsable time",
    "ann,alien,4,1700000000000": "time out of range",
    "ann,alien,4,1e300": "time out of range",
    "ann,alien,4,99999999999999999999": "time out of range",
    "ann,alien,4,-99999999999": "time out of range",
    "ann,alien,4,3000-01-01": "time out of range",
    "ann,alien,good,1": "unparsable value",
    "ann,alien,nan,1": "value not finite",
    "ann,alien,-inf,1": "value not finite",
    "x" * 257 + ",alien,4,1": "id too long",
    "a\tb,alien,4,1": "control character",
    "a\0b,alien,4,1": "control character",
    '"ann"x,alien,4,1': "malformed quotes",
    "ann,alien,4.5,1000000000": "duplicate",
}


@pytest.mark.parametrize("quoted", ["", '"zoë","b,c",5,7\n'], ids=["plain", "quoted"])
@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_told_with_its_line_and_reason(bench: Bench, row: str, quoted: str) -> None:
    if '"' in row and not quoted:
        quoted = '"zoë","b,c",5,7\n'

    report = bench.events(HEADER + GOOD + quoted + row + "\nbob,alien,3,1000000001\n")

    ((line, reason, _),) = bench.rejected
    assert line == 3 + (quoted != "")
    assert reason == BAD[row]
    assert report.bad == 1
    assert report.added == report.rows - 1


def test_a_row_that_is_not_utf_8_is_told(bench: Bench) -> None:
    report = bench.events(HEADER.encode() + GOOD.encode() + b"zo\xeb,alien,4,1\n")

    assert bench.rejected == [(3, "wrong encoding", "")]
    assert report.added == 1


def test_the_rejects_show_what_was_there(bench: Bench) -> None:
    bench.events(HEADER + GOOD + "ann,alien,4,yesterday\n")

    assert bench.rejected == [(3, "unparsable time", "time: yesterday")]


def test_another_encoding_can_be_said(bench: Bench) -> None:
    path = bench.file("events.csv", HEADER.encode() + b'zo\xeb,alien,4,1\n"zo\xeb",b,4,1\n')

    bench.events(path, table=TableFile(path, encoding="latin-1"))

    assert bench.log["user"].to_list() == ["zoë", "zoë"]


def test_a_record_over_several_lines_counts_from_its_first(bench: Bench) -> None:
    rows = '"a\n\nb",x,1,1\nann,alien,4,never\n'

    bench.events(HEADER + '"ann","al""ien",4,1\n' + rows)

    assert bench.rejected == [
        (3, "control character", "user: a\n\nb"),
        (6, "unparsable time", "time: never"),
    ]
    assert bench.log["item"].to_list() == ['al"ien']


def test_an_unclosed_quote_costs_one_row(bench: Bench) -> None:
    bench.events(HEADER + '"ann,alien,4,1\nbob,alien,4,1\ncid,alien,4,1\n')

    assert bench.rejected == [(2, "malformed quotes", "")]
    assert bench.log["user"].to_list() == ["bob", "cid"]


def test_a_quote_within_an_unquoted_field_is_a_character(bench: Bench) -> None:
    bench.events(HEADER + 'ann,12" single,4,1\n')

    assert bench.log["item"].to_list() == ['12" single']


def test_a_value_may_be_missing_where_kinds_differ(bench: Bench) -> None:
    columns = EventColumns(user="user", item="item", value="stars", kind="time")

    report = bench.events(HEADER + "ann,alien,,view\nann,alien,4,rating\n", columns)

    assert report.added == 2
    assert bench.log["value"].to_list() == [None, 4.0]


def test_without_a_time_column_events_have_no_time(bench: Bench) -> None:
    bench.events(HEADER + GOOD, EventColumns(user="user", item="item"))

    assert bench.log.select("kind", "time", "value").rows() == [("interaction", None, None)]


@pytest.mark.parametrize(
    ("unit", "count"), [("s", "1.5"), ("ms", "1500"), ("us", "1500000"), ("ns", "1500000000")]
)
def test_a_time_may_count_another_unit(bench: Bench, unit: str, count: str) -> None:
    columns = EventColumns(user="user", item="item", time="time", time_unit=unit)  # type: ignore[arg-type]

    bench.events(HEADER + f"ann,alien,4,{count}\n", columns)

    assert bench.log["time"].to_list() == [1_500_000]


def test_too_many_bad_rows_refuse_the_whole_file(bench: Bench) -> None:
    content = HEADER + GOOD * 9 + "bob,alien,4,1700000000000\n"

    with pytest.raises(TooManyBadRows) as refused:
        bench.events(content, policy=Policy(max_bad_share=0.05))

    message = str(refused.value)
    assert "9 of the 10 rows" in message
    assert "8 duplicate, 1 time out of range" in message
    assert str(bench.rejects) in message
    assert "--time-unit ms" in message
    assert bench.facts.count_events() == 0


def test_just_the_share_of_bad_rows_is_let_pass(bench: Bench) -> None:
    rows = "".join(f"u{each},alien,4,1\n" for each in range(19))

    report = bench.events(HEADER + rows + ",,,\n", policy=Policy(max_bad_share=0.05))

    assert (report.added, report.bad) == (19, 1)


def test_items_nobody_described_are_rejected_where_there_is_a_catalogue(bench: Bench) -> None:
    bench.facts.put_items(of_schema({"id": ["alien"]}, ITEMS))

    bench.events(HEADER + GOOD + "ann,aliens,4,1\n")

    assert bench.rejected == [(3, "unknown item", "item: aliens")]
    assert bench.log["item"].to_list() == ["alien"]


def test_items_nobody_described_are_added_on_demand(bench: Bench) -> None:
    bench.facts.put_items(of_schema({"id": ["alien"], "title": ["Alien"]}, ITEMS))
    policy = Policy(max_bad_share=1, unknown_items="add")

    report = bench.events(HEADER + GOOD + "ann,aliens,4,1\n", policy=policy)

    assert report.added == 2
    assert bench.facts.items().select("id", "title").rows() == [
        ("alien", "Alien"),
        ("aliens", None),
    ]


def test_without_a_catalogue_every_item_is_unknown_to_a_strict_import(bench: Bench) -> None:
    report = bench.events(HEADER + GOOD, policy=Policy(max_bad_share=1, unknown_items="reject"))

    assert (report.added, report.bad) == (0, 1)


def test_a_missing_column_is_answered_with_those_there_are(bench: Bench) -> None:
    with pytest.raises(BadFile, match=r"no column 'who'.*'user', 'item', 'stars', 'time'"):
        bench.events(HEADER + GOOD, EventColumns(user="who", item="item"))


def test_a_column_cannot_mean_two_things(bench: Bench) -> None:
    with pytest.raises(Invalid, match="'user'"):
        EventColumns(user="user", item="user")


def test_batches_are_as_small_as_asked(bench: Bench) -> None:
    rows = "".join(f"u{each},alien,4,1\n" for each in range(10))

    report = bench.events(HEADER + rows + "u0,alien,4,1\n", policy=Policy(1, batch_rows=3))

    assert (report.added, report.bad) == (10, 1)
    assert bench.rejected == [(12, "duplicate", "item: alien")]


def test_other_separators_are_understood(bench: Bench) -> None:
    for name, separator, said in (
        ("a.tsv", "\t", None),
        ("b.csv", "::", "::"),
        ("c.csv", ";", ";"),
    ):
        path = bench.file(name, (HEADER + GOOD.replace("ann", name)).replace(",", separator))
        bench.events(path, table=TableFile(path, separator=said))

    assert bench.log["user"].to_list() == ["a.tsv", "b.csv", "c.csv"]
