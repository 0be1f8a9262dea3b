"""Which bundle is current, and which ones were before it: one small file, replaced whole.

A file instead of a symbolic link: links cannot be made on some mounts, and cannot hold what was
current before.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shortlist.core.errors import DamagedBundle
from shortlist.storage.bundles.durable import replace_file
from shortlist.storage.bundles.names import is_id

FILE: Final = "current.json"


def read_promotions(root: Path) -> Sequence[str]:
    """Ids in order of promotion, the current one last; none where nothing was promoted.

    Raises DamagedBundle where the file does not say.
    """
    path = root / FILE
    try:
        pointer = json.loads(path.read_bytes())
        ids = [*pointer["before"], pointer["current"]]
        valid = all(isinstance(each, str) and is_id(each) for each in ids)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path, str(error)) from None
    if not valid:
        raise _damaged(path, "it names what is no bundle's id")
    return ids


def write_promotions(root: Path, ids: Sequence[str]) -> None:
    """Point at the last of the ids."""
    pointer = {"current": ids[-1], "before": [*ids[:-1]]}
    replace_file(root / FILE, json.dumps(pointer, indent=1).encode())


def _damaged(path: Path, why: str) -> DamagedBundle:
    return DamagedBundle(
        f"{path} does not say which bundle is current ({why}). "
        "Say so by `shortlist models promote ID`; `shortlist models list` shows the ids."
    )
