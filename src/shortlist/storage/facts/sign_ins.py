"""Sign-ins at rest: who is signed in, and how often each was renewed."""

from dataclasses import dataclass, fields
from typing import Final

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.accounts import ROOM, Account, revoked
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import ACCOUNTS_TABLE, SIGN_INS_TABLE

_A: Final = ACCOUNTS_TABLE.c
_S: Final = SIGN_INS_TABLE.c


@dataclass(frozen=True)
class SignIn:
    """One sign-in, and of the account it belongs to what every request asks for."""

    id: str
    account: str
    created: Instant
    expires: Instant
    turn: int
    revoked: Instant | None
    login: str
    user: str
    role: str
    disabled: Instant | None

    def holds(self, now: Instant) -> bool:
        """Whether it is good at an instant."""
        return self.revoked is None and self.disabled is None and now < self.expires


_OF_ACCOUNT: Final = {"login", "user", "role", "disabled"}
_COLUMNS: Final = tuple(
    _A[each.name] if each.name in _OF_ACCOUNT else _S[each.name] for each in fields(SignIn)
)
_BY_ID: Final = (
    sa.select(*_COLUMNS)
    .join_from(SIGN_INS_TABLE, ACCOUNTS_TABLE)
    .where(_S.id == sa.bindparam("wanted"))
)


class SignInRows:
    """The table of sign-ins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sign_in: SignIn, account: Account, *, password: str, most: int) -> bool:
        """Keep a new sign-in of an account whose password was just proven.

        The count of failures starts again, the password is kept as hashed anew, and what is
        over or beyond the `most` newest sign-ins of the account is forgotten. False, and
        nothing kept, where the account was disabled or its password changed meanwhile.
        """
        proven = sa.update(ACCOUNTS_TABLE).where(
            _A.id == account.id, _A.password == account.password, _A.disabled.is_(None)
        )
        row = {each.name: getattr(sign_in, each.name) for each in SIGN_INS_TABLE.c}
        with self._database.writing(ROOM) as connection:
            fresh = proven.values(failures=0, locked_until=None, password=password)
            if connection.execute(fresh).rowcount != 1:
                return False
            connection.execute(sa.insert(SIGN_INS_TABLE).values(row))
            connection.execute(_over(account.id, sign_in.created, most))
        return True

    def by_id(self, sign_in: str) -> SignIn | None:
        """A sign-in with its account: one indexed read, because every request of a person asks."""
        found = self._database.rows(_BY_ID, wanted=sign_in)
        return SignIn(*found[0]) if found else None

    def renew(self, sign_in: str, turn: int, now: Instant, expires: Instant) -> bool:
        """Go from this turn to the next; of several who try at once, one does."""
        this = sa.update(SIGN_INS_TABLE).where(
            _S.id == sign_in, _S.turn == turn, _S.revoked.is_(None), _S.expires > now
        )
        with self._database.writing(ROOM) as connection:
            renewed = connection.execute(this.values(turn=turn + 1, expires=expires))
            return renewed.rowcount == 1

    def revoke(self, sign_in: str, now: Instant) -> bool:
        """End a sign-in; whether it had not been ended before."""
        this = sa.update(SIGN_INS_TABLE).where(_S.id == sign_in, _S.revoked.is_(None))
        with self._database.writing(ROOM) as connection:
            return connection.execute(this.values(revoked=now)).rowcount == 1

    def revoke_all(self, account: str, now: Instant) -> int:
        """End all sign-ins of an account; how many there were."""
        with self._database.writing(ROOM) as connection:
            return connection.execute(revoked(account, now, None)).rowcount


def _over(account: str, now: Instant, most: int) -> sa.Delete:
    """The statement that forgets sign-ins that are over, and the oldest of too many."""
    newest = (
        sa.select(_S.id).where(_S.account == account).order_by(_S.created.desc(), _S.id).limit(most)
    )
    gone = sa.or_(_S.expires <= now, _S.id.not_in(newest))
    return sa.delete(SIGN_INS_TABLE).where(_S.account == account, gone)
