import json
from pathlib import Path
from typing import Annotated

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from shortlist.bootstrap import open_home
from shortlist.cli.accounts import accounts
from shortlist.core.errors import (
    AccountDisabled,
    BadPassword,
    Invalid,
    LoginTaken,
    NotSignedIn,
    UnknownAccount,
)

PASSWORD = "correct horse battery"


def run(home: Path, *arguments: str, said: str = "") -> Result:
    """Run the commands in an application that has nothing but them, with this as its input."""
    app = typer.Typer()

    @app.callback()
    def options(home: Annotated[Path, typer.Option()]) -> None: ...

    app.add_typer(accounts, name="accounts")
    return CliRunner().invoke(app, ["--home", str(home), "accounts", *arguments], input=said)


def sign_in(home: Path, login: str, password: str = PASSWORD) -> None:
    open_home(home).auth.sign_ins.sign_in(login, SecretStr(password), "here")


def test_a_password_is_read_from_the_input(tmp_path: Path) -> None:
    made = run(tmp_path, "create", "ada", said=PASSWORD + "\n")

    assert made.exit_code == 0
    assert "ada can sign in (user)" in made.stdout
    assert PASSWORD not in made.output
    sign_in(tmp_path, "ada")


def test_an_administrator_is_made_and_listed(tmp_path: Path) -> None:
    run(tmp_path, "create", "Ada@example.org", "--admin", "--user", "u1", said=PASSWORD)

    table, documents = run(tmp_path, "list"), run(tmp_path, "list", "--json")

    (listed,) = json.loads(documents.stdout)
    assert (listed["login"], listed["role"], listed["user"]) == ("ada@example.org", "admin", "u1")
    assert set(listed) == {"id", "login", "user", "role", "created", "disabled"}
    assert all(each in table.stdout for each in ("ada@example.org", "u1", "admin", "good"))


def test_the_list_of_nothing_says_what_to_do(tmp_path: Path) -> None:
    assert "shortlist accounts create" in run(tmp_path, "list").stdout


def test_who_is_disabled_is_out_until_they_are_enabled(tmp_path: Path) -> None:
    run(tmp_path, "create", "ada", said=PASSWORD)

    assert "shut out" in run(tmp_path, "disable", "ada").stdout
    with pytest.raises(AccountDisabled):
        sign_in(tmp_path, "ada")
    assert "disabled" in run(tmp_path, "list").stdout

    run(tmp_path, "enable", "ada")
    sign_in(tmp_path, "ada")


def test_a_password_is_reset(tmp_path: Path) -> None:
    run(tmp_path, "create", "ada", said=PASSWORD)

    reset = run(tmp_path, "reset", "ada", said="another battery horse\n")

    assert "signed out everywhere" in reset.stdout
    sign_in(tmp_path, "ada", "another battery horse")
    with pytest.raises(NotSignedIn):
        sign_in(tmp_path, "ada")


@pytest.mark.parametrize(
    ("arguments", "said", "error"),
    [
        (("create", "ada"), "short\n", BadPassword),
        (("create", "ada"), "", BadPassword),
        (("create", "a d a"), PASSWORD, Invalid),
        (("create", "grace"), PASSWORD, LoginTaken),
        (("create", "ada", "--user", "u1"), PASSWORD, LoginTaken),
        (("create", "ada", "--user", ""), PASSWORD, Invalid),
        (("reset", "ada"), PASSWORD, UnknownAccount),
        (("disable", "ada"), "", UnknownAccount),
        (("enable", "ada"), "", UnknownAccount),
    ],
)
def test_what_cannot_be_done_is_an_error_we_foresaw(
    tmp_path: Path, arguments: tuple[str, ...], said: str, error: type[Exception]
) -> None:
    run(tmp_path, "create", "grace", "--user", "u1", said=PASSWORD)

    result = run(tmp_path, *arguments, said=said)

    assert isinstance(result.exception, error)
    assert not said or said.strip() not in str(result.exception)
