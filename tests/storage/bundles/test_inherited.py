from pathlib import Path

import pytest
from tests.storage.bundles.sample import contents

from shortlist.core.errors import DamagedBundle
from shortlist.storage.bundles import BundleContents, open_bundles


def nothing_new() -> BundleContents:
    return BundleContents(arrays={}, texts={}, lineage={}, settings={}, metrics={})


def test_what_two_bundles_share_takes_room_once(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    parent = store.publish(contents())

    child = store.derive(parent, nothing_new())

    files = [tmp_path / each / "items.npy" for each in (parent, child)]
    assert files[0].samefile(files[1])


def test_what_is_damaged_is_not_passed_on(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    parent = store.publish(contents())
    (tmp_path / parent / "items.npy").write_bytes(b"damaged")

    with pytest.raises(DamagedBundle, match=r"items\.npy"):
        store.derive(parent, nothing_new())

    assert [each.id for each in store.list()] == [parent]
    assert [each.name for each in tmp_path.glob(".unfinished*")] == []
