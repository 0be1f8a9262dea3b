import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.storage.bundles.sample import FACTORS, contents, forge

from shortlist.core.errors import DamagedBundle
from shortlist.storage.bundles import open_bundles

FILES = (
    "manifest.json",
    "items.npy",
    "scale.npy",
    "sources/als.factors.npy",
    "sources/als.none.npy",
    "ranker/order.txt",
)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize("damage", [flip, truncate, lengthen, Path.unlink])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_the_one_before_is_used(
    tmp_path: Path, name: str, damage: Any
) -> None:
    store = open_bundles(tmp_path)
    first, second = store.publish(contents("a")), store.publish(contents("b"))

    damage(tmp_path / second / name)

    with pytest.raises(DamagedBundle, match=f"{second}/{name}.*Restore the file"):
        store.open(second)
    used = store.open()
    assert (used.id, used.lineage["mark"]) == (first, "a")
    assert used.warning is not None
    assert f"{second}/{name}" in used.warning


@pytest.mark.parametrize("damage", [truncate, lengthen, Path.unlink])
@pytest.mark.parametrize("name", FILES)
def test_the_list_sees_what_is_missing_or_of_another_size(
    tmp_path: Path, name: str, damage: Any
) -> None:
    store = open_bundles(tmp_path)
    _, second = store.publish(contents("a")), store.publish(contents("b"))

    damage(tmp_path / second / name)

    newest, oldest = store.list()
    assert (newest.state, oldest.state) == ("damaged", "ok")
    assert name in str(newest.problem)


def test_a_damaged_bundle_is_not_promoted(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    first, second = store.publish(contents()), store.publish(contents(), promote=False)
    flip(tmp_path / second / "items.npy")

    with pytest.raises(DamagedBundle, match=r"items\.npy"):
        store.promote(second)

    assert store.current() == first


def test_rolling_back_and_pruning_pass_over_a_damaged_bundle(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    first, second, third = (store.publish(contents(mark)) for mark in "abc")
    flip(tmp_path / second / "items.npy")

    assert store.prune(keep=1) == [second]

    assert store.current() == third
    assert store.rollback() == first


def test_the_only_bundle_damaged_is_refused(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    flip(tmp_path / store.publish(contents()) / "items.npy")

    with pytest.raises(DamagedBundle, match=r"items\.npy"):
        store.open()


@pytest.mark.parametrize(
    "pointer", [b"", b"{}", b"[]", b"\xff", b'{"current": "../..", "before": []}']
)
def test_a_wrong_pointer_is_named_and_mended_by_promoting(tmp_path: Path, pointer: bytes) -> None:
    store = open_bundles(tmp_path)
    published = store.publish(contents())
    (tmp_path / "current.json").write_bytes(pointer)

    with pytest.raises(DamagedBundle, match=r"current\.json.*models promote"):
        store.open()
    assert [info.current for info in store.list()] == [False]

    store.promote(published)
    assert store.open().id == published


def test_a_pointer_to_a_bundle_that_is_gone_gives_the_one_before(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    first, second = store.publish(contents()), store.publish(contents())
    shutil.rmtree(tmp_path / second)

    opened = store.open()

    assert opened.id == first
    assert second in (opened.warning or "")


def test_a_newer_schema_is_refused_in_plain_words(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    forged = forge(tmp_path / store.publish(contents()), lambda m: m.update(schema=2))

    with pytest.raises(DamagedBundle, match=r"newer Shortlist.*schema 2.*Upgrade"):
        store.open(forged)


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/passwd", "a/../../../b"])
def test_a_manifest_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    store = open_bundles(tmp_path)

    def lead_outside(manifest: dict[str, Any]) -> None:
        manifest["files"][name] = manifest["files"]["ranker/order.txt"]

    forged = forge(tmp_path / store.publish(contents()), lead_outside)

    with pytest.raises(DamagedBundle, match="names a file that a bundle cannot have"):
        store.open(forged)


@pytest.mark.parametrize(("field", "value"), [("dtype", "float64"), ("shape", [3, 4])])
def test_an_array_of_another_kind_is_refused(tmp_path: Path, field: str, value: object) -> None:
    store = open_bundles(tmp_path)

    def mislabel(manifest: dict[str, Any]) -> None:
        manifest["files"]["sources/als.factors.npy"][field] = value

    forged = forge(tmp_path / store.publish(contents()), mislabel)

    with pytest.raises(DamagedBundle, match=r"factors\.npy holds float32"):
        store.open(forged)


@pytest.mark.parametrize("lost", ["sha256", "size", "shape"])
def test_a_manifest_that_does_not_describe_a_file_is_refused(tmp_path: Path, lost: str) -> None:
    store = open_bundles(tmp_path)
    forged = forge(
        tmp_path / store.publish(contents()), lambda m: m["files"]["items.npy"].pop(lost)
    )

    with pytest.raises(DamagedBundle, match=r"does not describe 'items\.npy'"):
        store.open(forged)


def test_arrays_are_mapped_and_not_read_into_memory(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    published = store.publish(contents())

    factors = store.open().array("sources/als.factors")

    assert np.array_equal(factors, FACTORS)
    maps = Path("/proc/self/maps").read_text("utf-8").splitlines()
    mapped = [line for line in maps if f"{published}/sources/als.factors.npy" in line]
    assert [line.split()[1] for line in mapped] == ["r--s"]
