"""Accounts at rest: people who can sign in."""

from collections.abc import Callable
from dataclasses import astuple, dataclass, field, fields
from typing import Any, Final

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import ACCOUNTS_TABLE, SIGN_INS_TABLE

_A: Final = ACCOUNTS_TABLE.c

ROOM: Final = "accounts"
"""Whoever changes accounts or sign-ins waits for others who do, and for nobody else."""


@dataclass(frozen=True)
class Account:
    """One account. `user` is the person's id in the log; the password is a hash."""

    id: str
    login: str
    user: str
    password: str = field(repr=False)
    role: str
    created: Instant
    failures: int = 0
    locked_until: Instant | None = None
    disabled: Instant | None = None


_COLUMNS: Final = tuple(_A[each.name] for each in fields(Account))
_BY_ID: Final = sa.select(*_COLUMNS).where(_A.id == sa.bindparam("wanted"))
_BY_LOGIN: Final = sa.select(*_COLUMNS).where(_A.login == sa.bindparam("wanted"))
_PAGE: Final = (
    sa.select(*_COLUMNS)
    .where(_A.login > sa.bindparam("after"))
    .order_by(_A.login)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class AccountRows:
    """The table of accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: Account) -> bool:
        """Keep a new account; False, and nothing kept, where its login or user is taken."""
        new = self._database.insert_into(ACCOUNTS_TABLE).values(_values(account))
        kept = new.on_conflict_do_nothing().returning(_A.id)
        with self._database.writing(ROOM) as connection:
            return connection.execute(kept).first() is not None

    def by_id(self, account: str) -> Account | None:
        """The account of an id."""
        return self._one(_BY_ID, account)

    def by_login(self, login: str) -> Account | None:
        """The account of a login."""
        return self._one(_BY_LOGIN, login)

    def page(self, after: str, most: int) -> list[Account]:
        """Accounts in the order of their logins, those behind a login only."""
        return [Account(*row) for row in self._database.rows(_PAGE, after=after, most=most)]

    def failed(self, account: str, lock: Callable[[int], Instant | None]) -> int:
        """Count a failed attempt, and lock the account for as long as `lock` says of the count."""
        this = _A.id == account
        with self._database.writing(ROOM) as connection:
            count = connection.execute(sa.select(_A.failures).where(this)).scalar()
            failures = int(count or 0) + 1
            kept = {"failures": failures, "locked_until": lock(failures)}
            connection.execute(sa.update(ACCOUNTS_TABLE).where(this).values(kept))
        return failures

    def change(
        self,
        account: str,
        *,
        role: str | None = None,
        password: str | None = None,
        sign_out: tuple[Instant, str | None] | None = None,
    ) -> bool:
        """Change role or password; whether the account is there.

        A new password ends what was locked. `sign_out` revokes, at an instant and in the same
        transaction, all sign-ins of the account but one.
        """
        new: dict[str, Any] = {} if role is None else {"role": role}
        if password is not None:
            new |= {"password": password, "failures": 0, "locked_until": None}
        return self._change(account, new, sign_out)

    def disable(self, account: str, now: Instant) -> bool:
        """Shut an account and revoke its sign-ins; whether the account is there."""
        return self._change(account, {"disabled": now}, (now, None))

    def enable(self, account: str) -> bool:
        """Open an account again; whether it is there."""
        return self._change(account, {"disabled": None, "failures": 0, "locked_until": None}, None)

    def remove(self, account: str) -> bool:
        """Forget an account and its sign-ins; whether it was there."""
        gone = sa.delete(ACCOUNTS_TABLE).where(_A.id == account)
        with self._database.writing(ROOM) as connection:
            return connection.execute(gone).rowcount == 1

    def _one(self, query: sa.Select[Any], wanted: str) -> Account | None:
        found = self._database.rows(query, wanted=wanted)
        return Account(*found[0]) if found else None

    def _change(
        self, account: str, new: dict[str, Any], sign_out: tuple[Instant, str | None] | None
    ) -> bool:
        change = sa.update(ACCOUNTS_TABLE).where(_A.id == account).values(new or {"id": account})
        with self._database.writing(ROOM) as connection:
            found = connection.execute(change).rowcount == 1
            if sign_out is not None:
                connection.execute(revoked(account, *sign_out))
        return found


def revoked(account: str, now: Instant, but: str | None) -> sa.Update:
    """The statement that revokes all sign-ins of an account, or all but one."""
    s = SIGN_INS_TABLE.c
    live = sa.update(SIGN_INS_TABLE).where(s.account == account, s.revoked.is_(None))
    return (live if but is None else live.where(s.id != but)).values(revoked=now)


def _values(account: Account) -> dict[str, Any]:
    return dict(zip((each.name for each in fields(account)), astuple(account), strict=True))
