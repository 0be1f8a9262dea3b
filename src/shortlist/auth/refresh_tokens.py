"""Refresh tokens: which sign-in they renew, and in which turn."""

import hmac
import re
from hashlib import blake2b
from typing import Final

from pydantic import SecretBytes

FORM: Final = re.compile(r"slr_([0-9a-f]{32})_([0-9]{1,9})_([0-9a-f]{64})", re.ASCII)


class RefreshTokens:
    """Sealed with a key, so that nobody can make one for a turn that has not come yet."""

    def __init__(self, key: SecretBytes) -> None:
        self._key = key

    def issue(self, sign_in: str, turn: int) -> str:
        """The token for a turn of a sign-in; the same each time."""
        return f"slr_{sign_in}_{turn}_{self._seal(sign_in, turn)}"

    def read(self, token: str) -> tuple[str, int] | None:
        """The sign-in and the turn of a token; None for one that we did not issue."""
        form = FORM.fullmatch(token)
        if form is None:
            return None
        sign_in, turn = form[1], int(form[2])
        return (sign_in, turn) if hmac.compare_digest(self.issue(sign_in, turn), token) else None

    def _seal(self, sign_in: str, turn: int) -> str:
        said = f"{sign_in}.{turn}".encode()
        return blake2b(said, key=self._key.get_secret_value(), digest_size=32).hexdigest()
