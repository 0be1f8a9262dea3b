"""Accounts, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from shortlist.api.changes import note
from shortlist.api.fields import Answer, Body, Flag, Id, json, moment
from shortlist.api.routes.sign_in import ADA, Login, NewPassword
from shortlist.api.security import Caller, auth_of, needs
from shortlist.auth.scopes import Role
from shortlist.storage.facts.accounts import Account

router = APIRouter(prefix="/v1/admin/accounts", tags=["admin"])

AccountPath = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The id of an account.")]
Admin = Annotated[Caller, needs("admin")]

ONE: JsonDict = {
    "id": "6f1c2a9d0b7e4e35",
    "login": ADA["login"],
    "user": "user-6f1c2a9d0b7e4e35",
    "role": "user",
    "created": "2026-01-01T00:00:00Z",
    "disabled": None,
    "locked_until": None,
}


class NewAccount(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{**ADA, "user": "u1"}]})

    login: Login
    password: NewPassword
    role: Role = Role.USER
    user: Id | None = None
    """The user of the log they are; a new one, where nobody says."""


class AccountChange(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"disabled": True}]})

    role: Role | None = None
    disabled: Flag | None = None
    """True shuts the person out at once; false lets them sign in again."""
    password: NewPassword | None = None
    """A new password; all sign-ins of the account end."""


class AccountInfo(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [ONE]})

    id: str
    login: str
    user: str
    role: str
    created: str
    disabled: str | None
    """Since when the person is shut out."""
    locked_until: str | None
    """Until when nobody can sign in, after wrong passwords."""


class Accounts(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [{"accounts": [ONE], "next": None}]})

    accounts: list[AccountInfo]
    next: str | None
    """What to send as `after` for those that follow; null where none do."""


@router.get("", response_model=Accounts)
def list_accounts(
    request: Request,
    caller: Admin,  # noqa: ARG001
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9._@+-]*$")] = "",
) -> Response:
    """Accounts by login."""
    found = auth_of(request).accounts.page(after.lower(), limit + 1)
    shown = found[:limit]
    following = shown[-1].login if len(found) > limit else None
    return json({"accounts": [_info(each) for each in shown], "next": following})


@router.post("", status_code=201, response_model=AccountInfo)
def create_account(request: Request, caller: Admin, body: NewAccount) -> Response:
    """Make an account, for a user of the log if one is named."""
    accounts = auth_of(request).accounts
    made = accounts.create(body.login, body.password, role=body.role, user=body.user)
    note(request, caller, "account.create", made.id, role=made.role)
    return json(_info(made), 201)


@router.patch("/{id}", response_model=AccountInfo)
def change_account(
    request: Request,
    caller: Admin,
    id: AccountPath,  # noqa: A002
    body: AccountChange,
) -> Response:
    """Change a role, set a password, shut an account or open it again: what is given."""
    accounts = auth_of(request).accounts
    if body.password is not None:
        accounts.reset_password(id, body.password)
    if body.role is not None:
        accounts.set_role(id, body.role)
    if body.disabled is not None:
        (accounts.disable if body.disabled else accounts.enable)(id)
    given = body.model_dump(exclude_unset=True, exclude={"password"})
    changed = {**given, **({"password": "set"} if body.password is not None else {})}
    note(request, caller, "account.change", id, **changed)
    return json(_info(accounts.get(id)))


def _info(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "login": account.login,
        "user": account.user,
        "role": account.role,
        "created": moment(account.created),
        "disabled": moment(account.disabled),
        "locked_until": moment(account.locked_until),
    }
