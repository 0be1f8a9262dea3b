from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.bundles.sample import contents

from shortlist.core.clock import SystemClock
from shortlist.core.errors import UnknownBundle
from shortlist.online.models import Models, roles_of
from shortlist.storage.bundles import open_bundles
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.model_steps import ModelStep, Step


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Models]:
    with open_facts(f"sqlite:///{tmp_path / 'facts.db'}") as facts:
        yield Models(facts, open_bundles(tmp_path / "bundles"), SystemClock())


def taken(*steps: tuple[str, Step]) -> list[ModelStep]:
    return [ModelStep(at, 0, bundle, step, None, {}) for at, (bundle, step) in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "current", "role"),
    [
        ([("a", "trained")], "b", None),
        ([("a", "trained"), ("a", "promoted")], "a", "champion"),
        ([("a", "refreshed"), ("a", "shadowing")], "b", "challenger"),
        ([("a", "shadowing"), ("a", "rejected")], "b", "rejected"),
        ([("a", "shadowing"), ("a", "promoted"), ("a", "watching")], "a", "watched"),
        ([("a", "promoted"), ("a", "watching"), ("a", "settled")], "a", "champion"),
        ([("a", "promoted"), ("a", "watching"), ("a", "rolled_back")], "b", "rejected"),
        ([("a", "promoted"), ("a", "watching"), ("c", "promoted")], "c", "former"),
        ([("a", "promoted"), ("b", "promoted")], "b", "former"),
    ],
)
def test_the_role_follows_from_the_steps(
    steps: list[tuple[str, Step]], current: str, role: str | None
) -> None:
    assert roles_of(taken(*steps), current).get("a") == role


def test_what_a_person_does_is_written_down(models: Models) -> None:
    first, second = (models.bundles.publish(contents(mark)) for mark in "ab")

    models.promote(first)
    left = models.rollback()

    steps = [(each.bundle, each.step, each.against) for each in models.steps(9)]
    assert left == second
    assert steps == [(first, "rolled_back", second), (first, "promoted", second)]
    assert {each.detail["by"] for each in models.steps(9)} == {"hand"}


def test_what_a_person_cannot_do_is_not_written_down(models: Models) -> None:
    models.bundles.publish(contents())

    with pytest.raises(UnknownBundle):
        models.promote("1999")

    assert models.steps(9) == []


def test_promoting_mends_a_damaged_pointer(models: Models, tmp_path: Path) -> None:
    bundle = models.bundles.publish(contents())
    (tmp_path / "bundles" / "current.json").write_text("{")

    models.promote(bundle)

    assert models.bundles.current() == bundle
    assert models.steps(9)[0].against is None


def test_the_list_says_the_roles(models: Models) -> None:
    first, second, third = (models.bundles.publish(contents(mark)) for mark in "abc")
    models.note(second, "shadowing", against=third)

    roles = {each.info.id: each.role for each in models.list()}

    assert roles == {first: "waiting", second: "challenger", third: "champion"}
