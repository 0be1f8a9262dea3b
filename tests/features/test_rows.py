import numpy as np
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, after

from shortlist.core.candidates import Query
from shortlist.features.rows import Rows


def items(*places: int) -> np.ndarray:
    return np.array(places, np.int32)


THREE = Rows.of(
    [after(ALIEN, ALIENS, time=5), Query(time=6, shown=items(AMELIE)), after(PADDINGTON, time=7)],
    [items(AMELIE, PADDINGTON), items(ALIEN), items()],
)


def test_rows_stand_query_after_query() -> None:
    assert THREE.query.tolist() == [0, 0, 1]
    assert THREE.item.tolist() == [AMELIE, PADDINGTON, ALIEN]
    assert THREE.time.tolist() == [5, 6, 7]
    assert (len(THREE), THREE.n_queries) == (3, 3)


def test_each_event_knows_its_query_and_how_many_came_after_it() -> None:
    assert THREE.history.tolist() == [ALIEN, ALIENS, PADDINGTON]
    assert THREE.lengths.tolist() == [2, 0, 1]
    assert THREE.owner.tolist() == [0, 0, 2]
    assert THREE.age.tolist() == [1, 0, 0]


def test_what_was_shown_belongs_to_its_query() -> None:
    assert THREE.shown.tolist() == [AMELIE]
    assert THREE.shown_owner.tolist() == [1]


def test_rows_of_one_query_have_the_same_types_as_rows_of_many() -> None:
    one = Rows.of([after(ALIEN, time=5)], [items(AMELIE)])

    types = {name: column.dtype for name, column in vars(one).items() if name in vars(THREE)}

    assert types == {name: vars(THREE)[name].dtype for name in types}
    assert len(types) >= 10


def test_no_queries_make_no_rows() -> None:
    nothing = Rows.of([], [])

    assert (len(nothing), nothing.n_queries) == (0, 0)
    assert nothing.lengths.tolist() == nothing.age.tolist() == []
