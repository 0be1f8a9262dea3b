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
from shortlist.core.errors import DamagedBundle
from shortlist.storage.bundles import BundleInfo, BundleStore

models = typer.Typer(help="List, promote, roll back and prune trained bundles.")


@models.command("list")
def list_models(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """All bundles, the newest first, and what is wrong with them; the current one is verified."""
    store = _store(context)
    infos = store.list()
    if as_json:
        lines = [{**asdict(info), "state": info.state} for info in infos]
        typer.echo(json.dumps(lines, ensure_ascii=False))
    else:
        wide_console().print(_table(infos) if infos else "No bundles yet; run `shortlist train`.")
    _warn(store)


@models.command()
def promote(
    context: typer.Context,
    bundle: Annotated[str, typer.Argument(help="Its id, or the beginning of it.")],
) -> None:
    """Make a bundle the current one."""
    typer.echo(f"Bundle {_store(context).promote(bundle)} is current.")


@models.command()
def rollback(context: typer.Context) -> None:
    """Go back to the sound bundle that was current before."""
    typer.echo(f"Bundle {_store(context).rollback()} is current again.")


@models.command()
def prune(
    context: typer.Context,
    keep: Annotated[int, typer.Option(min=0, help="How many of the newest to keep.")] = 5,
) -> None:
    """Remove old bundles; never the current one, nor the one a rollback would give."""
    removed = _store(context).prune(keep)
    typer.echo(f"{len(removed)} removed{': ' if removed else '.'}{', '.join(removed)}")


def _store(context: typer.Context) -> BundleStore:
    return open_home(Path(context.find_root().params["home"])).bundles


def _warn(store: BundleStore) -> None:
    """Say on the error stream where what was promoted last is not what is used."""
    try:
        warning = store.open().warning if store.current() else None
    except DamagedBundle as error:
        warning = str(error)
    if warning:
        typer.echo(warning, err=True)


def _table(infos: Sequence[BundleInfo]) -> Table:
    table = Table(
        *("", "id", "created", "data until", "events", "kept-back questions", "size", "state"),
        show_edge=False,
    )
    for info in infos:
        table.add_row(
            "*" if info.current else "",
            info.id,
            info.created[:16].replace("T", " "),
            _data_until(info),
            _number(info.lineage.get("events", "")),
            "\n".join(f"{name} {_number(each)}" for name, each in _headline(info)),
            f"{info.bytes / 1e6:,.1f} MB",
            info.problem or info.state,
        )
    for place in (1, 2, 3, 5, 6):
        table.columns[place].no_wrap = True
    return table


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
