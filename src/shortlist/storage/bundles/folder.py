"""Bundles as folders: written aside, published by rename, pointed at by one small file."""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlparse
from urllib.request import url2pathname

from shortlist.core.errors import (
    BadSettings,
    Conflict,
    DamagedBundle,
    Invalid,
    NoBundle,
    UnknownBundle,
)
from shortlist.storage.bundles.durable import replace_file, sync_folder
from shortlist.storage.bundles.inherited import Inherited
from shortlist.storage.bundles.lock import locked
from shortlist.storage.bundles.manifest import FILE, read_manifest, write_manifest
from shortlist.storage.bundles.names import is_id
from shortlist.storage.bundles.parts import read_array, read_text, verify_size, write_parts
from shortlist.storage.bundles.port import Bundle, BundleContents, BundleInfo, BundleStore
from shortlist.storage.bundles.promotions import read_promotions, write_promotions
from shortlist.storage.bundles.refusals import refusals

UNFINISHED: Final = ".unfinished-"
DOOMED: Final = ".doomed-"


class FolderBundles(BundleStore):
    """Bundles in one folder of the local file system.

    Writers hold the folder's lock from the first file to the pointer, so what a writer finds
    unfinished was left by one that died. Readers need no lock.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def at(cls, url: str) -> Self:
        parsed = urlparse(url)
        if parsed.netloc not in ("", "localhost") or not parsed.path:
            raise BadSettings(f"{url!r} names no folder of this machine: write file:///folder")
        return cls(Path(url2pathname(parsed.path)))

    def publish(self, contents: BundleContents, *, promote: bool = True) -> str:
        with refusals(self.root, _room(contents)), self._writing():
            bundle = self._kept(contents)
            if promote:
                self._point_at(bundle)
        return bundle

    def derive(self, parent: str, contents: BundleContents) -> str:
        """The files that stay the same are hard links, or copies where there can be none."""
        source = self.root / self._whole(parent)
        with refusals(self.root, _room(contents)), self._writing():
            return self._kept(contents, Inherited(source, _read(source).manifest["files"]))

    def open(self, bundle: str | None = None) -> Bundle:
        if bundle is not None:
            return _read(self.root / self._whole(bundle))
        promoted = read_promotions(self.root)
        if not promoted:
            raise NoBundle
        try:
            return _read(self.root / promoted[-1])
        except DamagedBundle as error:
            found = self._before(promoted)
            if found is None:
                raise
            warning = f"{error} Until then bundle {found.id}, which was current before, is used."
            return replace(found, warning=warning)

    def text(self, bundle: str, name: str) -> str | None:
        folder = self.root / self._whole(bundle)
        about = read_manifest(folder)["files"].get(name)
        return None if about is None else read_text(folder, name, about)

    def current(self) -> str | None:
        promoted = read_promotions(self.root)
        return promoted[-1] if promoted else None

    def list(self) -> Sequence[BundleInfo]:
        current = None
        with suppress(DamagedBundle):
            current = self.current()
        return [_info(self.root / each, current=each == current) for each in self._ids()]

    def promote(self, bundle: str, *, instead_of: str | None = None) -> str:
        whole = self._whole(bundle)
        with refusals(self.root), self._writing():
            if instead_of is not None and self.current() != instead_of:
                raise Conflict(f"Bundle {instead_of} is not current any more; {whole} waits.")
            _read(self.root / whole)
            self._point_at(whole)
        return whole

    def rollback(self, *, instead_of: str | None = None) -> str:
        with refusals(self.root), self._writing():
            if instead_of is not None and self.current() != instead_of:
                raise Conflict(f"Bundle {instead_of} is not current any more.")
            promoted = read_promotions(self.root)
            found = self._before(promoted)
            if found is None:
                raise Conflict("There is no sound bundle that was current before this one.")
            write_promotions(self.root, promoted[: promoted.index(found.id) + 1])
        return found.id

    def prune(self, keep: int, *, spare: Collection[str] = ()) -> Sequence[str]:
        if keep < 0:
            raise Invalid(f"{keep} bundles cannot be kept: give 0 or more")
        with refusals(self.root), self._writing():
            promoted = read_promotions(self.root)
            before = self._before(promoted)
            used = {*promoted[-1:], *([before.id] if before else []), *spare}
            kept = {*self._ids()[:keep], *used}
            doomed = [each for each in self._ids() if each not in kept]
            if doomed and promoted:
                write_promotions(self.root, [each for each in promoted if each in kept])
            for each in doomed:
                (self.root / each).rename(self.root / f"{DOOMED}{each}")
            self._sweep()
        return doomed

    def _kept(self, contents: BundleContents, inherited: Inherited | None = None) -> str:
        """Write a bundle aside, and put it in its place."""
        self._sweep()
        aside = self.root / f"{UNFINISHED}{os.getpid()}"
        try:
            bundle = _write(aside, contents, inherited)
            aside.rename(self.root / bundle)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        sync_folder(self.root)
        return bundle

    def _before(self, promoted: Sequence[str]) -> Bundle | None:
        """The newest sound bundle that was current before the current one."""
        for each in reversed(promoted[:-1]):
            with suppress(DamagedBundle):
                return _read(self.root / each)
        return None

    def _ids(self) -> Sequence[str]:
        """All ids, the newest first; within one second the folders' own times decide."""
        if not self.root.is_dir():
            return []
        found = [(_made_at(each), each.name) for each in self.root.iterdir() if is_id(each.name)]
        found.sort(key=lambda each: (each[1][:15], each[0]), reverse=True)
        return [name for made_at, name in found if made_at]

    def _whole(self, beginning: str) -> str:
        """The one id that begins so."""
        ids = self._ids()
        found = [each for each in ids if beginning and each.startswith(beginning)]
        if len(found) == 1:
            return found[0]
        number = f"{len(found)} bundles begin" if found else "no bundle begins"
        raise UnknownBundle(f"{number} with {beginning!r}; there are: {', '.join(ids) or 'none'}.")

    def _point_at(self, bundle: str) -> None:
        """Promote; a pointer that cannot be read is replaced, with no memory of before."""
        promoted: Sequence[str] = []
        with suppress(DamagedBundle):
            promoted = read_promotions(self.root)
        there = {*self._ids()} - {bundle}
        write_promotions(self.root, [*(each for each in promoted if each in there), bundle])

    def _sweep(self) -> None:
        """Remove what writers that died left behind."""
        for pattern in (f"{UNFINISHED}*", f"{DOOMED}*"):
            for each in self.root.glob(pattern):
                shutil.rmtree(each, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(self.root):
            yield


def _made_at(folder: Path) -> int:
    """A folder's time in nanoseconds; 0 for what is none, or was pruned while we looked."""
    try:
        return folder.stat().st_mtime_ns if folder.is_dir() else 0
    except FileNotFoundError:
        return 0


def _room(contents: BundleContents) -> int:
    """Bytes that are to be written."""
    return sum(each.nbytes for each in contents.arrays.values())


def _write(folder: Path, contents: BundleContents, inherited: Inherited | None) -> str:
    """Write the parts, then the manifest, all on disk when this returns; gives the id."""
    folder.mkdir()
    files = write_parts(folder, contents)
    if inherited is not None:
        files |= inherited.into(folder, without=files)
    manifest = write_manifest(contents, files, datetime.now(UTC))
    replace_file(folder / FILE, manifest.content)
    for each in folder.rglob("*"):
        if each.is_dir():
            sync_folder(each)
    sync_folder(folder)
    return manifest.id


def _read(folder: Path) -> Bundle:
    manifest = read_manifest(folder)
    arrays, texts = {}, {}
    for name, about in manifest["files"].items():
        if "array" in about:
            arrays[about["array"]] = read_array(folder, name, about)
        else:
            texts[name] = read_text(folder, name, about)
    return Bundle(folder.name, manifest, arrays, texts)


def _info(folder: Path, *, current: bool) -> BundleInfo:
    try:
        manifest = read_manifest(folder)
    except DamagedBundle as error:
        return BundleInfo(folder.name, "", current, {}, {}, 0, str(error))
    problem = None
    try:
        for name, about in manifest["files"].items():
            verify_size(folder, name, about)
    except DamagedBundle as error:
        problem = str(error)
    return BundleInfo(
        id=folder.name,
        created=manifest["created"],
        current=current,
        lineage=manifest["lineage"],
        metrics=manifest["metrics"],
        bytes=sum(about["size"] for about in manifest["files"].values()),
        problem=problem,
    )
