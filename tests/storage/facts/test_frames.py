import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from shortlist.core.events import FIRST_INSTANT, ID_LIMIT, LAST_INSTANT, Event
from shortlist.storage.facts.frames import EVENTS, events_frame, of_schema, with_content_ids

PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])
IDS = st.text(PRINTABLE, min_size=1, max_size=ID_LIMIT).filter(lambda each: not each.isspace())
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
EVENT = st.builds(
    Event,
    user=IDS,
    item=IDS,
    kind=IDS,
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    time=st.none() | st.integers(FIRST_INSTANT, LAST_INSTANT - 1),
    session=st.none() | IDS,
    decision=st.none() | IDS,
    text=st.none() | TEXT,
)


@given(st.lists(EVENT, min_size=1, max_size=5))
def test_a_column_of_ids_is_what_the_events_give_themselves(events: list[Event]) -> None:
    frame = events_frame(events).with_columns(pl.lit(None, pl.String).alias("id"))

    assert with_content_ids(frame)["id"].to_list() == [each.id for each in events]


def test_ids_that_are_given_stay() -> None:
    columns = {"id": [None, "e1"], "user": ["a", "a"], "item": ["b", "b"], "kind": ["c", "c"]}

    ids = with_content_ids(of_schema(columns, EVENTS))["id"].to_list()

    assert ids == [Event("a", "b", "c").id, "e1"]


def test_columns_that_are_not_given_are_null() -> None:
    frame = of_schema({"item": ["alien"]}, EVENTS)

    assert frame.schema == EVENTS
    assert frame.drop("item").null_count().row(0) == (1,) * (len(EVENTS) - 1)
