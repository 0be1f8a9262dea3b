"""`shortlist models`: what was trained, which of it is used, and the way back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from shortlist.bootstrap import open_home
from shortlist.cli.console import wide_console
from shortlist.cli.tuning_table import print_tuning, tuning_of
from shortlist.core.errors import DamagedBundle, NoBundle, NoReport
from shortlist.core.times import iso
from shortlist.evaluation.tables.terminal import print_report
from shortlist.online.models import ModelLine, Models, WorkerStatus
from shortlist.serving.bundle_reports import report_of
from shortlist.storage.bundles import BundleInfo, BundleStore
from shortlist.storage.facts.model_steps import ModelStep

models = typer.Typer(help="List, promote, roll back and prune trained bundles.")


@models.command("list")
def list_models(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """All bundles, the newest first, and what is wrong with them; the current one is verified."""
    models = _models(context)
    lines = models.list()
    if as_json:
        told = [
            {**asdict(each.info), "state": each.info.state, "role": each.role} for each in lines
        ]
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        wide_console().print(_table(lines) if lines else "No bundles yet; run `shortlist train`.")
        worker = models.worker()
        if worker is not None:
            typer.echo(_working(worker))
    _warn(models.bundles)


@models.command("log")
def log(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many steps.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What became of the bundles, the newest step first: who took it, why, and the figures."""
    steps = _models(context).steps(limit)
    if as_json:
        told = [{**each._asdict(), "time": iso(each.time)} for each in steps]
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        wide_console().print(_steps(steps) if steps else "No steps yet; run `shortlist train`.")


@models.command()
def show(
    context: typer.Context,
    bundle: Annotated[
        str | None, typer.Argument(help="Its id, or the beginning of it [the current one].")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Print every metric at every k.")] = False,
) -> None:
    """How good a bundle's ranker was on questions kept back from its training, and why.

    And what was tried before it, where `shortlist train --tune` made it.
    """
    bundles = _models(context).bundles
    whole = bundle or bundles.current()
    if whole is None:
        raise NoBundle
    report, tuning = report_of(bundles, whole), tuning_of(bundles, whole)
    if report is None and tuning is None:
        raise NoReport
    if as_json:
        told = {} if report is None else report.model_dump(mode="json")
        if tuning is not None:
            told["tuning"] = tuning.model_dump(mode="json")
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    if report is not None:
        print_report(report, wide_console(), full=full)
    if tuning is not None:
        print_tuning(tuning, wide_console(), full=full)


@models.command()
def promote(
    context: typer.Context,
    bundle: Annotated[str, typer.Argument(help="Its id, or the beginning of it.")],
) -> None:
    """Make a bundle the current one."""
    typer.echo(f"Bundle {_models(context).promote(bundle)} is current.")


@models.command()
def rollback(context: typer.Context) -> None:
    """Go back to the sound bundle that was current before."""
    typer.echo(f"Bundle {_models(context).rollback()} is current again.")


@models.command()
def prune(
    context: typer.Context,
    keep: Annotated[int, typer.Option(min=0, help="How many of the newest to keep.")] = 5,
) -> None:
    """Remove old bundles; never the current one, nor the one a rollback would give."""
    removed = _models(context).bundles.prune(keep)
    typer.echo(f"{len(removed)} removed{': ' if removed else '.'}{', '.join(removed)}")


def _models(context: typer.Context) -> Models:
    return open_home(Path(context.find_root().params["home"])).models


def _warn(store: BundleStore) -> None:
    """Say on the error stream where what was promoted last is not what is used."""
    try:
        warning = store.open().warning if store.current() else None
    except DamagedBundle as error:
        warning = str(error)
    if warning:
        typer.echo(warning, err=True)


def _table(lines: Sequence[ModelLine]) -> Table:
    table = Table(
        *("", "id", "created", "data until", "events", "kept-back questions", "size", "state"),
        show_edge=False,
    )
    for each in lines:
        info = each.info
        table.add_row(
            "*" if info.current else "",
            info.id,
            info.created[:16].replace("T", " "),
            _data_until(info),
            _number(info.lineage.get("events", "")),
            "\n".join(f"{name} {_number(each)}" for name, each in _headline(info)),
            f"{info.bytes / 1e6:,.1f} MB",
            info.problem or each.role,
        )
    for place in (1, 2, 3, 5, 6):
        table.columns[place].no_wrap = True
    return table


def _steps(steps: Sequence[ModelStep]) -> Table:
    table = Table("time", "bundle", "step", "against", "detail", show_edge=False)
    for each in steps:
        detail = ", ".join(f"{name} {_number(value)}" for name, value in each.detail.items())
        time = iso(each.time)[:19].replace("T", " ")
        table.add_row(time, each.bundle or "-", each.step, each.against or "", detail)
    for place in range(4):
        table.columns[place].no_wrap = True
    return table


def _working(worker: WorkerStatus) -> str:
    """What the worker says it does, in one line."""
    done, of = worker.said.get("done", 0), worker.said.get("of", 0)
    progress = f", {done:,} of {of:,}" if of else ""
    when = iso(worker.time)[:19].replace("T", " ")
    return f"The worker ({when}): {worker.said.get('phase', '')}{progress}."


def _data_until(info: BundleInfo) -> str:
    """The day the training data ends, or the instant it was cut at; nothing without times."""
    until = info.lineage.get("until") or info.lineage.get("data_until") or ""
    return str(until).removesuffix("T00:00:00Z")[:16].replace("T", " ")


def _headline(info: BundleInfo) -> list[tuple[str, Any]]:
    """The first three metrics that are numbers."""
    numbers = [(k, v) for k, v in info.metrics.items() if isinstance(v, int | float)]
    return numbers[:3]


def _number(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
