"""What every back end of the facts promises."""

from functools import cached_property
from types import TracebackType
from typing import Self

from shortlist.storage.facts.accounts import AccountRows
from shortlist.storage.facts.api_keys import ApiKeyRows
from shortlist.storage.facts.audit import AuditRows
from shortlist.storage.facts.decisions import Decisions
from shortlist.storage.facts.erasure import Erasing
from shortlist.storage.facts.items import Items
from shortlist.storage.facts.measures import MeasureRows
from shortlist.storage.facts.model_steps import ModelSteps
from shortlist.storage.facts.placements import PlacementRows
from shortlist.storage.facts.refusals import RefusalRows
from shortlist.storage.facts.sign_ins import SignInRows
from shortlist.storage.facts.tail import Tail
from shortlist.storage.facts.users import Users
from shortlist.storage.facts.worker import WorkerRows


class Facts(Items, Users, Tail, Erasing):
    """The event log, the items, the users, and what the service keeps beside them.

    Each role is one file. Every method raises StorageFailed where the database refuses.
    """

    @cached_property
    def decisions(self) -> Decisions:
        """The answers that were given."""
        return Decisions(self)

    @cached_property
    def accounts(self) -> AccountRows:
        """The people who can sign in."""
        return AccountRows(self)

    @cached_property
    def sign_ins(self) -> SignInRows:
        """Who is signed in."""
        return SignInRows(self)

    @cached_property
    def api_keys(self) -> ApiKeyRows:
        """What applications show."""
        return ApiKeyRows(self)

    @cached_property
    def model_steps(self) -> ModelSteps:
        """What became of the bundles."""
        return ModelSteps(self)

    @cached_property
    def worker(self) -> WorkerRows:
        """What the worker says of itself."""
        return WorkerRows(self)

    @cached_property
    def audit(self) -> AuditRows:
        """What people changed by hand."""
        return AuditRows(self)

    @cached_property
    def placements(self) -> PlacementRows:
        """The placements that people changed by hand."""
        return PlacementRows(self)

    @cached_property
    def measures(self) -> MeasureRows:
        """How the service goes, stretch of time by stretch."""
        return MeasureRows(self)

    @cached_property
    def refusals(self) -> RefusalRows:
        """The newest events that were refused."""
        return RefusalRows(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
