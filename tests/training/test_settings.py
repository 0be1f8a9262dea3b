import pytest
from pydantic import ValidationError

from shortlist.retrieval import SOURCES
from shortlist.training.settings import TrainingSettings


def test_without_a_word_every_usual_source_is_trained() -> None:
    usual = [name for name, source in SOURCES.items() if source.usual]

    assert list(TrainingSettings().recipes()) == usual


def test_a_source_that_takes_an_extra_is_trained_only_where_it_is_named() -> None:
    assert "sasrec" not in TrainingSettings().sources
    assert list(TrainingSettings(sources={"sasrec": {}}).recipes()) == ["sasrec"]


def test_a_source_takes_the_settings_it_is_given() -> None:
    settings = TrainingSettings(sources={"item_neighbours": {"neighbours": 7}, "popularity": {}})

    recipes = settings.recipes()

    assert list(recipes) == ["item_neighbours", "popularity"]
    assert recipes["item_neighbours"].model_dump()["neighbours"] == 7


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({}, "at least one source"),
        ({"astrology": {}}, "no source is called 'astrology'"),
        ({"item_neighbours": {"neighbors": 7}}, "neighbors"),
        ({"item_neighbours": {"neighbours": 0}}, "item_neighbours.neighbours: .*greater than 0"),
    ],
)
def test_sources_that_cannot_be_trained_are_refused_at_once(
    sources: dict[str, dict[str, int]], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        TrainingSettings(sources=sources)
