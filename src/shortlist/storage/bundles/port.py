"""What a bundle is, and what every place that keeps bundles promises."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import numpy.typing as npt

from shortlist.core.errors import DamagedBundle

AnyArray = npt.NDArray[Any]
Facts = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class BundleContents:
    """What is trained together, on its way into a bundle.

    Parts are named by words with slashes between them ("sources/als.factors").
    """

    arrays: Mapping[str, AnyArray]
    texts: Mapping[str, str]
    lineage: Facts
    """Where it came from: events, until, versions, parent, seeds, duration."""
    settings: Facts
    metrics: Facts = field(default_factory=dict)
    """Numbers to show beside the bundle; one that is not finite becomes null."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle. Its arrays are memory-mapped and cannot be written."""

    id: str
    manifest: Facts
    loaded: Mapping[str, AnyArray] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    warning: str | None = None
    """Why this is not the bundle that was promoted last, naming the damaged file."""

    @property
    def lineage(self) -> Facts:
        return dict(self.manifest["lineage"])

    @property
    def settings(self) -> Facts:
        return dict(self.manifest["settings"])

    @property
    def metrics(self) -> Facts:
        return dict(self.manifest["metrics"])

    def array(self, name: str) -> AnyArray:
        """One array. Raises DamagedBundle where the bundle was trained without it."""
        return _part(self.id, "array", name, self.loaded)

    def arrays(self, prefix: str) -> dict[str, AnyArray]:
        """The arrays whose names begin so, by the rest of their names; none where there are none.

        "sources/als." gives {"factors": ...} for the array "sources/als.factors".
        """
        return {
            name.removeprefix(prefix): array
            for name, array in self.loaded.items()
            if name.startswith(prefix)
        }

    def text(self, name: str) -> str:
        """One text. Raises DamagedBundle where the bundle was trained without it."""
        return _part(self.id, "text", name, self.texts)


@dataclass(frozen=True)
class BundleInfo:
    """A line of the list of bundles."""

    id: str
    created: str
    """When, in ISO-8601; empty where the manifest cannot be read."""
    current: bool
    lineage: Facts
    metrics: Facts
    bytes: int
    """Of all its files together."""
    problem: str | None
    """Why it cannot be used, naming the file; None where nothing is wrong at a glance."""

    @property
    def state(self) -> str:
        return "damaged" if self.problem else "ok"


class BundleStore(ABC):
    """Bundles by id, one of them current. Ids sort by time of publication."""

    @classmethod
    @abstractmethod
    def at(cls, url: str) -> Self:
        """The bundles at a URL. Raises BadSettings for a URL that names no place."""

    @abstractmethod
    def publish(self, contents: BundleContents, *, promote: bool = True) -> str:
        """Keep a bundle and give its id; all of it becomes visible at once, or nothing.

        Raises Invalid for contents that cannot be kept, StorageFailed where there is no room or
        no permission; what was current stays so.
        """

    @abstractmethod
    def derive(self, parent: str, contents: BundleContents) -> str:
        """Keep a bundle that has all parts of another but for those given; gives its id.

        Lineage, settings and metrics are the given ones. The parts it shares are verified, and
        stay when the other is pruned; they take no room twice where the store can help it.
        Nothing is promoted. Raises as `publish` and `open` do.
        """

    @abstractmethod
    def open(self, bundle: str | None = None) -> Bundle:
        """A bundle by id (or the beginning of one), or the current one, verified in full.

        Raises DamagedBundle naming the file that is not what the manifest says, UnknownBundle,
        or NoBundle. Without an id a damaged current bundle gives way to the newest sound one
        that was current before, which then carries a warning.
        """

    @abstractmethod
    def text(self, bundle: str, name: str) -> str | None:
        """One text of a bundle (its whole id), verified; None for one that it has not.

        Nothing else of the bundle is read. Raises UnknownBundle, DamagedBundle.
        """

    @abstractmethod
    def current(self) -> str | None:
        """The id of the current bundle. Raises DamagedBundle where the pointer is unreadable."""

    @abstractmethod
    def list(self) -> Sequence[BundleInfo]:
        """All bundles, the newest first, with the sizes of their files checked.

        Contents are verified by `open`, `promote` and `rollback`: a list of many bundles does
        not read them all.
        """

    @abstractmethod
    def promote(self, bundle: str, *, instead_of: str | None = None) -> str:
        """Make a bundle current, after verifying it; gives its whole id.

        With `instead_of`, only where that one is current: raises Conflict where somebody made
        another so.
        """

    @abstractmethod
    def rollback(self, *, instead_of: str | None = None) -> str:
        """Make current the sound bundle that was current before; gives its id.

        With `instead_of`, only where that one is current: raises Conflict elsewhere.

        Again and again it walks back; what it leaves is forgotten, so that a promotion after it
        comes on top of what it went back to. Raises Conflict where there is nothing before.
        """

    @abstractmethod
    def prune(self, keep: int, *, spare: Collection[str] = ()) -> Sequence[str]:
        """Remove all but the newest `keep`, the current one, what rollback would give, the spared.

        Gives the ids of what was removed.
        """


def _part(bundle: str, kind: str, name: str, parts: Mapping[str, T]) -> T:
    if name not in parts:
        raise DamagedBundle(
            f"Bundle {bundle} has no {kind} {name!r}: another version of Shortlist made it. "
            "Run `shortlist train` for a new one."
        )
    return parts[name]
