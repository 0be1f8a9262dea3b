import pytest
from pydantic import ValidationError
from tests.evaluation.sample import report

from shortlist.evaluation.results import Estimate, Report


def test_a_report_goes_to_json_and_back_without_loss() -> None:
    whole = report()

    assert Report.model_validate_json(whole.model_dump_json()) == whole


def test_a_report_is_frozen() -> None:
    with pytest.raises(ValidationError):
        report().seed = 8  # type: ignore[misc]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ValidationError):
        Estimate(value=value)
