import json

import polars as pl
from tests.datasets.importers.sample import Bench

from shortlist.datasets.importers.film_texts import FILE
from shortlist.datasets.importers.movielens import import_movielens
from shortlist.datasets.importers.run import Policy, importing

FILMS = "movieId,title,genres\n1,Alien (1979),Horror\n2,Aliens,Horror\n3,Amélie,Romance\n"


def test_texts_and_casts_beside_the_films_are_joined_to_them(bench: Bench) -> None:
    bench.file("movies.csv", FILMS)
    bench.file("ratings.csv", "userId,movieId,rating,timestamp\n")
    pl.DataFrame(
        {
            "movieId": [2, 1],
            "extract": [None, "A ship answers a call."],
            "dbpedia_abstract": ["Marines land.", "unused"],
            "cast": [None, ["Sigourney Weaver", "(voices)", ""]],
        }
    ).write_parquet(bench.folder / FILE)

    with importing(bench.facts, bench.rejects, Policy()) as run:
        import_movielens(bench.folder, run)

    items = bench.facts.items()
    assert items["text"].to_list() == ["A ship answers a call.", "Marines land.", None]
    assert json.loads(items["attributes"][0]) == {"year": 1979, "cast": ["Sigourney Weaver"]}
    assert items["attributes"].to_list()[1:] == [None, None]
