"""For how long a login is shut after wrong passwords."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from shortlist.auth.settings import LockoutSettings
from shortlist.core.clock import Clock
from shortlist.core.errors import TooManyRequests
from shortlist.core.times import SECOND, Instant
from shortlist.storage.facts.accounts import Account, AccountRows

REMEMBERED: Final = 10_000
"""Logins of nobody whose failures are remembered."""


class Lockouts:
    """Counts failures: on the account's row, so that all processes count together.

    Logins that nobody has are counted in memory and shut in the same way, or else being shut
    would tell who has an account.
    """

    def __init__(self, rows: AccountRows, settings: LockoutSettings, clock: Clock) -> None:
        self._rows = rows
        self._settings = settings
        self._clock = clock
        self._strangers: OrderedDict[str, tuple[int, Instant | None]] = OrderedDict()
        self._lock = Lock()

    def check(self, login: str, account: Account | None) -> None:
        """Raises TooManyRequests while the login is shut."""
        now = self._clock.now()
        _, strange = self._strangers.get(login, (0, None))
        until = account.locked_until if account else strange
        if until is not None and now < until:
            raise TooManyRequests(
                "Too many wrong passwords; wait before trying again.",
                retry_after=(until - now) / SECOND,
            )

    def failed(self, login: str, account: Account | None) -> None:
        """Count a wrong password."""
        if account is not None:
            self._rows.failed(account.id, self._until)
            return
        with self._lock:
            failures = self._strangers.pop(login, (0, None))[0] + 1
            self._strangers[login] = (failures, self._until(failures))
            if len(self._strangers) > REMEMBERED:
                self._strangers.popitem(last=False)

    def _until(self, failures: int) -> Instant | None:
        over = failures - self._settings.failures
        if over < 0:
            return None
        seconds = self._settings.seconds << min(over, 20)
        return self._clock.now() + min(seconds, self._settings.longest_seconds) * SECOND
