"""Forged, stolen and used tokens over HTTP: each is refused, in words that help nobody forge."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.door import Door, bearer, door
from tests.auth.forging import (
    PUBLIC_KEY,
    claims_of,
    encoded,
    header_of,
    key_of,
    signed,
    unsigned,
)
from tests.storage.databases import PLACES

from shortlist.auth.settings import RateSettings

Forge = Callable[[str, bytes], str]
MANY = RateSettings(failures="10000/minute", guesses="10000/minute")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def shut(place: Path) -> Iterator[Door]:
    with door(place, rates=MANY) as found:
        yield found


@pytest.fixture(scope="module")
def token(shut: Door) -> str:
    return str(shut.tokens()["access_token"])


@pytest.fixture
def key(shut: Door, place: Path) -> bytes:
    return key_of(place / "secrets")


def header(**more: Any) -> Forge:
    """Right in all but its header; signed with the right key."""
    return lambda token, key: signed(header_of(token) | more, claims_of(token), key)


def claims(**more: Any) -> Forge:
    """Right in all but its claims; signed with the right key."""
    return lambda token, key: signed(header_of(token), claims_of(token) | more, key)


def by_attacker(guess: bytes, **more: Any) -> Forge:
    """An administrator's token, signed with a key of the attacker's."""
    return lambda token, _: signed(
        header_of(token) | more, claims_of(token) | {"role": "admin"}, guess
    )


def _tampered_payload(token: str, _: bytes) -> str:
    head, signature = token.split(".", maxsplit=1)[0], token.split(".")[2]
    payload = unsigned({}, claims_of(token) | {"role": "admin"}).split(".")[1]
    return f"{head}.{payload}.{signature}"


def _tampered_signature(token: str, _: bytes) -> str:
    head, payload, signature = token.split(".")
    return f"{head}.{payload}.{signature[::-1]}"


ATTACKS: dict[str, Forge] = {
    "none": lambda token, _: unsigned({"alg": "none", "typ": "at+jwt"}, claims_of(token)),
    "none in capitals": lambda token, _: unsigned(
        {"alg": "NONE", "typ": "at+jwt"}, claims_of(token)
    ),
    "none with a signature": header(alg="none"),
    "a public key as the secret": by_attacker(PUBLIC_KEY),
    "RS256 that is HMAC with a public key": by_attacker(PUBLIC_KEY, alg="RS256"),
    "ES256 that is HMAC with a public key": by_attacker(PUBLIC_KEY, alg="ES256"),
    "another HMAC with the right key": lambda token, key: signed(
        header_of(token) | {"alg": "HS512"}, claims_of(token), key, "HS512"
    ),
    "an empty key": by_attacker(b""),
    "a common key": by_attacker(b"secret"),
    "kid: a file": by_attacker(b"", kid="../../../../../dev/null"),
    "kid: SQL": by_attacker(b"secret", kid="x' UNION SELECT 'secret"),
    "kid: a command": by_attacker(b"secret", kid="|/usr/bin/id"),
    "kid, rightly signed": header(kid="1"),
    "jku": by_attacker(b"secret", jku="https://attacker.example/keys.json"),
    "jku, rightly signed": header(jku="https://attacker.example/keys.json"),
    "jwk": by_attacker(b"mine" * 8, jwk={"kty": "oct", "k": encoded(b"mine" * 8)}),
    "jwk, rightly signed": header(jwk={"kty": "oct", "k": encoded(b"mine" * 8)}),
    "x5u": by_attacker(b"secret", x5u="https://attacker.example/chain.pem"),
    "x5c": by_attacker(b"secret", x5c=["MIIB"]),
    "crit, rightly signed": header(crit=["exp"]),
    "another type of token in the header": header(typ="JWT"),
    "expired": claims(exp=1_799_999_999),
    "not yet valid": claims(nbf=1_800_009_999),
    "issued in the future": claims(iat=1_800_009_999),
    "wrong audience": claims(aud="somebody else"),
    "several audiences": claims(aud=["shortlist", "somebody else"]),
    "wrong issuer": claims(iss="somebody else"),
    "wrong type": claims(typ="refresh"),
    "no expiry": lambda token, key: signed(
        header_of(token), {k: v for k, v in claims_of(token).items() if k != "exp"}, key
    ),
    "an expiry that is no number": claims(exp="never"),
    "an expiry of infinity": claims(exp=float("inf")),
    "another account": claims(sub="0123456789abcdef"),
    "another sign-in": claims(sid="0" * 32),
    "another role": claims(role="admin"),
    "tampered payload": _tampered_payload,
    "tampered signature": _tampered_signature,
    "no signature": lambda token, _: token.rpartition(".")[0] + ".",
    "two parts": lambda token, _: token.rpartition(".")[0],
    "four parts": lambda token, _: token + ".e30",
    "five parts, as if encrypted": lambda token, _: f"{token}.e30.e30",
    "no token": lambda *_: "nonsense",
    "a very long token": lambda token, _: token + "A" * 60_000,
}


def test_what_a_forger_with_our_key_makes_is_good(shut: Door, token: str, key: bytes) -> None:
    """Or else the attacks below might be refused for their clumsiness."""
    forged = signed(header_of(token), claims_of(token) | {"jti": "mine"}, key)

    assert shut("GET", "/v1/me", bearer(forged)).status_code == 200


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("path", ["/v1/me", "/v1/admin/keys"])
def test_an_attack_is_refused(shut: Door, token: str, key: bytes, attack: str, path: str) -> None:
    forged = ATTACKS[attack](token, key)

    answer = shut("GET", path, bearer(forged))

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert forged not in answer.text


def test_attacks_leave_the_token_good(shut: Door, token: str) -> None:
    assert shut("GET", "/v1/me", bearer(token)).status_code == 200


@pytest.fixture(params=list(PLACES))
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with PLACES[request.param](tmp_path) as url, door(tmp_path, url, rates=MANY) as found:
        yield found


def status(fresh: Door, token: str) -> int:
    return int(fresh("GET", "/v1/me", bearer(token)).status_code)


def refreshed(fresh: Door, token: str) -> Any:
    return fresh("POST", "/v1/sign-in/refresh", json={"refresh_token": token})


def test_a_refresh_token_is_no_access_token(fresh: Door) -> None:
    assert status(fresh, fresh.tokens()["refresh_token"]) == 401


def test_an_access_token_is_no_refresh_token(fresh: Door) -> None:
    assert refreshed(fresh, "x" * 200).status_code == 401
    assert refreshed(fresh, fresh.tokens()["access_token"]).status_code in (401, 422)


def test_a_token_is_not_good_after_its_time(fresh: Door) -> None:
    tokens = fresh.tokens()

    fresh.desk.clock.turn(tokens["expires_in"])

    assert status(fresh, tokens["access_token"]) == 401


def test_tokens_are_not_good_after_signing_out(fresh: Door) -> None:
    here, there = fresh.tokens(), fresh.tokens()

    answer = fresh("POST", "/v1/sign-out", bearer(here["access_token"]))

    assert (answer.status_code, answer.json()) == (200, {"signed_out": 1})
    assert status(fresh, here["access_token"]) == 401
    assert refreshed(fresh, here["refresh_token"]).status_code == 401
    assert status(fresh, there["access_token"]) == 200


def test_tokens_are_not_good_after_signing_out_everywhere(fresh: Door) -> None:
    here, there = fresh.tokens(), fresh.tokens()

    answer = fresh("POST", "/v1/sign-out/everywhere", bearer(here["access_token"]))

    assert (answer.status_code, answer.json()) == (200, {"signed_out": 2})
    for each in (here, there):
        assert status(fresh, each["access_token"]) == 401
        assert refreshed(fresh, each["refresh_token"]).status_code == 401


def test_tokens_are_not_good_after_the_account_was_disabled(fresh: Door) -> None:
    tokens, admin = fresh.tokens(), fresh.key("admin")
    account = fresh("GET", "/v1/me", bearer(tokens["access_token"])).json()["id"]

    fresh("PATCH", f"/v1/admin/accounts/{account}", admin, json={"disabled": True})

    assert status(fresh, tokens["access_token"]) == 401
    assert refreshed(fresh, tokens["refresh_token"]).status_code == 401


def test_tokens_are_not_good_after_the_account_was_removed(fresh: Door) -> None:
    tokens = fresh.tokens()

    assert fresh("DELETE", "/v1/me", bearer(tokens["access_token"])).status_code == 204

    assert status(fresh, tokens["access_token"]) == 401
    assert refreshed(fresh, tokens["refresh_token"]).status_code == 401


def test_a_refresh_token_that_is_used_twice_ends_the_sign_in(fresh: Door) -> None:
    stolen = fresh.tokens()["refresh_token"]
    newer = refreshed(fresh, stolen).json()

    again = refreshed(fresh, stolen)

    assert again.status_code == 401
    assert status(fresh, newer["access_token"]) == 401
    assert refreshed(fresh, newer["refresh_token"]).status_code == 401
