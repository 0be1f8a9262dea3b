"""Passwords: hashed with Argon2id, a few at a time."""

import base64
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

from shortlist.auth.quiet import QuietThreads
from shortlist.auth.settings import PasswordSettings
from shortlist.auth.slots import Slots
from shortlist.core.errors import BadPassword

SHORTEST: Final = 10
LONGEST: Final = 256
"""Letters of a new password."""


class Passwords:
    """Hashes and checks. Each costs tens of milliseconds and is done inside `turn()`."""

    def __init__(self, settings: PasswordSettings, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(
            time_cost=settings.passes, memory_cost=settings.memory_kib, parallelism=1
        )
        self._nobodys = _never_matching(self._hasher)
        self._threads = QuietThreads(settings.at_once)
        self._slots = Slots(
            settings.at_once, waiting=settings.waiting, patience=settings.patience_seconds
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place to hash in. Raises Overloaded where too many wait, or wait too long."""
        with self._slots.one():
            yield

    def hashed(self, password: SecretStr) -> str:
        """The hash that is kept of a password."""
        return self._threads.run(lambda: self._hasher.hash(_normal(password)))

    def match(self, password: SecretStr, kept: str | None) -> bool:
        """Whether this is the password; takes as long where there is none to compare it with."""
        against = kept or self._nobodys
        try:
            self._threads.run(lambda: self._hasher.verify(against, _normal(password)))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def renewed(self, password: SecretStr, kept: str) -> str:
        """The hash to keep of a password that matched: a new one where settings have changed."""
        return self.hashed(password) if self._hasher.check_needs_rehash(kept) else kept


def check_new(password: SecretStr, login: str) -> None:
    """Raises BadPassword for one that is too short, too long, or the login."""
    said = password.get_secret_value()
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadPassword(f"A password has {SHORTEST} to {LONGEST} letters.")
    if said.casefold() == login.casefold():
        raise BadPassword("A password is not the login itself.")


def _normal(password: SecretStr) -> bytes:
    """One form for what different keyboards send for the same letters."""
    normal = unicodedata.normalize("NFKC", password.get_secret_value())
    return normal.encode("utf-8", "surrogatepass")


def _never_matching(hasher: PasswordHasher) -> str:
    """A hash of nothing at all that costs as much to verify as one of somebody's password."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
