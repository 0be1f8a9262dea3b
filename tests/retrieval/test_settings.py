import pytest
from pydantic import ValidationError

from shortlist.retrieval.ease import Ease


def test_the_word_none_says_that_there_is_no_half_life() -> None:
    assert Ease.model_validate({"half_life": "none"}).half_life is None


def test_a_setting_that_must_be_there_cannot_be_none() -> None:
    with pytest.raises(ValidationError, match="l2"):
        Ease.model_validate({"l2": "none"})
