from dataclasses import replace

import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, after

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
