"""Seals: what a form must bring back, so that no other site can post it (CSRF).

A seal is made from what only this browser holds, its sign-in or, before that, a random cookie.
Whoever can read neither the page nor the cookie cannot make it.
"""

import hmac
from hashlib import blake2b
from typing import Final

from pydantic import SecretBytes

SIZE: Final = 20
"""Bytes of a seal."""


class Seals:
    """Makes seals with a key of the home, and checks them."""

    def __init__(self, key: SecretBytes) -> None:
        self._key = key

    def of(self, holder: str) -> str:
        """The seal of a sign-in or of a visit; the same each time."""
        key = self._key.get_secret_value()
        return blake2b(holder.encode(), key=key, digest_size=SIZE).hexdigest()

    def holds(self, holder: str, seal: str) -> bool:
        """Whether a seal is that of its holder."""
        return hmac.compare_digest(self.of(holder).encode(), seal.encode("utf-8", "replace"))
