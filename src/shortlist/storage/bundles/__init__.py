"""Trained bundles: immutable, versioned, checksummed.

To add a back end: write one file with a subclass of `BundleStore`, then add its URL scheme to the
list below. The contract tests find it there.
"""

from importlib import import_module
from pathlib import Path

from shortlist.core.errors import BadSettings
from shortlist.core.registry import Registry
from shortlist.storage.bundles.names import is_id
from shortlist.storage.bundles.port import Bundle, BundleContents, BundleInfo, BundleStore

BACK_ENDS: Registry[str] = Registry((("file", "shortlist.storage.bundles.folder:FolderBundles"),))
"""URL schemes of the places bundles are kept in."""


def open_bundles(where: str | Path) -> BundleStore:
    """Open the bundles in a folder, given as a path or as a URL (file:///folder).

    Nothing is made before the first bundle is published. Raises BadSettings for an unknown scheme.
    """
    url = str(where) if "://" in str(where) else Path(where).absolute().as_uri()
    scheme = url.partition(":")[0]
    if scheme not in BACK_ENDS:
        known = ", ".join(f"{each}:" for each in BACK_ENDS)
        raise BadSettings(f"no bundles are kept at {scheme!r}; the URL begins with one of {known}")
    module, _, name = BACK_ENDS[scheme].partition(":")
    back_end: type[BundleStore] = getattr(import_module(module), name)
    return back_end.at(url)


__all__ = [
    "BACK_ENDS",
    "Bundle",
    "BundleContents",
    "BundleInfo",
    "BundleStore",
    "is_id",
    "open_bundles",
]
