import json

import pytest
from tests.datasets.importers.sample import LENIENT, Bench

from shortlist.core.errors import BadFile, TooManyBadRows
from shortlist.core.times import SECOND
from shortlist.datasets.importers.movielens import import_movielens
from shortlist.datasets.importers.movietweetings import import_movietweetings
from shortlist.datasets.importers.run import FileReport, Policy, importing

FLAGS = "|".join("1" if at in (1, 16) else "0" for at in range(19))
LAYOUTS: dict[str, dict[str, str | bytes]] = {
    "latest": {
        "movies.csv": 'movieId,title,genres\n1,"Amélie, A Film (2001)",Comedy|Romance\n'
        "2,Untitled,(no genres listed)\n",
        "ratings.csv": "userId,movieId,rating,timestamp\n5,1,4.5,1000\n6,2,0.5,1001\n",
        "tags.csv": 'userId,movieId,tag,timestamp\n5,1,"so ""French""",1002\n',
    },
    "1m": {
        "movies.dat": "1::Amélie, A Film (2001)::Comedy|Romance\n2::Untitled::\n".encode("latin-1"),
        "ratings.dat": "5::1::4.5::1000\n6::2::0.5::1001\n",
        "users.dat": "5::F::25::4::02139\n6::M::1::10::48067\n",
    },
    "10m": {
        "movies.dat": "1::Amélie, A Film (2001)::Comedy|Romance\n2::Untitled::\n",
        "ratings.dat": "5::1::4.5::1000\n6::2::0.5::1001\n",
        "tags.dat": '5::1::so "French"::1002\n',
    },
    "100k": {
        "u.item": f"1|Amélie, A Film (2001)|01-Jan-2001||http://x|{FLAGS}\n".encode("latin-1")
        + b"2|Untitled|||" + b"|0" * 19 + b"\n",
        "u.data": "5\t1\t4.5\t1000\n6\t2\t0.5\t1001\n",
        "u.user": "5|25|F|artist|02139\n6|1|M|other|48067\n",
    },
}  # fmt: skip
GENRES = {"100k": ["Action", "Thriller"]}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest, bench: Bench) -> str:
    for name, content in LAYOUTS[request.param].items():
        bench.file(name, content)
    return str(request.param)


def imported(bench: Bench) -> list[FileReport]:
    with importing(bench.facts, bench.rejects, LENIENT) as run:
        import_movielens(bench.folder, run)
    return run.report.files


def test_every_layout_gives_the_same_films_and_ratings(bench: Bench, layout: str) -> None:
    reports = imported(bench)

    assert sum(each.bad for each in reports) == 0
    items = bench.facts.items()
    assert items["title"].to_list() == ["Amélie, A Film (2001)", "Untitled"]
    assert items["categories"][0].to_list() == GENRES.get(layout, ["Comedy", "Romance"])
    assert not len(items["categories"].fill_null([])[1])
    assert json.loads(items["attributes"][0]) == {"year": 2001}
    ratings = bench.log.filter(kind="rating").select("user", "item", "value", "time").rows()
    assert ratings == [("5", "1", 4.5, 1000 * SECOND), ("6", "2", 0.5, 1001 * SECOND)]


def test_a_tag_is_an_event_and_not_part_of_the_film(bench: Bench, layout: str) -> None:
    imported(bench)

    tags = bench.log.filter(kind="tag").select("user", "item", "value", "time", "text").rows()
    expected = [("5", "1", None, 1002 * SECOND, 'so "French"')]
    assert tags == (expected if layout in ("latest", "10m") else [])
    assert bench.facts.items()["text"].to_list() == [None, None]


def test_people_are_kept_where_they_are_described(bench: Bench, layout: str) -> None:
    imported(bench)

    people = dict(bench.facts.users().rows())
    if layout == "1m":
        assert json.loads(people["5"]) == {"gender": "F", "age": "25", "occupation": "4"}
    elif layout == "100k":
        assert json.loads(people["6"]) == {"gender": "M", "age": "1", "occupation": "other"}
    else:
        assert people == {}


def test_a_second_import_adds_nothing(bench: Bench, layout: str) -> None:
    first = imported(bench)

    second = imported(bench)

    assert [each.known for each in second] == [each.added for each in first]
    assert sum(each.added + each.bad for each in second) == 0


def test_a_bad_file_takes_the_good_ones_with_it(bench: Bench) -> None:
    for name, content in LAYOUTS["latest"].items():
        bench.file(name, content)
    bench.file("tags.csv", "userId,movieId,tag,timestamp\n5,1,French,soon\n")

    with (
        pytest.raises(TooManyBadRows, match=r"tags\.csv"),
        importing(bench.facts, bench.rejects, Policy()) as run,
    ):
        import_movielens(bench.folder, run)

    assert (bench.facts.count_items(), bench.facts.count_events()) == (0, 0)


def test_ratings_of_films_nobody_described_are_told(bench: Bench) -> None:
    for name, content in LAYOUTS["latest"].items():
        bench.file(name, content)
    bench.file("ratings.csv", "userId,movieId,rating,timestamp\n5,1,4.5,1000\n5,99,4.5,1000\n")

    imported(bench)

    assert bench.rejected == [(3, "unknown item", "item: 99")]


def test_another_folder_is_told_what_was_expected(bench: Bench) -> None:
    bench.file("notes.txt", "")

    with pytest.raises(BadFile, match=r"movies\.csv and ratings\.csv.*It holds .*notes\.txt"):
        imported(bench)


def test_movietweetings_rate_from_0_to_10(bench: Bench) -> None:
    bench.file("movies.dat", "0002844::Fantômas (1913)::Crime|Drama\n")
    bench.file("ratings.dat", "1::0002844::10::1365029107\n")

    with importing(bench.facts, bench.rejects, Policy()) as run:
        import_movietweetings(bench.folder, run)

    assert bench.facts.items()["title"].to_list() == ["Fantômas (1913)"]
    rows = bench.log.select("user", "item", "kind", "value", "time").rows()
    assert rows == [("1", "0002844", "rating10", 10.0, 1365029107 * SECOND)]


def test_a_folder_without_ratings_is_no_movietweetings(bench: Bench) -> None:
    bench.file("movies.dat", "")

    with (
        pytest.raises(BadFile, match=r"no ratings\.dat"),
        importing(bench.facts, bench.rejects, Policy()) as run,
    ):
        import_movietweetings(bench.folder, run)
