import polars as pl
import pytest

from shortlist.core.events import Event
from shortlist.storage.facts.frames import events_frame
from shortlist.storage.facts.sqlite_packing import WIDEST, pack


def rated(*values: float | None) -> pl.DataFrame:
    return events_frame(
        Event("ann", f"film{at}", "rating", value=value) for at, value in enumerate(values)
    )


def test_a_batch_becomes_one_parameter_and_the_columns_that_do_not_vary() -> None:
    packed = pack(rated(3.5, 4.0, None))

    assert packed is not None
    blob, rows, *constant = packed.parameters
    assert isinstance(blob, bytes)
    assert rows == 3
    assert constant == ["ann", "rating", None, None, None, None]


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e300, 1 / 3, 5e-324])
def test_a_value_that_thousandths_would_round_is_bound_by_itself(value: float) -> None:
    assert pack(rated(1.0, value)) is None


@pytest.mark.parametrize("text", ["", "a\x1fb"])
def test_text_that_padding_would_change_is_bound_by_itself(text: str) -> None:
    assert pack(events_frame([Event("a", "b", "tag", text=text), Event("a", "b", "c")])) is None


def test_very_wide_rows_are_bound_by_themselves() -> None:
    events = [Event("ann", "alien", "tag", text="x" * each) for each in (1, WIDEST)]

    assert pack(events_frame(events)) is None
