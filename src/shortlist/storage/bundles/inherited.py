"""Files that two bundles have in common."""

import os
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shortlist.storage.bundles.parts import verify_file


@dataclass(frozen=True)
class Inherited:
    """The files of a bundle that another is made from, verified."""

    folder: Path
    files: Mapping[str, Any]
    """What its manifest says of each."""

    def into(self, folder: Path, without: Collection[str]) -> dict[str, Any]:
        """Put them into another folder, but for some; gives what is to be said of each."""
        found = {name: about for name, about in self.files.items() if name not in without}
        for name, about in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if not _linked(self.folder / name, folder / name):
                _copied(self.folder / name, folder / name)
                verify_file(folder, name, about)
        return found


def _linked(source: Path, target: Path) -> bool:
    """One file under two names: no file of a bundle is ever changed. False where it cannot be."""
    with suppress(OSError, NotImplementedError):
        os.link(source, target)
        return True
    return False


def _copied(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
