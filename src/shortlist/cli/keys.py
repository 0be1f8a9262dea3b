"""`shortlist keys`: what applications show to be let in."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from shortlist.auth.api_keys import ApiKeys, IssuedKey
from shortlist.bootstrap import open_home
from shortlist.cli.console import wide_console
from shortlist.core.clock import SystemClock
from shortlist.core.errors import Invalid
from shortlist.core.times import SECOND, iso, parse_span
from shortlist.storage.facts.api_keys import ApiKey

keys = typer.Typer(help="Make, list, rotate and revoke the API keys of applications.")

ID = Annotated[str, typer.Argument(help="Its id, as in the list.")]


@keys.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Whose it is, for people.")],
    scopes: Annotated[
        str, typer.Option(help="What it is good for, such as events:write,recommend:read.")
    ],
    expires: Annotated[
        str | None, typer.Option(help="When it ends: 12h, 90d or 52w from now; else never.")
    ] = None,
) -> None:
    """Make a key and print it, and nothing else. It is shown this once.

    For example: shortlist keys create --name shop --scopes events:write,recommend:read
    """
    seconds = None if expires is None else parse_span(expires) // SECOND
    named = _checked(name)
    wanted = [each.strip() for each in scopes.split(",")]
    _print(_keys(context).create(named, wanted, seconds=seconds))


@keys.command("list")
def list_keys(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """All keys without their secrets, the oldest first."""
    found = _keys(context).all()
    if as_json:
        typer.echo(json.dumps([_document(each) for each in found], ensure_ascii=False))
    else:
        wide_console().print(
            _table(found) if found else "No keys yet; run `shortlist keys create`."
        )


@keys.command()
def rotate(
    context: typer.Context,
    key: ID,
    grace: Annotated[
        str | None,
        typer.Option(help="How long the old secret stays good: 0m, 12h; else as the settings say."),
    ] = None,
) -> None:
    """Give a key a new secret and print the key, and nothing else."""
    seconds = None if grace is None else parse_span(grace) // SECOND
    _print(_keys(context).rotate(key, seconds))


@keys.command()
def revoke(context: typer.Context, key: ID) -> None:
    """End a key at once."""
    _keys(context).revoke(key)
    typer.echo(f"Key {key} is revoked.")


def _keys(context: typer.Context) -> ApiKeys:
    return open_home(Path(context.find_root().params["home"])).auth.keys


def _print(issued: IssuedKey) -> None:
    typer.echo(issued.text)
    typer.echo(
        f"Key {issued.key.id} ({issued.key.name}) holds {issued.key.scopes.replace(' ', ', ')}. "
        "Keep it now: it is not shown again.",
        err=True,
    )


def _checked(name: str) -> str:
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise Invalid("A key's name has 1 to 100 letters.")
    return name


def _document(key: ApiKey) -> dict[str, Any]:
    moments = {name: getattr(key, name) for name in ("created", "expires", "last_used", "revoked")}
    written = {name: None if at is None else iso(at) for name, at in moments.items()}
    return {"id": key.id, "name": key.name, "scopes": key.scopes.split(), **written}


def _table(found: Sequence[ApiKey]) -> Table:
    table = Table(
        *("id", "name", "scopes", "created", "last used", "expires", "state"), show_edge=False
    )
    for each in found:
        written = _document(each)
        table.add_row(
            each.id,
            each.name,
            each.scopes,
            _short(written["created"]),
            _short(written["last_used"]),
            _short(written["expires"]),
            _state(each),
        )
    table.columns[0].no_wrap = True
    return table


def _state(key: ApiKey) -> str:
    if key.revoked is not None:
        return "revoked"
    return "expired" if key.expires is not None and key.expires <= SystemClock().now() else "good"


def _short(moment: str | None) -> str:
    return (moment or "")[:16].replace("T", " ")
