"""API keys: made, shown once, verified, rotated, ended."""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from pydantic import SecretBytes

from shortlist.auth.caller import Caller
from shortlist.auth.remembered import Remembered
from shortlist.auth.scopes import Scope
from shortlist.auth.uses import Uses
from shortlist.core.clock import Clock
from shortlist.core.errors import Invalid, NotSignedIn, UnknownKey
from shortlist.core.times import SECOND, Instant
from shortlist.storage.facts.api_keys import ApiKey, ApiKeyRows

FORM: Final = re.compile(r"sl_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True)
class IssuedKey:
    """A key with its secret: seen now, and never again."""

    key: ApiKey
    text: str = field(repr=False)


class ApiKeys:
    """What is kept of a secret is a keyed hash: a stolen database opens nothing."""

    def __init__(self, rows: ApiKeyRows, secret: SecretBytes, clock: Clock, *, grace: int) -> None:
        self._rows = rows
        self._secret = secret
        self._clock = clock
        self._grace = grace
        self._uses = Uses(rows.used)
        self._known = Remembered(rows.by_id, fresh=0.5, patience=0.025, kept=600)
        """Half a second old is new enough, and applications outlive a database that is away."""

    def create(self, name: str, scopes: Iterable[str], *, seconds: int | None = None) -> IssuedKey:
        """Make a key, for ever or for so many seconds.

        Raises Invalid for a scope there is not, for none at all, and for no time.
        """
        if seconds is not None and seconds <= 0:
            raise Invalid("The key would have expired already.")
        now = self._clock.now()
        expires = None if seconds is None else now + seconds * SECOND
        words = " ".join(checked_scopes(scopes))
        id_ = secrets.token_hex(8)
        secret = secrets.token_urlsafe(32)
        key = ApiKey(id_, name, self._hash(id_, secret), words, now, expires)
        self._rows.add(key)
        return IssuedKey(key, f"sl_{id_}_{secret}")

    def rotate(self, key: str, grace_seconds: int | None = None) -> IssuedKey:
        """Give a key a new secret; the old one stays good for a while (0: ends at once).

        Raises UnknownKey for a key that is not there, or was revoked.
        """
        grace = self._grace if grace_seconds is None else grace_seconds
        secret = secrets.token_urlsafe(32)
        until = self._clock.now() + grace * SECOND
        if not self._rows.rotate(key, self._hash(key, secret), until):
            raise UnknownKey(f"There is no key {key} to rotate, or it was revoked.")
        self._known.forget(key)
        return IssuedKey(self.get(key), f"sl_{key}_{secret}")

    def revoke(self, key: str) -> None:
        """End a key at once; once ended, ending it again changes nothing. Raises UnknownKey."""
        self.get(key)
        self._rows.revoke(key, self._clock.now())
        self._known.forget(key)

    def get(self, key: str) -> ApiKey:
        """The key of an id. Raises UnknownKey."""
        found = self._rows.by_id(key)
        if found is None:
            raise UnknownKey(f"There is no key {key}.")
        return found

    def all(self) -> list[ApiKey]:
        """All keys, the oldest first, those that have ended among them."""
        return self._rows.all()

    def caller(self, text: str) -> Caller:
        """Who shows this key. Raises NotSignedIn for one that is not good, or not any more."""
        form = FORM.fullmatch(text)
        kept = self._known.get(form[1]) if form else None
        now = self._clock.now()
        if form is None or kept is None or not self._good(kept, form[2], now):
            raise NotSignedIn("The API key is not good: unknown, expired or revoked.")
        self._uses.note(kept.id, now)
        return Caller.key(kept.id, kept.scopes)

    def at_hand(self, text: str) -> bool:
        """Whether `caller` can tell without asking the database."""
        form = FORM.fullmatch(text)
        return form is None or self._known.at_hand(form[1])

    def close(self) -> None:
        """Write down the last uses."""
        self._uses.close()

    def _good(self, kept: ApiKey, secret: str, now: Instant) -> bool:
        shown = self._hash(kept.id, secret)
        right = hmac.compare_digest(shown, kept.hash)
        if kept.old_hash is not None and kept.old_until is not None and now < kept.old_until:
            right |= hmac.compare_digest(shown, kept.old_hash)
        over = kept.revoked is not None or (kept.expires is not None and kept.expires <= now)
        return right and not over

    def _hash(self, key: str, secret: str) -> str:
        said = f"{key}.{secret}".encode()
        return blake2b(said, key=self._secret.get_secret_value(), digest_size=32).hexdigest()


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """Scopes in the order there is, each once. Raises Invalid, naming those there are."""
    wanted = set(scopes)
    known = [each.value for each in Scope]
    if not wanted or not wanted <= set(known):
        wrong = ", ".join(sorted(wanted - set(known))) or "none"
        raise Invalid(f"Not scopes: {wrong}. There are {', '.join(known)}.")
    return [each for each in known if each in wanted]
