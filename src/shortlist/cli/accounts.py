"""`shortlist accounts`: the people who can sign in."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from rich.table import Table

from shortlist.auth.accounts import Accounts
from shortlist.auth.scopes import Role
from shortlist.bootstrap import open_home
from shortlist.cli.console import wide_console
from shortlist.core.times import iso
from shortlist.storage.facts.accounts import Account

accounts = typer.Typer(help="Make, list and disable accounts, and set their passwords.")

LOGIN = Annotated[str, typer.Argument(help="What the person signs in with.")]
PAGE = 500


@accounts.command()
def create(
    context: typer.Context,
    login: LOGIN,
    admin: Annotated[bool, typer.Option("--admin", help="May do everything.")] = False,
    user: Annotated[
        str | None, typer.Option(help="The user of the log they are; else a new one.")
    ] = None,
) -> None:
    """Make an account. The password is asked for, or read from the first line of the input.

    For example: shortlist accounts create ada@example.org --admin
    """
    role = Role.ADMIN if admin else Role.USER
    made = _accounts(context).create(login, _new_password(), role=role, user=user)
    typer.echo(f"{made.login} can sign in ({made.role}); in the log they are {made.user}.")


@accounts.command("list")
def list_accounts(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """All accounts, by login."""
    found = list(_all(_accounts(context)))
    if as_json:
        typer.echo(json.dumps([_document(each) for each in found], ensure_ascii=False))
    elif found:
        wide_console().print(_table(found))
    else:
        typer.echo("No accounts yet; people register, or run `shortlist accounts create`.")


@accounts.command()
def disable(context: typer.Context, login: LOGIN) -> None:
    """Shut somebody out at once, on every device."""
    known = _accounts(context)
    known.disable(known.of_login(login).id)
    typer.echo(f"{login} is shut out.")


@accounts.command()
def enable(context: typer.Context, login: LOGIN) -> None:
    """Let somebody in again, and end what was locked by wrong passwords."""
    known = _accounts(context)
    known.enable(known.of_login(login).id)
    typer.echo(f"{login} can sign in again.")


@accounts.command()
def reset(context: typer.Context, login: LOGIN) -> None:
    """Set somebody's password, asked for as in `create`; all their sign-ins end."""
    known = _accounts(context)
    account = known.of_login(login)
    known.reset_password(account.id, _new_password())
    typer.echo(f"{login} has a new password, and is signed out everywhere.")


def _accounts(context: typer.Context) -> Accounts:
    return open_home(Path(context.find_root().params["home"])).auth.accounts


def _new_password() -> SecretStr:
    """Never an argument: those stand in the list of processes and in the shell's history."""
    if sys.stdin.isatty():
        said = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        said = sys.stdin.readline().rstrip("\r\n")
    return SecretStr(said)


def _all(known: Accounts) -> Iterator[Account]:
    after = ""
    while page := known.page(after, PAGE):
        yield from page
        after = page[-1].login


def _document(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "user": account.user,
        "role": account.role,
        "created": iso(account.created),
        "disabled": None if account.disabled is None else iso(account.disabled),
    }


def _table(found: Sequence[Account]) -> Table:
    table = Table(*("login", "user", "role", "created", "state"), show_edge=False)
    for each in found:
        state = "disabled" if each.disabled is not None else "good"
        table.add_row(each.login, each.user, each.role, iso(each.created)[:10], state)
    return table
