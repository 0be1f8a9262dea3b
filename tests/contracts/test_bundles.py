"""What every place that keeps bundles promises; a back end is tested by being registered."""

from pathlib import Path

import numpy as np
import pytest
from tests.storage.bundles.sample import FACTORS, contents

from shortlist.core.errors import BadSettings, Conflict, Invalid, NoBundle, UnknownBundle
from shortlist.storage.bundles import BACK_ENDS, BundleContents, BundleStore, open_bundles

PLACES = {"file": Path.as_uri}


@pytest.fixture(params=list(BACK_ENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BundleStore:
    return open_bundles(PLACES[request.param](tmp_path / "my bundles"))


def test_what_was_published_is_what_is_opened(store: BundleStore) -> None:
    published = store.publish(contents())

    bundle = store.open()

    assert (bundle.id, store.current(), bundle.warning) == (published, published, None)
    assert np.array_equal(bundle.array("sources/als.factors"), FACTORS)
    assert bundle.array("items").tolist() == ["ALIEN", "ALIENS", "AMELIE", "PADDINGTON"]
    assert bundle.array("scale").shape == ()
    assert bundle.text("ranker/order.txt") == "tree a\n"
    assert bundle.lineage == {"events": 7, "until": "2026-01-31T00:00:00Z", "mark": "a"}
    assert bundle.settings == {"training": {"seed": 7}}
    assert bundle.metrics == {"ndcg@10": 0.25, "auc": None}


def test_arrays_of_a_group_come_by_the_rest_of_their_names(store: BundleStore) -> None:
    store.publish(contents())

    group = store.open().arrays("sources/als.")

    assert {name: array.shape for name, array in group.items()} == {
        "factors": (4, 3),
        "none": (0, 3),
    }


def test_a_group_does_not_hold_what_begins_alike(store: BundleStore) -> None:
    alike = {"sources/als.factors": FACTORS, "sources/als_wide.factors": FACTORS * 2}
    store.publish(BundleContents(alike, {}, {}, {}))

    group = store.open().arrays("sources/als.")

    assert list(group) == ["factors"]
    assert np.array_equal(group["factors"], FACTORS)


def test_arrays_cannot_be_written(store: BundleStore) -> None:
    store.publish(contents())

    for array in store.open().arrays("").values():
        with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
            array[...] = array
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


def test_the_layout_in_memory_is_kept(store: BundleStore) -> None:
    columns = np.asfortranarray(FACTORS)
    store.publish(BundleContents({"columns": columns}, {}, {}, {}))

    assert store.open().array("columns").flags.f_contiguous
    assert np.array_equal(store.open().array("columns"), columns)


def test_nothing_published_is_no_bundle(store: BundleStore) -> None:
    assert (store.current(), list(store.list())) == (None, [])
    with pytest.raises(NoBundle):
        store.open()


def test_a_bundle_that_is_not_promoted_is_not_current(store: BundleStore) -> None:
    first = store.publish(contents("a"))

    second = store.publish(contents("b"), promote=False)

    assert store.current() == first
    assert store.open(second).lineage["mark"] == "b"


def test_bundles_published_within_a_second_have_their_own_ids_and_order(store: BundleStore) -> None:
    published = [store.publish(contents()) for _ in range(5)]

    assert len({*published}) == 5
    assert [info.id for info in store.list()] == published[::-1]


def test_the_list_says_which_is_current_and_what_is_in_it(store: BundleStore) -> None:
    first, second = store.publish(contents("a")), store.publish(contents("b"), promote=False)

    newest, oldest = store.list()

    assert [(each.id, each.current) for each in (oldest, newest)] == [
        (first, True),
        (second, False),
    ]
    assert (newest.state, newest.problem, newest.metrics["ndcg@10"]) == ("ok", None, 0.25)
    assert newest.bytes > FACTORS.nbytes


def test_rolling_back_walks_back(store: BundleStore) -> None:
    first, second, _ = (store.publish(contents(mark)) for mark in "abc")

    assert [store.rollback(), store.rollback()] == [second, first]
    with pytest.raises(Conflict):
        store.rollback()
    assert store.current() == first


def test_a_promotion_after_a_rollback_comes_on_top_of_it(store: BundleStore) -> None:
    first, _, third = (store.publish(contents(mark)) for mark in "abc")
    store.rollback()
    store.rollback()

    store.promote(third)

    assert store.current() == third
    assert store.rollback() == first


def test_promoting_the_current_one_again_changes_nothing(store: BundleStore) -> None:
    first, second = store.publish(contents("a")), store.publish(contents("b"))

    store.promote(second)

    assert store.rollback() == first


def test_the_beginning_of_an_id_is_enough(store: BundleStore) -> None:
    published = store.publish(contents(), promote=False)

    assert store.promote(published[:-2]) == published
    assert store.open(published[:-1]).id == published


@pytest.mark.parametrize("unknown", ["1999", "", "..", "../secrets"])
def test_an_unknown_bundle_says_which_there_are(store: BundleStore, unknown: str) -> None:
    published = store.publish(contents())

    for ask in (store.open, store.promote):
        with pytest.raises(UnknownBundle, match=published):
            ask(unknown)


def test_an_ambiguous_beginning_is_refused(store: BundleStore) -> None:
    store.publish(contents())
    store.publish(contents())

    with pytest.raises(UnknownBundle, match="2 bundles begin with '2'"):
        store.promote("2")


def test_pruning_keeps_the_newest_the_current_and_the_one_before(store: BundleStore) -> None:
    ids = [store.publish(contents(mark)) for mark in "abcde"]
    store.rollback()
    store.rollback()

    removed = store.prune(keep=1)

    assert sorted(removed) == sorted([ids[0], ids[3]])
    assert {info.id for info in store.list()} == {ids[1], ids[2], ids[4]}
    assert (store.current(), store.rollback()) == (ids[2], ids[1])


def test_an_open_bundle_survives_its_removal(store: BundleStore) -> None:
    opened = store.open(store.publish(contents()))
    store.publish(contents())
    store.publish(contents())

    assert store.prune(keep=0) == [opened.id]

    assert np.array_equal(opened.array("sources/als.factors"), FACTORS)


@pytest.mark.parametrize(
    "name", ["../up", "/etc/passwd", "a/../../b", "", ".hidden", "a b", "a//b"]
)
def test_names_that_lead_elsewhere_are_refused(store: BundleStore, name: str) -> None:
    for arrays, texts in (({name: FACTORS}, {}), ({}, {name: "text"})):
        with pytest.raises(Invalid, match="cannot be called"):
            store.publish(BundleContents(arrays, texts, {}, {}))
    assert not store.list()


@pytest.mark.parametrize(
    "bad",
    [
        BundleContents({"objects": np.array([{}])}, {}, {}, {}),
        BundleContents({}, {"manifest.json": "{}"}, {}, {}),
        BundleContents({"a": FACTORS}, {"a.npy": "text"}, {}, {}),
        BundleContents({}, {}, {"seed": float("inf")}, {}),
        BundleContents({}, {}, {}, {"seed": object()}),
    ],
)
def test_contents_that_cannot_be_kept_leave_nothing(
    store: BundleStore, bad: BundleContents
) -> None:
    first = store.publish(contents())

    with pytest.raises(Invalid):
        store.publish(bad)

    assert [info.id for info in store.list()] == [first]


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(BadSettings, match="file:"):
        open_bundles("ftp://somewhere/bundles")


def test_a_folder_of_another_machine_is_refused() -> None:
    with pytest.raises(BadSettings, match="names no folder"):
        open_bundles("file://elsewhere/bundles")


def test_a_derived_bundle_has_what_is_given_and_the_rest_of_its_parent(store: BundleStore) -> None:
    parent = store.publish(contents())
    more = BundleContents(
        arrays={"scale": np.array(3.5), "new": np.arange(2)},
        texts={"ranker/order.txt": "tree z\n"},
        lineage={"parent": parent},
        settings={},
        metrics={},
    )

    child = store.open(store.derive(parent, more))

    assert store.current() == parent
    assert np.array_equal(child.array("sources/als.factors"), FACTORS)
    assert child.array("scale") == 3.5
    assert child.array("new").tolist() == [0, 1]
    assert child.text("ranker/order.txt") == "tree z\n"
    assert child.lineage == {"parent": parent}
    assert store.open(parent).text("ranker/order.txt") == "tree a\n"


def test_a_derived_bundle_outlives_its_parent(store: BundleStore) -> None:
    parent = store.publish(contents("a"))
    child = store.derive(parent, contents("b"))
    store.promote(child)
    store.publish(contents("c"))

    assert store.prune(0) == [parent]
    assert np.array_equal(store.open(child).array("sources/als.factors"), FACTORS)


def test_from_what_is_not_there_nothing_is_derived(store: BundleStore) -> None:
    parent = store.publish(contents())

    with pytest.raises(UnknownBundle):
        store.derive("1999", contents("b"))

    assert [each.id for each in store.list()] == [parent]


def test_a_pointer_moves_only_from_where_it_is_thought_to_be(store: BundleStore) -> None:
    first, second, third = (store.publish(contents(mark)) for mark in "abc")

    with pytest.raises(Conflict, match=second):
        store.promote(first, instead_of=second)
    with pytest.raises(Conflict, match=second):
        store.rollback(instead_of=second)
    assert store.current() == third

    assert store.rollback(instead_of=third) == second
    assert store.promote(first, instead_of=second) == first


def test_what_is_spared_is_not_pruned(store: BundleStore) -> None:
    first, second, _, _ = (store.publish(contents(mark)) for mark in "abcd")

    assert store.prune(0, spare=[first]) == [second]
