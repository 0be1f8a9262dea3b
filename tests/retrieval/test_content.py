from dataclasses import replace
from math import log

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, Line, after, log_of
from tests.retrieval.learning import room_for

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.retrieval.content import Content, ContentLearner, ContentModel

UNSEEN = log_of()
"""Four films that nobody has chosen."""

HUNGRY, SPACE = log(4 / 3), log(4 / 2)
"""What the word three of four films share tells, and the category two of them share."""


def known_by(**columns: list[str] | list[tuple[str, ...]]) -> Dataset:
    """Films of which nothing is known but these columns."""
    return replace(UNSEEN, catalogue=replace(Catalogue.of(FILMS.ids), **columns))  # type: ignore[arg-type]


def test_it_serves_items_nobody_has_chosen() -> None:
    found = Content().fit(UNSEEN).retrieve(after(ALIEN), limit=4)

    assert found.items.tolist() == [ALIEN, ALIENS, PADDINGTON]


def test_the_score_is_the_cosine_of_what_is_said_of_two_items() -> None:
    """Both Aliens are hungry and in space; the bear is hungry and in a comedy."""
    scores = Content().fit(UNSEEN).score(after(ALIEN))

    bear = HUNGRY**2 / (HUNGRY**2 + SPACE**2)
    assert scores.tolist() == pytest.approx([1, 1, 0, bear], abs=1e-6)


def test_a_weightier_category_says_more_than_the_words() -> None:
    scores = Content(category_weight=3).fit(UNSEEN).score(after(ALIEN))

    assert scores[PADDINGTON] == pytest.approx(HUNGRY**2 / (HUNGRY**2 + (3 * SPACE) ** 2))


def test_without_categories_the_words_decide() -> None:
    scores = Content(category_weight=0).fit(UNSEEN).score(after(ALIEN))

    assert scores.tolist() == pytest.approx([1, 1, 0, 1], abs=1e-6)


def test_words_are_read_in_any_case_from_title_and_text() -> None:
    data = known_by(titles=["Hungry Alien", "", "", ""], texts=["", "so HUNGRY", "shy", "red"])

    found = Content().fit(data).retrieve(after(ALIEN), limit=4)

    assert found.items.tolist() == [ALIEN, ALIENS]


def test_a_word_said_again_and_again_counts_by_its_logarithm() -> None:
    data = known_by(texts=["red red red shy", "red", "shy", ""])

    scores = Content().fit(data).score(after(ALIEN))

    assert scores[ALIENS] / scores[AMELIE] == pytest.approx(1 + log(3))


def test_further_attributes_count_by_their_weight() -> None:
    data = known_by(
        texts=["hungry", "hungry", "", ""], marks=[("cast=Ripley",), (), ("cast=Ripley",), ()]
    )

    light = Content(mark_weight=0.5).fit(data).score(after(ALIEN))
    heavy = Content(mark_weight=2).fit(data).score(after(ALIEN))

    assert light[ALIENS] > light[AMELIE] > 0
    assert heavy[AMELIE] > heavy[ALIENS] > 0


def test_items_tagged_alike_are_alike_in_whatever_case() -> None:
    tags = [Line(0, ALIEN, 1, "tag", text="Dark"), Line(1, AMELIE, 2, "tag", text="dark")]
    data = replace(log_of(*tags), catalogue=Catalogue.of(FILMS.ids))

    found = Content().fit(data).retrieve(after(ALIEN), limit=4)

    assert found.items.tolist() == [ALIEN, AMELIE]


def test_a_tag_given_often_counts_once() -> None:
    once = [Line(0, ALIEN, 1, "tag", text="dark"), Line(1, AMELIE, 2, "tag", text="dark")]
    often = [Line(user, ALIEN, 3, "tag", text="dark") for user in range(5)]

    rarely, frequently = (Content().fit(log_of(*lines)) for lines in (once, [*once, *often]))

    assert np.array_equal(rarely.items.toarray(), frequently.items.toarray())


def test_a_tag_is_not_a_word_of_the_text() -> None:
    tags = [Line(0, AMELIE, 1, "tag", text="hungry"), Line(0, PADDINGTON, 1, "tag", text="hungry")]
    data = replace(log_of(*tags), catalogue=replace(FILMS, categories=[()] * 4))

    scores = Content().fit(data).score(after(AMELIE))

    assert scores[ALIEN] == scores[ALIENS] == 0
    assert scores[PADDINGTON] > 0


def test_the_last_choice_counts_most() -> None:
    genres = Catalogue.of(FILMS.ids, categories=[("a",), ("a",), ("b",), ("b",)])
    data = replace(Dataset.of([ALIEN], items=4), catalogue=genres)

    scores = Content(half_life=1).fit(data).score(after(ALIEN, AMELIE))

    assert scores.tolist() == pytest.approx([0.5, 0.5, 1, 1])


def test_what_reads_like_a_disliked_item_is_not_proposed() -> None:
    found = Content().fit(UNSEEN).retrieve(after(AMELIE, disliked=(ALIEN,)), limit=4)

    assert ALIENS not in found.items


def test_each_choice_says_what_it_added() -> None:
    model = Content().fit(UNSEEN)
    query = after(ALIEN, AMELIE, disliked=(ALIENS,))

    added = model.because(query, PADDINGTON)

    alien, amelie = (model.score(after(film))[PADDINGTON] for film in (ALIEN, AMELIE))
    assert added.tolist() == pytest.approx([alien, amelie, -alien])


# --- between trainings ---------------------------------------------------------------------


TWIN = 4
"""A film that came since."""


def twin_of(item: int) -> Catalogue:
    """The four films, and after them one that says of itself what one of them says."""
    own = FILMS.take(np.array([item], np.int32))
    return FILMS.renewed(replace(own, ids=Vocabulary(["twin"])))


def learned(catalogue: Catalogue, *told: int) -> tuple[ContentLearner, ContentModel]:
    learner = Content().fit(UNSEEN).learner(FILMS)
    assert learner is not None
    learner.extend(replace(room_for(catalogue, FILMS), told=np.array(told, np.int32)))
    return learner, learner.model()


@pytest.mark.parametrize("item", range(4))
def test_a_document_that_came_since_is_read_as_at_the_training(item: int) -> None:
    _, model = learned(twin_of(item), TWIN)

    assert model.items[[TWIN]].toarray().tolist() == model.items[[item]].toarray().tolist()
    assert np.array_equal(model.items[:4].toarray(), Content().fit(UNSEEN).items.toarray())


def test_an_item_of_which_nothing_is_known_has_no_score() -> None:
    _, model = learned(FILMS.renewed(Catalogue.of(Vocabulary(["unheard of"]))))

    assert model.score(after(ALIEN)).tolist()[TWIN] == 0
    assert model.score(after(TWIN)).tolist() == [0] * 5


def test_words_that_nobody_knew_tell_nothing() -> None:
    known = twin_of(ALIEN)
    strange = replace(known, texts=[*known.texts[:TWIN], f"{known.texts[TWIN]} zyzzyva"])

    assert np.array_equal(
        learned(strange, TWIN)[1].items.toarray(), learned(known, TWIN)[1].items.toarray()
    )


def test_a_document_that_changed_is_read_again() -> None:
    changed = FILMS.renewed(
        replace(FILMS.take(np.array([ALIENS], np.int32)), ids=Vocabulary(["alien"]))
    )

    _, model = learned(changed, ALIEN)

    rows = model.items.toarray()
    assert rows[ALIEN].tolist() == rows[ALIENS].tolist()
    assert rows[AMELIE].any()


def test_a_document_that_changed_twice_is_read_as_it_is_now() -> None:
    learner, _ = learned(twin_of(ALIEN), TWIN)

    learner.extend(replace(room_for(twin_of(AMELIE), FILMS), told=np.array([TWIN], np.int32)))

    rows = learner.model().items.toarray()
    assert rows[TWIN].tolist() == rows[AMELIE].tolist()


def test_what_is_most_like_a_new_item_is_named() -> None:
    learner, _ = learned(twin_of(ALIEN), TWIN)

    (likeness,) = learner.alike(np.array([TWIN], np.int32)).toarray()

    assert likeness[ALIEN] == pytest.approx(1)
    assert 0 < likeness[PADDINGTON] < 0.9
    assert likeness[AMELIE] == 0


def test_a_bundle_that_does_not_say_how_it_read_does_not_go_on() -> None:
    arrays = Content().fit(UNSEEN).arrays()
    del arrays["idf"]

    older = ContentModel.from_arrays(arrays)

    assert older.learner(FILMS) is None
    assert older.padded(6).score(after(ALIEN)).shape == (6,)
