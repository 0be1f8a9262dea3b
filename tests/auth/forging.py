"""Tokens made by hand, as an attacker makes them: any header, any claims, any signature."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from shortlist.auth.home_secret import open_home_secret

PUBLIC_KEY = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEb4tMqhj2h1CQRJaVjZ0p1Y6n2qYk
v0zqL1v3r7H3l5B2b6i0m9y2rYwq8h3H3f5q9q0x1c0n5o0v3m2b4Q1X5g==
-----END PUBLIC KEY-----
"""
"""What an attacker would sign with who believes that a public key verifies signatures here."""

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def header_of(token: str) -> dict[str, Any]:
    return decoded(token.split(".", maxsplit=1)[0])


def claims_of(token: str) -> dict[str, Any]:
    return decoded(token.split(".")[1])


def key_of(secrets_folder: Path) -> bytes:
    """The key that access tokens of a home are signed with."""
    return open_home_secret(secrets_folder).derived("access tokens").get_secret_value()


def signed(header: Any, claims: Any, key: bytes, algorithm: str = "HS256") -> str:
    """A token with exactly this header and these claims."""
    parts = [each if isinstance(each, str) else json.dumps(each) for each in (header, claims)]
    said = ".".join(encoded(each.encode()) for each in parts)
    return f"{said}.{encoded(hmac.digest(key, said.encode(), HASHES[algorithm]))}"


def unsigned(header: Any, claims: Any) -> str:
    """A token with no signature at all."""
    return ".".join(encoded(json.dumps(each).encode()) for each in (header, claims)) + "."
