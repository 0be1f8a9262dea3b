from dataclasses import replace

import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, after
from tests.datasets.rows import head_of, rows_of
from tests.retrieval.learning import arrivals_of, kept_up, room_for, taken_back

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.segment_popularity import SegmentPopularity

GENRES = Catalogue.of(
    FILMS.ids, categories=[("Horror",), ("Horror",), ("Comedy",), ("Comedy", "Family")]
)


def told(*histories: list[int], catalogue: Catalogue = GENRES) -> Dataset:
    return replace(Dataset.of(*histories, items=4), catalogue=catalogue)


def test_a_person_gets_what_is_popular_in_their_categories() -> None:
    data = told([ALIEN, ALIENS], [ALIEN], [AMELIE, PADDINGTON], [AMELIE])
    model = SegmentPopularity(prior=0).fit(data)

    assert model.retrieve(after(ALIENS), 4).items.tolist() == [ALIEN, ALIENS]
    assert model.retrieve(after(PADDINGTON), 4).items.tolist() == [AMELIE, PADDINGTON]


def test_the_score_is_the_mix_of_segments_times_the_share_in_each() -> None:
    # Horror is chosen twice by one and once by another (3 of 6 category choices), Comedy
    # twice, Family once. The third user belongs to Comedy by 2/3 and to Family by 1/3.
    data = told([ALIEN, ALIENS], [ALIEN], [AMELIE, PADDINGTON])

    scores = SegmentPopularity(prior=6).fit(data).score(after(ALIEN))

    horror, comedy, family = (1 + 3) / 7, 2 / 7, 1 / 7
    third = (comedy + family) / 2
    assert scores.tolist() == pytest.approx([horror * 2 / 3, horror / 3, third, third])


def test_a_newcomer_has_the_mix_of_everybody() -> None:
    data = told([ALIEN, ALIENS], [ALIEN], [AMELIE])

    scores = SegmentPopularity().fit(data).score(after())

    assert scores.tolist() == pytest.approx([3 / 4 * 2 / 3, 3 / 4 / 3, 1 / 4, 0])


def test_a_larger_prior_draws_towards_everybody() -> None:
    data = told([ALIEN, ALIENS], [ALIEN], [ALIEN], [AMELIE])

    own = SegmentPopularity(prior=0.1).fit(data).score(after(AMELIE))
    usual = SegmentPopularity(prior=100).fit(data).score(after(AMELIE))

    assert own[AMELIE] > own[ALIEN]
    assert usual[ALIEN] > usual[AMELIE]


def test_a_dislike_does_not_belong_to_a_segment() -> None:
    model = SegmentPopularity().fit(told([ALIEN], [AMELIE]))

    liked = model.score(after(AMELIE))

    assert model.score(after(AMELIE, disliked=(ALIEN,))).tolist() == liked.tolist()


def test_a_catalogue_without_categories_is_one_segment() -> None:
    data = told([ALIEN, ALIENS], [ALIEN], catalogue=Catalogue.of(FILMS.ids))

    scores = SegmentPopularity().fit(data).score(after(AMELIE))

    assert scores.tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_items_of_no_category_are_not_proposed() -> None:
    data = told(
        [ALIEN], [PADDINGTON], catalogue=Catalogue.of(FILMS.ids, None, [("Horror",), (), (), ()])
    )

    found = SegmentPopularity().fit(data).retrieve(after(), 4)

    assert found.items.tolist() == [ALIEN]


# --- between trainings ---------------------------------------------------------------------


def test_what_is_chosen_since_the_training_counts_as_if_it_had_been_known() -> None:
    """With every choice people belong a little more to a segment, and all they chose with them."""
    data = told([ALIEN, ALIENS, AMELIE], [AMELIE, PADDINGTON, ALIEN], [PADDINGTON, ALIEN])
    whole = SegmentPopularity().fit(data)

    for trained in range(1, len(data.events)):
        live = kept_up(SegmentPopularity(), data, trained).model()

        for query in (after(), after(ALIEN), after(AMELIE, PADDINGTON)):
            assert live.score(query) == pytest.approx(whole.score(query), rel=1e-5)


def test_choosing_again_changes_no_segment() -> None:
    data = told([ALIEN, AMELIE], [ALIEN, AMELIE, ALIEN])
    learner = SegmentPopularity().fit(head_of(data, 4)).learner(data.catalogue)
    assert learner is not None
    before = learner.model().score(after())

    for arrivals in arrivals_of(data, rows_of(data)[4:]):
        learner.learn(arrivals)

    assert learner.model().score(after()).tolist() == before.tolist()


def test_what_is_taken_back_leaves_its_segment() -> None:
    data = told([ALIEN], [ALIEN, PADDINGTON])
    learner = SegmentPopularity().fit(head_of(data, 2)).learner(data.catalogue)
    assert learner is not None
    before = learner.model().score(after(PADDINGTON))
    (event,) = arrivals_of(data, rows_of(data)[2:])

    learner.learn(event)
    changed = learner.model().score(after(PADDINGTON))
    learner.learn(taken_back(event))

    assert changed[PADDINGTON] > before[PADDINGTON]
    assert learner.model().score(after(PADDINGTON)).tolist() == before.tolist()


def test_a_new_item_belongs_to_the_segments_of_its_categories() -> None:
    data = told([ALIEN, AMELIE, PADDINGTON], [ALIENS, AMELIE, PADDINGTON])
    first = head_of(data, 4, items=PADDINGTON)
    learner = SegmentPopularity().fit(first).learner(first.catalogue)
    assert learner is not None

    learner.extend(room_for(data.catalogue, first.catalogue))
    for arrivals in arrivals_of(data, rows_of(data)[4:]):
        learner.learn(arrivals)

    fond = learner.model().score(after(PADDINGTON))
    assert fond[PADDINGTON] > 0
    assert fond[AMELIE] > learner.model().score(after(ALIEN))[AMELIE]
