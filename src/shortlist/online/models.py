"""The bundles with what became of them: which one answers, which are compared, the way back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from shortlist.core.clock import Clock
from shortlist.core.errors import DamagedBundle
from shortlist.core.times import Instant
from shortlist.storage.bundles import BundleInfo, BundleStore
from shortlist.storage.facts import Facts
from shortlist.storage.facts.model_steps import ModelStep, Step

Role = Literal["champion", "watched", "challenger", "former", "rejected", "waiting"]
"""champion: it answers. watched: it answers, and is compared with the one before it. challenger:
it is asked in the shadow. former: it answered once. rejected: it fell behind. waiting: none of
these yet."""

BY_HAND: Final = {"by": "hand"}
"""The detail of a step that a person took: what decides by itself lets it stand."""

STATUS: Final = "status"
"""The name under which the worker says what it is doing."""


@dataclass(frozen=True)
class ModelLine:
    """A bundle, and its role."""

    info: BundleInfo
    role: Role


@dataclass(frozen=True)
class WorkerStatus:
    """What the worker said last."""

    time: Instant
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Models:
    """Bundles and the log of their steps. Every change of what answers is written down."""

    facts: Facts
    bundles: BundleStore
    clock: Clock

    def list(self) -> Sequence[ModelLine]:
        """All bundles, the newest first."""
        infos = self.bundles.list()
        current = next((each.id for each in infos if each.current), None)
        roles = roles_of(self.facts.model_steps.all(), current)
        return [ModelLine(each, roles.get(each.id, "waiting")) for each in infos]

    def steps(self, limit: int, before: int | None = None) -> Sequence[ModelStep]:
        """The newest steps, newest first; with `before` those of smaller sequence numbers."""
        return self.facts.model_steps.newest(limit, before)

    def worker(self) -> WorkerStatus | None:
        """What the worker said last; None where there never was one."""
        said = self.facts.worker.said(STATUS)
        return None if said is None else WorkerStatus(*said)

    def promote(self, bundle: str) -> str:
        """Make a bundle current, because a person wants it; gives its whole id."""
        before = self._current()
        whole = self.bundles.promote(bundle)
        self.note(whole, "promoted", against=before, detail=BY_HAND)
        return whole

    def rollback(self) -> str:
        """Go back to what was current before, because a person wants it; gives its id."""
        left = self._current()
        found = self.bundles.rollback()
        if left is not None:
            self.note(left, "rolled_back", against=found, detail=BY_HAND)
        return found

    def trained(self, bundle: str, detail: Mapping[str, Any], *, parent: str | None) -> None:
        """Write down that a person trained a bundle, which is current since."""
        self.note(bundle, "trained", against=parent, detail={**detail, **BY_HAND})
        self.note(bundle, "promoted", against=parent, detail=BY_HAND)

    def _current(self) -> str | None:
        """What is current; None also where the pointer is damaged, which promoting mends."""
        with suppress(DamagedBundle):
            return self.bundles.current()
        return None

    def note(
        self,
        bundle: str,
        step: Step,
        *,
        against: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> ModelStep:
        """Write a step down, as of now."""
        return self.facts.model_steps.add(
            bundle, step, time=self.clock.now(), against=against, detail=detail
        )


def roles_of(steps: Sequence[ModelStep], current: str | None) -> dict[str, Role]:
    """The roles of the bundles that took these steps, the oldest first, and of the current one."""
    roles: dict[str, Role] = {}
    for each in steps:
        match each.step:
            case "shadowing":
                roles[each.bundle] = "challenger"
            case "promoted":
                roles[each.bundle] = "former"
            case "watching":
                roles[each.bundle] = "watched"
            case "settled":
                roles[each.bundle] = "former"
            case "rejected" | "rolled_back":
                roles[each.bundle] = "rejected"
    for bundle, role in roles.items():
        if role == "watched" and bundle != current:
            roles[bundle] = "former"
    if current is not None and roles.get(current) != "watched":
        roles[current] = "champion"
    return roles
