"""What became of the bundles: trained, refreshed, compared, promoted, rolled back."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

import orjson
import sqlalchemy as sa

from shortlist.core.errors import Invalid
from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import MODEL_STEPS_TABLE

Step = Literal[
    "trained",
    "refreshed",
    "refused",
    "shadowing",
    "promoted",
    "rejected",
    "watching",
    "settled",
    "rolled_back",
]
"""trained: fitted on the whole log. refreshed: the ranker learned on. refused: no bundle came of
it. shadowing: answers unseen, beside the current one. promoted: current from here on. rejected:
will not be. watching: current, and compared with the one before it. settled: that is over.
rolled_back: it fell behind, or somebody went back."""

STEPS: Final[tuple[Step, ...]] = get_args(Step)


class ModelStep(NamedTuple):
    """One step of a bundle."""

    sequence: int
    time: Instant
    bundle: str
    """Its id; empty where none came of it."""
    step: Step
    against: str | None
    """The bundle that it came from, or is compared with."""
    detail: Mapping[str, Any]
    """The reason, and the figures."""


_ROOM: Final = "models"
_S: Final = MODEL_STEPS_TABLE.c
_ROW: Final = sa.select(*(_S[name] for name in ModelStep._fields))
_ALL: Final = _ROW.where(_S.sequence > sa.bindparam("after")).order_by(_S.sequence)
_NEWEST: Final = (
    _ROW.where(_S.sequence < sa.bindparam("before"))
    .order_by(_S.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_END: Final = 2**63 - 1


class ModelSteps:
    """The log of steps: append-only, in the order in which they were taken."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        bundle: str,
        step: Step,
        *,
        time: Instant,
        against: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> ModelStep:
        """Write a step down. Raises Invalid for a detail that JSON cannot express."""
        told = dict(detail or {})
        row = {"time": time, "bundle": bundle, "step": step, "against": against}
        insert = sa.insert(MODEL_STEPS_TABLE).values(**row, detail=_json(told))
        with self._database.writing(_ROOM) as connection:
            found: Any = connection.execute(insert).inserted_primary_key
        return ModelStep(int(found[0]), time, bundle, step, against, told)

    def all(self, after: int = 0) -> list[ModelStep]:
        """The steps after a sequence number, the oldest first."""
        return [_read(each) for each in self._database.rows(_ALL, after=after)]

    def newest(self, limit: int, before: int | None = None) -> list[ModelStep]:
        """The newest steps, newest first; with `before` those of smaller sequence numbers."""
        end = _END if before is None else before
        return [_read(each) for each in self._database.rows(_NEWEST, before=end, limit=limit)]


def _json(document: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    except TypeError as error:
        raise Invalid(f"the detail of a step cannot be written as JSON: {error}") from error


def _read(row: tuple[Any, ...]) -> ModelStep:
    *rest, detail = row
    return ModelStep._make([*rest, orjson.loads(detail)])
