import pytest
from tests.evaluation.sample import list_section, pair_section

from shortlist.evaluation.results import Estimate
from shortlist.evaluation.tables.sentences import comparison_sentence, comparison_sentences

BASE = Estimate(value=0.1)


@pytest.mark.parametrize(
    ("low", "value", "high", "sentence"),
    [
        (0.03, 0.04, 0.05, "a beats b by 40 % in NDCG@10 (difference .0400 [.0300 .0500])."),
        (
            -0.05,
            -0.04,
            -0.03,
            "a loses to b by 40 % in NDCG@10 (difference -.0400 [-.0500 -.0300]).",
        ),
        (
            -0.01,
            0.04,
            0.09,
            "a and b cannot be told apart in NDCG@10 (difference .0400 [-.0100 .0900]).",
        ),
    ],
)
def test_a_difference_is_claimed_only_where_the_interval_allows_it(
    low: float, value: float, high: float, sentence: str
) -> None:
    difference = Estimate(value=value, low=low, high=high)

    assert comparison_sentence("a", "b", "NDCG@10", difference, BASE) == sentence


def test_nothing_is_a_percentage_of_nothing() -> None:
    difference = Estimate(value=0.04, low=0.03, high=0.05)

    sentence = comparison_sentence("a", "b", "NDCG@10", difference, Estimate(value=0))

    assert sentence == "a beats b in NDCG@10 (difference .0400 [.0300 .0500])."


def test_without_an_interval_nothing_is_claimed() -> None:
    sentence = comparison_sentence("a", "b", "NDCG@10", Estimate(value=0.04), BASE)

    assert sentence == "a and b cannot be told apart in NDCG@10 (difference .0400)."


def test_a_section_speaks_of_its_subject_only() -> None:
    sentences = comparison_sentences(list_section())

    assert len(sentences) == 3
    assert all(each.startswith("two_stage beats ") for each in sentences)


def test_sections_without_differences_say_nothing() -> None:
    assert comparison_sentences(pair_section(pairs=300)) == ()
