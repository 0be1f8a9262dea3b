"""What was learned since a bundle's training, kept on disk so that a restart takes seconds.

A checkpoint is kept as a bundle is: arrays with their checksums, written aside and published by a
rename. It is bound to a bundle, a place in the log and the number of erasures: one that was written
before somebody was erased is of no use, and is removed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import structlog

from shortlist.core.errors import ShortlistError
from shortlist.online.follower import Follower
from shortlist.storage.bundles import BundleContents, BundleInfo, open_bundles
from shortlist.storage.bundles.turn import Turn

LOG = structlog.get_logger("shortlist.online")

SCHEMA: Final = 3
"""Changed when the arrays of a fold mean something else."""

KEPT: Final = 2
"""Checkpoints that are kept: where the newest is damaged, the one before it serves. And the newest
of another bundle, for when that one comes back."""


class Checkpoints:
    """The checkpoints of a home. One of its processes writes; all read."""

    def __init__(self, folder: Path) -> None:
        self._store = open_bundles(folder.as_uri())
        self._turn = Turn(folder)

    def resume(
        self, begin: Callable[[], Follower], bundle: str, *, until: int | None = None
    ) -> Follower:
        """A follower that goes on from the newest sound checkpoint, or begins with the bundle.

        With `until` from a checkpoint that lies at or before that number.
        """
        follower = begin()
        if any(each.lineage.get("erasures") != follower.erasures for each in self._all()):
            self.forget()
        for each in self._of(bundle, follower.erasures):
            sequence = int(each.lineage["sequence"])
            if sequence <= follower.sequence or (until is not None and sequence > until):
                continue
            try:
                follower.restore(self._store.open(each.id).arrays(""))
            except (ShortlistError, KeyError, ValueError, TypeError, IndexError) as error:
                LOG.warning("a checkpoint is of no use", checkpoint=each.id, error=str(error))
                follower = begin()
                continue
            break
        return follower

    def keep(self, follower: Follower, bundle: str) -> bool:
        """Write what a follower has learned; False where another process of the home writes.

        Raises StorageFailed where there is no room: nothing depends on a checkpoint.
        """
        if not self._turn.mine():
            return False
        about = {
            "bundle": bundle,
            "sequence": follower.sequence,
            "erasures": follower.erasures,
            "schema": SCHEMA,
        }
        contents = BundleContents(follower.arrays(), texts={}, lineage=about, settings={})
        self._store.publish(contents, promote=False)
        others = (each.id for each in self._all() if each.lineage.get("bundle") != bundle)
        self._store.prune(KEPT, spare=[*islice(others, 1)])
        if follower.outdated():
            self.forget()
        return True

    def forget(self) -> None:
        """Remove all of them: somebody was erased."""
        with suppress(FileNotFoundError):
            self._store.prune(0)

    def close(self) -> None:
        """Let another process write."""
        self._turn.leave()

    def _of(self, bundle: str, erasures: int) -> Iterator[BundleInfo]:
        """Those that may be taken up, the newest first."""
        for each in self._all():
            about = each.lineage
            fits = about.get("bundle") == bundle and about.get("erasures") == erasures
            if each.problem is None and fits and about.get("schema") == SCHEMA:
                yield each

    def _all(self) -> Sequence[BundleInfo]:
        try:
            return self._store.list()
        except (ShortlistError, OSError):
            return ()
