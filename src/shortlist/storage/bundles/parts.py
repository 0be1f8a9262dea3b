"""The files of a bundle: written with their checksums, read only where these still hold."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from shortlist.core.errors import Invalid
from shortlist.storage.bundles.durable import HashingFile
from shortlist.storage.bundles.manifest import FILE, damaged
from shortlist.storage.bundles.names import is_part
from shortlist.storage.bundles.port import AnyArray, BundleContents


def write_parts(folder: Path, contents: BundleContents) -> dict[str, Any]:
    """Write every part, on disk when this returns; gives what the manifest says of each file.

    Raises Invalid for names and arrays that a bundle cannot have.
    """
    _check_names(contents)
    files = {name: _write_text(folder / name, text) for name, text in contents.texts.items()}
    for name, array in contents.arrays.items():
        about = {"array": name, "dtype": str(array.dtype), "shape": list(array.shape)}
        files[f"{name}.npy"] = about | _write_array(folder / f"{name}.npy", array)
    return files


def read_text(folder: Path, name: str, about: Mapping[str, Any]) -> str:
    """A text, verified. Raises DamagedBundle."""
    try:
        content = (folder / name).read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(folder, name, _why(error)) from None
    _verify(folder, name, about, len(content), hashlib.sha256(content).hexdigest())
    return text


def read_array(folder: Path, name: str, about: Mapping[str, Any]) -> AnyArray:
    """An array, verified and memory-mapped for reading. Raises DamagedBundle."""
    verify_file(folder, name, about)
    try:
        mapped = np.lib.format.open_memmap(folder / name, mode="r")
    except (OSError, ValueError, TypeError) as error:
        raise damaged(folder, name, f"is no array ({error})") from None
    found, said = (str(mapped.dtype), [*mapped.shape]), (about["dtype"], about["shape"])
    if found != said:
        raise damaged(folder, name, f"holds {found[0]} {found[1]}, not {said[0]} {said[1]}")
    return np.asarray(mapped)


def verify_size(folder: Path, name: str, about: Mapping[str, Any]) -> None:
    """Look whether the file is there and as long as it was, unread. Raises DamagedBundle."""
    try:
        size = (folder / name).stat().st_size
    except OSError as error:
        raise damaged(folder, name, _why(error)) from None
    _same_size(folder, name, about, size)


def verify_file(folder: Path, name: str, about: Mapping[str, Any]) -> None:
    """Read the file once and compare it to its checksum. Raises DamagedBundle."""
    try:
        with (folder / name).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            same_size = size == about["size"]
            checksum = hashlib.file_digest(file, "sha256").hexdigest() if same_size else ""
    except OSError as error:
        raise damaged(folder, name, _why(error)) from None
    _verify(folder, name, about, size, checksum)


def _verify(folder: Path, name: str, about: Mapping[str, Any], size: int, checksum: str) -> None:
    _same_size(folder, name, about, size)
    if checksum != about["sha256"]:
        raise damaged(folder, name, "is not what was written: its checksum differs")


def _same_size(folder: Path, name: str, about: Mapping[str, Any], size: int) -> None:
    if size != about["size"]:
        raise damaged(folder, name, f"has {size:,} bytes where {about['size']:,} were written")


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read ({getattr(error, 'strerror', None) or error})"


def _check_names(contents: BundleContents) -> None:
    files = [*contents.texts, *(f"{name}.npy" for name in contents.arrays)]
    for name in files:
        if not is_part(name) or name == FILE:
            raise Invalid(f"a part of a bundle cannot be called {name!r}")
    if len({*files}) < len(files):
        raise Invalid(f"two parts of a bundle have one name among {', '.join(sorted(files))}")


def _write_text(path: Path, text: str) -> dict[str, Any]:
    with _made(path) as file:
        target = HashingFile(file)
        target.write(text.encode())
        target.sync()
    return {"sha256": target.sha256, "size": target.size}


def _write_array(path: Path, array: AnyArray) -> dict[str, Any]:
    if array.dtype.hasobject:
        raise Invalid(f"the array {path.stem!r} holds Python objects: a bundle has no pickle")
    with _made(path) as file:
        target = HashingFile(file)
        np.lib.format.write_array(target, np.asarray(array), allow_pickle=False)
        target.sync()
    return {"sha256": target.sha256, "size": target.size}


def _made(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")
