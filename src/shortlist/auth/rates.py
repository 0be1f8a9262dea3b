"""How often may be asked, counted by person, by key and by address."""

import time
from functools import lru_cache
from ipaddress import ip_address, ip_network
from threading import Timer
from typing import Any, Final, Literal

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from shortlist.auth.settings import RateSettings
from shortlist.core.errors import BadSettings, TooManyRequests

What = Literal["failures", "guesses", "registrations", "people", "keys"]

PAUSE: Final = 10.0
"""Seconds for which counting goes on in memory after the shared counter has failed."""

TIDY_SECONDS: Final = 1.0
"""How often counters of this process that nobody needs any more are cleared."""

_TIMEOUTS: Final = ("socket_connect_timeout", "socket_timeout")


class Rates:
    """Counters in sliding windows. Where the shared ones fail, each process counts by itself."""

    def __init__(self, settings: RateSettings) -> None:
        self._limits = {
            "failures": parse(settings.failures),
            "guesses": parse(settings.guesses),
            "registrations": parse(settings.registrations),
            "people": parse(settings.people),
            "keys": parse(settings.keys),
        }
        self._own = SlidingWindowCounterRateLimiter(OwnCounters())
        self._shared = self._own if settings.storage == "memory://" else _limiter(settings.storage)
        self._alone_until = 0.0

    def count(self, what: What, who: str) -> None:
        """Count one more. Raises TooManyRequests where that is one too many."""
        limit = self._limits[what]
        if not self._ask("hit", limit, what, who):
            self._refuse(limit, what, who)

    def check(self, what: What, who: str) -> None:
        """Raises TooManyRequests where one more would be too many; counts nothing."""
        limit = self._limits[what]
        if not self._ask("test", limit, what, who):
            self._refuse(limit, what, who)

    @property
    def at_hand(self) -> bool:
        """Whether counting waits for nobody: the counters are in this process."""
        return self._shared is self._own

    def _refuse(self, limit: RateLimitItem, what: What, who: str) -> None:
        window = self._ask("get_window_stats", limit, what, who)
        wait = max(1.0, window.reset_time - time.time())
        raise TooManyRequests(f"More than {limit} is too many ({what}).", retry_after=wait)

    def _ask(self, question: str, limit: RateLimitItem, what: What, who: str) -> Any:
        if self._shared is not self._own and time.monotonic() >= self._alone_until:
            try:
                return getattr(self._shared, question)(limit, what, who)
            except StorageError:
                self._alone_until = time.monotonic() + PAUSE
        return getattr(self._own, question)(limit, what, who)


class OwnCounters(MemoryStorage):
    """Counters of this process.

    The library clears old ones from a thread that it starts anew as soon as the last one is done:
    a hundred a second under load, each in the path of a request. Here each lasts longer.
    """

    STORAGE_SCHEME: list[str] = []  # noqa: RUF012  as the library has it
    """Not to be opened by an address."""

    @property
    def timer(self) -> Timer:
        """The thread that clears next."""
        return self._timer

    @timer.setter
    def timer(self, timer: Timer) -> None:
        timer.interval, timer.daemon = TIDY_SECONDS, True
        self._timer = timer


@lru_cache(maxsize=4_096)
def network_of(address: str | None) -> str:
    """What counts as one address: an IPv4 address, the /64 of an IPv6 one, or as it is written.

    >>> network_of("2001:db8::1:2:3:4")
    '2001:db8::/64'
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if parsed.version == 4:
        return str(parsed)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or ip_network((parsed, 64), strict=False))


def _limiter(storage: str) -> SlidingWindowCounterRateLimiter:
    patience: Any = {} if storage.startswith("memory:") else dict.fromkeys(_TIMEOUTS, 0.2)
    try:
        opened: Any = storage_from_string(storage, wrap_exceptions=True, **patience)
    except ConfigurationError as error:
        raise BadSettings(f"rates.storage: {error}") from None
    return SlidingWindowCounterRateLimiter(opened)
