"""The manifest of a bundle: schema, lineage, settings, metrics, and a checksum of every file."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from shortlist.core.errors import DamagedBundle, Invalid
from shortlist.storage.bundles.names import id_of, is_part
from shortlist.storage.bundles.port import BundleContents, Facts

SCHEMA: Final = 1
FILE: Final = "manifest.json"
MEND: Final = (
    "Restore the file from a copy, use another bundle (`shortlist models list`) or train a new one."
)
_FIELDS: Final = {
    "created": str,
    "lineage": dict,
    "settings": dict,
    "metrics": dict,
    "files": dict,
}
_ABOUT: Final = {"sha256": str, "size": int}
_ABOUT_ARRAY: Final = {"array": str, "dtype": str, "shape": list}


@dataclass(frozen=True)
class Written:
    """A manifest on its way to disk, and the id that it gives its bundle."""

    id: str
    content: bytes


def write_manifest(contents: BundleContents, files: Facts, created: datetime) -> Written:
    """The manifest of what was written. Raises Invalid for what JSON cannot say."""
    told = {
        "schema": SCHEMA,
        "created": created.isoformat(),
        "lineage": contents.lineage,
        "settings": contents.settings,
        "metrics": _finite(contents.metrics),
        "files": files,
    }
    try:
        text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise Invalid(f"the bundle's lineage or settings do not fit into JSON: {error}") from None
    content = text.encode()
    return Written(id_of(created, hashlib.sha256(content).hexdigest()), content)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle's folder, checked against the id that the folder is named by.

    Raises DamagedBundle, also for one that a newer version wrote.
    """
    try:
        content = (folder / FILE).read_bytes()
        manifest = json.loads(content)
        schema = int(manifest["schema"])
    except FileNotFoundError:
        raise damaged(folder, FILE, "is missing") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged(folder, FILE, f"cannot be read ({error})") from None
    if schema > SCHEMA:
        raise DamagedBundle(
            f"Bundle {folder.name} was written by a newer Shortlist: its {FILE} has schema "
            f"{schema}, this version reads up to {SCHEMA}. Upgrade Shortlist, or use an older "
            "bundle (`shortlist models rollback`)."
        )
    if not folder.name.endswith(f"-{hashlib.sha256(content).hexdigest()[:6]}"):
        raise damaged(folder, FILE, "was changed, or the folder renamed: they do not match")
    _check(folder, manifest)
    return dict(manifest)


def damaged(folder: Path, file: str, what: str) -> DamagedBundle:
    """The error for a file of a bundle: which one, what is wrong with it, how to mend it."""
    return DamagedBundle(f"Bundle {folder.name} is damaged: {folder / file} {what}. {MEND}")


def _check(folder: Path, manifest: Mapping[str, Any]) -> None:
    if not _has(manifest, _FIELDS):
        raise damaged(folder, FILE, f"lacks one of {', '.join(_FIELDS)}")
    for name, about in manifest["files"].items():
        if not is_part(name):
            raise damaged(folder, FILE, f"names a file that a bundle cannot have ({name!r})")
        expected = _ABOUT | (_ABOUT_ARRAY if "array" in about else {})
        if not _has(about, expected):
            raise damaged(folder, FILE, f"does not describe {name!r} by {', '.join(expected)}")


def _has(found: Any, fields: Mapping[str, type]) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(name), kind) for name, kind in fields.items()
    )


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float | np.floating) and not math.isfinite(value):
        return None
    return value


def _plain(value: object) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
