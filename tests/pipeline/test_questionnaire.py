"""What to ask somebody new about, on tastes whose right question is known."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from tests.datasets.generated import random_log
from tests.training.tribes import ITEMS, tribes

from shortlist.core.candidates import Items
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.questionnaire import CANDIDATES, Questionnaire
from shortlist.retrieval.als import Als

ALIEN, ALIENS, AMELIE, PADDINGTON, TITANIC, OBSCURE = range(6)

TWO_TASTES = Questionnaire(
    factors=np.array([[0.4], [0.39], [-0.4], [-0.38], [0], [0.1]], np.float32),
    share=np.array([0.5, 0.5, 0.5, 0.5, 0.95, 0.02], np.float32),
    spread=np.eye(1),
    people=100,
)
"""Horror or comedy. Everybody knows Titanic, hardly anybody the obscure one."""


def items(*given: int) -> Items:
    return np.array(given, np.int32)


def asked(
    known: tuple[int, ...] = (),
    unknown: tuple[int, ...] = (),
    *,
    number: int = 1,
    curiosity: float = 1.0,
    among: Questionnaire = TWO_TASTES,
) -> list[int]:
    interview = among.after(items(*known), items(*unknown))
    return [each.item for each in interview.next(number, curiosity=curiosity)]


def trained() -> Questionnaire:
    found = Questionnaire.of(Als(factors=4, l2=1.0).fit(random_log()))
    assert found is not None
    return found


def joint(of: Questionnaire) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The covariance of all items, by taste alone and with the noise."""
    factors = of.factors.astype(np.float64)
    taste = factors @ of.spread @ factors.T
    return taste, taste + np.diag(of.noise(np.arange(len(factors), dtype=np.int32)))


# --- what is asked -------------------------------------------------------------------------


def test_what_everybody_knows_alike_teaches_nothing_and_is_not_asked_first() -> None:
    interview = TWO_TASTES.after(items(), items())
    only_titanic = np.arange(6) == TITANIC

    assert [each.item for each in interview.next(2, curiosity=0.1)] == [ALIEN, AMELIE]
    (titanic,) = interview.next(1, curiosity=0.1, allowed=only_titanic)
    assert titanic.teaches == 0


def test_answers_tell_tastes_apart_and_the_next_questions_differ() -> None:
    horror, comedy = asked(known=(ALIEN,)), asked(known=(AMELIE,))

    assert horror == [ALIENS]
    assert comedy == [PADDINGTON]


def test_not_knowing_an_item_speaks_against_what_is_like_it() -> None:
    before = TWO_TASTES.after(items(), items()).chance
    after = TWO_TASTES.after(items(), items(ALIEN)).chance

    assert after[ALIENS] < before[ALIENS]
    assert after[AMELIE] > before[AMELIE]
    assert after[TITANIC] == before[TITANIC]


@pytest.mark.parametrize("answer", ["known", "unknown"])
def test_what_was_answered_is_not_asked_again(answer: str) -> None:
    answers = {answer: (ALIEN, PADDINGTON)}

    found = asked(**answers, number=10)  # type: ignore[arg-type]

    assert sorted(found) == [ALIENS, AMELIE, TITANIC, OBSCURE]


def test_nearly_identical_items_are_not_asked_side_by_side_while_there_are_others() -> None:
    found = asked(number=4)

    assert found[:2] == [ALIEN, AMELIE]


def test_what_hardly_anybody_knows_is_not_asked_first_however_much_it_would_teach() -> None:
    factors = np.array([[0.2], [0], [0], [0], [0], [0.14]], np.float32)
    interview = replace(TWO_TASTES, factors=factors).after(items(), items())

    (first,) = interview.next(1, curiosity=1)
    (obscure,) = interview.next(1, curiosity=1, allowed=np.arange(6) == OBSCURE)

    assert first.item == ALIEN
    assert obscure.teaches / obscure.known > first.teaches / first.known


def test_without_curiosity_the_item_most_likely_known_is_asked() -> None:
    assert asked(curiosity=0) == [TITANIC]


def test_what_may_not_be_asked_is_not() -> None:
    allowed = np.ones(6, bool)
    allowed[[ALIEN, ALIENS]] = False

    found = TWO_TASTES.after(items(), items()).next(6, curiosity=1, allowed=allowed)

    assert {each.item for each in found} == {AMELIE, PADDINGTON, TITANIC, OBSCURE}


def test_items_nobody_knows_are_not_asked_about() -> None:
    share = TWO_TASTES.share.copy()
    share[[OBSCURE, ALIEN]] = 0

    found = asked(among=replace(TWO_TASTES, share=share), number=6)

    assert sorted(found) == [ALIENS, AMELIE, PADDINGTON, TITANIC]


def test_only_the_likeliest_are_looked_at_in_a_large_catalogue() -> None:
    many = CANDIDATES + 500
    large = Questionnaire(
        factors=np.random.default_rng(0).normal(size=(many, 2)).astype(np.float32),
        share=np.linspace(0.01, 0.5, many).astype(np.float32),
        spread=np.eye(2) / 100,
        people=1000,
    )

    found = asked(among=large, number=20)

    assert len(set(found)) == 20
    assert min(found) >= 500


def test_nothing_is_left_to_ask_once_all_was_answered() -> None:
    assert asked(known=(0, 1, 2), unknown=(3, 4, 5)) == []
    assert asked(number=0) == []
    assert asked(number=-3) == []


# --- the arithmetic ------------------------------------------------------------------------


def test_the_chance_is_that_of_the_joint_normal_distribution_given_the_answers() -> None:
    everybody = trained()
    known, unknown = items(3, 8), items(1, 5, 9)

    found = everybody.after(known, unknown).chance

    given = np.concatenate([known, unknown])
    taste, whole = joint(everybody)
    surprise = np.array([1.0, 1, 0, 0, 0]) - everybody.share[given]
    expected = everybody.share + taste[:, given] @ np.linalg.solve(
        whole[np.ix_(given, given)], surprise
    )
    assert found == pytest.approx(np.clip(expected, 0.005, 0.995), abs=1e-5)


def test_what_a_question_teaches_is_the_variance_that_an_answer_takes_away() -> None:
    everybody, known = trained(), items(3, 8)
    interview = everybody.after(known, items())

    (found,) = interview.next(1, curiosity=1)

    taste, whole = joint(everybody)

    def left(given: Items) -> float:
        drop = taste[:, given] @ np.linalg.solve(whole[np.ix_(given, given)], taste[given])
        return float(interview.chance @ np.diag(taste - drop))

    taken = left(known) - left(np.append(known, np.int32(found.item)))
    expected = taken / float(interview.chance @ np.diag(taste)) * interview.chance[found.item]
    assert found.teaches == pytest.approx(expected, rel=1e-3)
    assert found.known == pytest.approx(interview.chance[found.item])


def test_no_other_question_teaches_more_than_the_first() -> None:
    everybody = trained()
    interview = everybody.after(items(3), items(8))

    whole = interview.next(len(everybody.share), curiosity=1)
    alone = [
        interview.next(1, curiosity=1, allowed=np.arange(len(everybody.share)) == each.item)
        for each in whole
    ]

    assert whole[0].teaches == pytest.approx(max(each.teaches for (each,) in alone))


def test_what_is_learned_grows_with_what_they_know_and_not_with_what_they_do_not() -> None:
    everybody = trained()

    learned = [everybody.after(items(*range(n)), items()).learned for n in range(6)]
    strange = everybody.after(items(), items(*range(6))).learned

    assert learned[0] == strange == 0
    assert all(np.diff(learned) > 0)
    assert learned[-1] <= 1


def test_the_same_answers_get_the_same_questions_in_whatever_order() -> None:
    everybody = trained()

    one = everybody.after(items(3, 8), items(1, 5)).next(5, curiosity=0.1)
    other = everybody.after(items(8, 3), items(5, 1)).next(5, curiosity=0.1)

    assert [each.item for each in one] == [each.item for each in other]


# --- from what is trained ------------------------------------------------------------------


def test_it_knows_how_many_people_there_are_and_what_share_knows_each_item() -> None:
    data = tribes()
    found = Questionnaire.of(Als(factors=4, l2=1.0).fit(data))

    assert found is not None
    assert found.people == data.n_users
    expected = np.asarray(data.interactions.mean(axis=0))
    assert found.share == pytest.approx(expected, abs=1e-6)


def test_two_tribes_are_told_apart_by_one_answer() -> None:
    found = Questionnaire.of(Als(factors=4, l2=1.0).fit(tribes()))
    assert found is not None

    even, odd = (found.after(items(first), items()) for first in (0, 1))

    films = np.arange(2, ITEMS)
    assert even.chance[films[films % 2 == 0]].min() > even.chance[films[films % 2 == 1]].max()
    assert odd.chance[films[films % 2 == 1]].min() > odd.chance[films[films % 2 == 0]].max()
    assert {each.item % 2 for each in even.next(3, curiosity=0.1)} == {0}
    assert {each.item % 2 for each in odd.next(3, curiosity=0.1)} == {1}


def test_a_film_that_every_tribe_knows_is_not_asked_first() -> None:
    drawn = np.random.default_rng(0)
    people = [[0, *(1 + 6 * (user % 2) + drawn.permutation(6)[:4]).tolist()] for user in range(60)]
    found = Questionnaire.of(Als(factors=4, l2=1.0).fit(Dataset.of(*people, items=13)))
    assert found is not None
    assert found.share[0] > 0.99

    assert asked(among=found, curiosity=0.1) != [0]


def test_a_bundle_that_does_not_say_how_tastes_are_spread_has_no_questionnaire() -> None:
    als = Als(factors=4, l2=1.0).fit(tribes())
    before = {
        name: array for name, array in als.arrays().items() if name not in ("audience", "people")
    }

    assert Questionnaire.of(type(als).from_arrays(before)) is None
    assert Questionnaire.of(Als().fit(tribes().before(0))) is None
