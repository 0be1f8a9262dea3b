import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON

from shortlist.pipeline.explain import Driver, Explanation
from shortlist.pipeline.reasons import BY_SOURCE, reason
from shortlist.retrieval import SOURCES


def why(item: int, *drivers: Driver, sources: tuple[str, ...] = ("popularity",)) -> str:
    """The sentence about an item that some sources proposed and some events drove."""
    return reason(Explanation(item, 1.0, 0.0, [], sources, drivers), FILMS)


def rated(item: int, stars: float) -> Driver:
    return Driver(item, stars, 0.5)


def chose(item: int) -> Driver:
    return Driver(item, None, 0.5)


@pytest.mark.parametrize(
    ("drivers", "said"),
    [
        ([rated(ALIEN, 5)], "Because you rated Alien 5."),
        ([chose(ALIEN)], "Because you chose Alien."),
        ([rated(ALIEN, 5), rated(ALIENS, 4.5)], "Because you rated Alien 5 and Aliens 4.5."),
        (
            [chose(ALIEN), chose(AMELIE), chose(PADDINGTON)],
            "Because you chose Alien, Amelie and Paddington.",
        ),
        ([rated(ALIEN, 5), chose(AMELIE)], "Because you rated Alien 5 and chose Amelie."),
    ],
)
def test_the_users_own_events_are_the_reason_where_there_are_any(
    drivers: list[Driver], said: str
) -> None:
    assert why(ALIENS, *drivers) == said


def test_what_often_follows_is_said_to() -> None:
    said = why(ALIENS, chose(ALIEN), sources=("transitions", "popularity"))

    assert said == "Because you chose Alien, which people often follow with this."


def test_without_events_the_keenest_source_gives_the_reason() -> None:
    assert why(ALIEN, sources=("trending", "popularity")) == "Many people choose it these days."


def test_a_reason_names_what_the_item_is() -> None:
    assert why(ALIENS, sources=("content",)) == "It is much like what you chose: Action and Space."


def test_an_item_of_no_category_is_one_of_such_things() -> None:
    bare = Explanation(0, 1.0, 0.0, [], ("content",), [])
    nameless = FILMS.take(FILMS.ids.indices_of(["alien"]))
    nameless = type(nameless).of(nameless.ids)

    assert reason(bare, nameless) == "It is much like what you chose: such things."


@pytest.mark.parametrize("sources", [(), ("my_own_source",)])
def test_where_nobody_says_why_the_score_does(sources: tuple[str, ...]) -> None:
    assert why(ALIEN, sources=sources) == "It scored best among what you have not seen."


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_a_sentence_of_its_own(source: str) -> None:
    said = why(PADDINGTON, sources=(source,))

    assert source in BY_SOURCE
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
