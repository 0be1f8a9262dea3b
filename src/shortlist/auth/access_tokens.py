"""Access tokens: signed, short-lived, and good for one thing."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

import jwt
from jwt.utils import base64url_encode
from pydantic import SecretBytes

from shortlist.auth.settings import AuthSettings
from shortlist.core.clock import Clock
from shortlist.core.errors import NotSignedIn
from shortlist.core.times import SECOND
from shortlist.storage.facts.sign_ins import SignIn

ALGORITHM: Final = "HS256"
HEADER: Final = {"alg": ALGORITHM, "typ": "at+jwt"}
"""The only header there is: one with a key's name or address in it is not ours (RFC 8725)."""

TYPE: Final = "access"
TEXTS: Final = ("iss", "aud", "sub", "sid", "typ", "role", "jti")
TIMES: Final = ("iat", "nbf", "exp")
LONGEST: Final = 4096
"""Letters of a token that is looked at at all."""

SKEW: Final = 5
"""Seconds by which the clocks of two of our own processes may differ."""


@dataclass(frozen=True)
class Claims:
    """What a token says that holds."""

    account: str
    sign_in: str
    role: str


class AccessTokens:
    """Issues and reads tokens. The algorithm is fixed and never taken from a token."""

    def __init__(self, key: SecretBytes, settings: AuthSettings, clock: Clock) -> None:
        self._key = key
        self._settings = settings
        self._clock = clock

    @property
    def seconds(self) -> int:
        """How long a token is good for."""
        return self._settings.access_minutes * 60

    def issue(self, sign_in: SignIn) -> str:
        """A token for a sign-in."""
        now = self._clock.now() // SECOND
        claims = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": sign_in.account,
            "sid": sign_in.id,
            "typ": TYPE,
            "role": sign_in.role,
            "iat": now,
            "nbf": now,
            "exp": now + self.seconds,
            "jti": secrets.token_hex(16),
        }
        key = self._key.get_secret_value()
        return jwt.encode(claims, key, ALGORITHM, headers={"typ": HEADER["typ"]})

    def read(self, token: str) -> Claims:
        """What a token says. Raises NotSignedIn for one that is not ours, or not now."""
        claims = self._verified(token)
        if not all(isinstance(claims[each], str) for each in TEXTS) or claims["typ"] != TYPE:
            raise _not_ours()
        if not all(type(claims[each]) is int for each in TIMES):
            raise _not_ours()
        now = self._clock.now() // SECOND
        if claims["exp"] <= now:
            raise NotSignedIn("The access token has expired; refresh it.")
        if max(claims["nbf"], claims["iat"]) > now + SKEW:
            raise NotSignedIn("The access token is not good yet.")
        return Claims(claims["sub"], claims["sid"], claims["role"])

    def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise _not_ours()
        try:
            found = jwt.decode_complete(
                token,
                self._key.get_secret_value(),
                [ALGORITHM],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                options={
                    "require": [*TEXTS, *TIMES],
                    "strict_aud": True,
                    # asked of our own clock above
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            raise _not_ours() from None
        written = token.rpartition(".")[2].encode()
        if found["header"] != HEADER or base64url_encode(found["signature"]) != written:
            raise _not_ours()
        claims: dict[str, Any] = found["payload"]
        return claims


def _not_ours() -> NotSignedIn:
    """One answer for all that is wrong: whoever forges tokens learns nothing from it."""
    return NotSignedIn("The access token is not one of ours.")
