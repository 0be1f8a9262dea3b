import json
from pathlib import Path
from typing import Annotated

import typer
from tests.storage.bundles.sample import contents
from typer.testing import CliRunner, Result

from shortlist.cli.models import models
from shortlist.core.errors import UnknownBundle
from shortlist.storage.bundles import open_bundles
from shortlist.storage.facts import open_facts


def run(home: Path, *arguments: str) -> Result:
    """Run the commands in an application that has nothing but them and the global `--home`."""
    app = typer.Typer()

    @app.callback()
    def options(home: Annotated[Path, typer.Option()]) -> None: ...

    app.add_typer(models, name="models")
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["--home", str(home), "models", *arguments]
    )


def test_the_list_of_nothing_says_what_to_do(tmp_path: Path) -> None:
    assert "shortlist train" in run(tmp_path, "list").stdout


def test_the_list_marks_the_current_bundle(tmp_path: Path) -> None:
    store = open_bundles(tmp_path / "bundles")
    published = store.publish(contents())

    result = run(tmp_path, "list")

    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if published in line)
    assert all(part in line for part in ("*", "2026-01-31", "7", "ndcg@10 0.250", "champion"))
    assert not result.stderr


def test_the_list_as_json_is_for_programs(tmp_path: Path) -> None:
    published = open_bundles(tmp_path / "bundles").publish(contents())

    (line,) = json.loads(run(tmp_path, "list", "--json").stdout)

    assert (line["id"], line["current"], line["state"]) == (published, True, "ok")


def test_a_damaged_current_bundle_is_said_on_stderr(tmp_path: Path) -> None:
    store = open_bundles(tmp_path / "bundles")
    first, second = store.publish(contents("a")), store.publish(contents("b"))
    (tmp_path / "bundles" / second / "items.npy").unlink()

    result = run(tmp_path, "list")

    assert "items.npy is missing" in result.stderr
    assert f"bundle {first}" in result.stderr


def test_promote_rollback_and_prune_say_what_they_did(tmp_path: Path) -> None:
    store = open_bundles(tmp_path / "bundles")
    first, second, third = (store.publish(contents(mark)) for mark in "abc")

    assert second in run(tmp_path, "rollback").stdout
    assert third in run(tmp_path, "promote", third[:-1]).stdout
    assert first in run(tmp_path, "prune", "--keep", "0").stdout

    assert [info.id for info in store.list()] == [third, second]


def test_an_unknown_bundle_is_an_error_we_foresaw(tmp_path: Path) -> None:
    published = open_bundles(tmp_path / "bundles").publish(contents())

    result = run(tmp_path, "promote", "1999")

    assert isinstance(result.exception, UnknownBundle)
    assert published in str(result.exception)


def test_the_list_says_roles_and_what_the_worker_does(tmp_path: Path) -> None:
    store = open_bundles(tmp_path / "bundles")
    first, second = store.publish(contents("a")), store.publish(contents("b"))
    with open_facts(f"sqlite:///{tmp_path / 'facts.db'}") as facts:
        facts.model_steps.add(first, "rejected", time=0, against=second)
        facts.worker.say("status", {"phase": "refreshing", "done": 3, "of": 9}, 0)

    said = run(tmp_path, "list").stdout

    lines = {
        each: next(line for line in said.splitlines() if each in line) for each in (first, second)
    }
    assert "rejected" in lines[first]
    assert "champion" in lines[second]
    assert "refreshing, 3 of 9" in said


def test_the_log_says_what_became_of_them(tmp_path: Path) -> None:
    store = open_bundles(tmp_path / "bundles")
    first, second = store.publish(contents("a")), store.publish(contents("b"))
    assert "shortlist train" in run(tmp_path, "log").stdout

    run(tmp_path, "promote", first)
    with open_facts(f"sqlite:///{tmp_path / 'facts.db'}") as facts:
        facts.model_steps.add(second, "rejected", time=0, against=first, detail={"mean": -0.25})
    said = run(tmp_path, "log").stdout.splitlines()
    (newest, oldest) = json.loads(run(tmp_path, "log", "--json").stdout)

    assert all(each in said[2] for each in (second, "rejected", first, "mean -0.250"))
    assert (oldest["bundle"], oldest["step"], oldest["against"]) == (first, "promoted", second)
    assert (newest["time"], newest["detail"]) == ("1970-01-01T00:00:00Z", {"mean": -0.25})
