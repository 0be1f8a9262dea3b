"""Forged tokens are refused; each differs from a good one in one thing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.auth.forging import (
    PUBLIC_KEY,
    claims_of,
    encoded,
    header_of,
    key_of,
    signed,
    unsigned,
)
from tests.auth.opened import Opened, opened

from shortlist.core.errors import NotSignedIn

Claims = dict[str, Any]


@pytest.fixture
def key(desk: Opened, tmp_path: Path) -> bytes:
    return key_of(tmp_path / "secrets")


@pytest.fixture
def token(desk: Opened) -> str:
    desk.register()
    return desk.sign_in().access


def assert_refused(desk: Opened, token: str, words: str = "not one of ours") -> None:
    with pytest.raises(NotSignedIn, match=words) as refused:
        desk.auth.sign_ins.caller(token)
    assert token not in str(refused.value) or not token


def test_what_a_token_says(token: str) -> None:
    assert header_of(token) == {"alg": "HS256", "typ": "at+jwt"}
    assert {"iss", "aud", "sub", "sid", "typ", "role", "iat", "nbf", "exp", "jti"} == set(
        claims_of(token)
    )


def test_two_tokens_differ(desk: Opened, token: str) -> None:
    assert claims_of(desk.sign_in().access)["jti"] != claims_of(token)["jti"]


def test_what_is_signed_by_hand_as_we_do_is_good(desk: Opened, token: str, key: bytes) -> None:
    """Or else the tests below would prove nothing."""
    assert desk.auth.sign_ins.caller(signed(header_of(token), claims_of(token), key))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", "", None])
def test_an_unsigned_token_is_refused(desk: Opened, token: str, name: str | None) -> None:
    header, claims = header_of(token) | {"alg": name}, claims_of(token)

    assert_refused(desk, unsigned(header, claims))
    assert_refused(desk, unsigned(header, claims) + token.rpartition(".")[2])


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_though_the_key_is_right(
    desk: Opened, token: str, key: bytes, algorithm: str
) -> None:
    header = header_of(token) | {"alg": algorithm}

    assert_refused(desk, signed(header, claims_of(token), key, algorithm))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 "])
def test_an_algorithm_that_the_header_chooses_is_refused(
    desk: Opened, token: str, key: bytes, algorithm: str
) -> None:
    header = header_of(token) | {"alg": algorithm}

    assert_refused(desk, signed(header, claims_of(token), key))
    assert_refused(desk, signed(header, claims_of(token), PUBLIC_KEY))


@pytest.mark.parametrize("guess", [PUBLIC_KEY, b"", b"secret", b"shortlist", b"\0" * 64])
def test_a_key_that_can_be_guessed_is_refused(desk: Opened, token: str, guess: bytes) -> None:
    assert_refused(desk, signed(header_of(token), claims_of(token), guess))


@pytest.mark.parametrize(
    "more",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "' UNION SELECT 'secret' --"},
        {"kid": "1"},
        {"jku": "https://attacker.example/keys.json"},
        {"jwk": {"kty": "oct", "k": encoded(b"secret")}},
        {"x5u": "https://attacker.example/certificate.pem"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
        {"cty": "JWT"},
        {"zip": "DEF"},
    ],
    ids=",".join,
)
def test_a_header_with_more_in_it_is_refused_though_it_is_signed(
    desk: Opened, token: str, key: bytes, more: Claims
) -> None:
    header = header_of(token) | more

    assert_refused(desk, signed(header, claims_of(token), key))
    assert_refused(desk, signed(header, claims_of(token), b"secret"))


def test_no_key_is_fetched_or_taken_from_a_header(desk: Opened, token: str) -> None:
    header = header_of(token) | {"jwk": {"kty": "oct", "k": encoded(b"mine" * 16)}}

    assert_refused(desk, signed(header, claims_of(token), b"mine" * 16))


@pytest.mark.parametrize("typ", ["JWT", "at+JWT", "rt+jwt", "", None, 1])
def test_another_type_in_the_header_is_refused(
    desk: Opened, token: str, key: bytes, typ: Any
) -> None:
    assert_refused(desk, signed(header_of(token) | {"typ": typ}, claims_of(token), key))


def test_a_header_without_a_type_is_refused(desk: Opened, token: str, key: bytes) -> None:
    assert_refused(desk, signed({"alg": "HS256"}, claims_of(token), key))


@pytest.mark.parametrize(
    "claim", ["iss", "aud", "sub", "sid", "typ", "role", "iat", "nbf", "exp", "jti"]
)
def test_every_claim_is_needed(desk: Opened, token: str, key: bytes, claim: str) -> None:
    claims = claims_of(token)
    without = {name: each for name, each in claims.items() if name != claim}

    assert_refused(desk, signed(header_of(token), without, key))
    assert_refused(desk, signed(header_of(token), claims | {claim: None}, key))
    assert_refused(desk, signed(header_of(token), claims | {claim: [claims[claim]]}, key))
    assert_refused(desk, signed(header_of(token), claims | {claim: {"a": 1}}, key))
    assert_refused(desk, signed(header_of(token), claims | {claim: True}, key))


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "another"},
        {"iss": "shortlist "},
        {"aud": "another"},
        {"aud": ["shortlist", "another"]},
        {"aud": ["shortlist"]},
        {"typ": "refresh"},
        {"typ": "id"},
        {"exp": 4e9},
        {"exp": "4000000000"},
        {"nbf": 1.5},
    ],
    ids=str,
)
def test_a_claim_that_is_not_ours_is_refused(
    desk: Opened, token: str, key: bytes, other: Claims
) -> None:
    assert_refused(desk, signed(header_of(token), claims_of(token) | other, key))


@pytest.mark.parametrize("late", [0, 1, 10**9])
def test_an_expired_token_is_refused(desk: Opened, token: str, key: bytes, late: int) -> None:
    now = desk.clock.now() // 1_000_000
    claims = claims_of(token) | {"exp": now - late}

    assert_refused(desk, signed(header_of(token), claims, key), "expired")


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_from_the_future_is_refused(
    desk: Opened, token: str, key: bytes, claim: str
) -> None:
    now = desk.clock.now() // 1_000_000

    def at(seconds: int) -> str:
        return signed(header_of(token), claims_of(token) | {claim: now + seconds}, key)

    assert_refused(desk, at(6), "not good yet")
    assert desk.auth.sign_ins.caller(at(5))  # the clocks of two processes may differ


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"sub": "somebody"}, "changed"),
        ({"role": "admin"}, "changed"),
        ({"sid": "0" * 32}, "over"),
        ({"sid": ""}, "over"),
    ],
    ids=str,
)
def test_what_the_row_does_not_say_is_refused_though_it_is_signed(
    desk: Opened, token: str, key: bytes, other: Claims, words: str
) -> None:
    assert_refused(desk, signed(header_of(token), claims_of(token) | other, key), words)


def test_claims_that_were_changed_are_refused(desk: Opened, token: str) -> None:
    header, _, signature = token.split(".")
    for more in ({"role": "admin"}, {"sub": "0" * 16}, {"exp": 4_000_000_000}):
        payload = signed({}, claims_of(token) | more, b"").split(".")[1]

        assert_refused(desk, f"{header}.{payload}.{signature}")


def test_every_letter_of_a_token_counts(desk: Opened, token: str) -> None:
    """Of the signature's last letter two bits mean nothing, and have to be as we wrote them."""
    for place in range(len(token)):
        if token[place] != ".":
            other = "A" if token[place] != "A" else "B"
            assert_refused(desk, token[:place] + other + token[place + 1 :])

    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if last != token[-1]:
            assert_refused(desk, token[:-1] + last)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: token + "A",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token + ".",
        lambda token: "." + token,
        lambda token: token.replace(".", ".."),
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.split(".")[1],
        lambda token: token.upper(),
        lambda token: "é" + token,
        lambda token: token * 20,
        lambda _: "",
        lambda _: "..",
        lambda _: "null",
        lambda _: "e30.e30.e30",
        lambda _: "\x00",
        lambda _: "A" * 100_000,
    ],
)
def test_what_is_not_written_as_we_write_is_refused(
    desk: Opened, token: str, change: Callable[[str], str]
) -> None:
    assert_refused(desk, change(token))


@pytest.mark.parametrize("part", ["null", "[]", '"text"', "1", "{", "[" * 2000, "", "\ud800"])
def test_what_is_no_object_is_refused(desk: Opened, token: str, key: bytes, part: str) -> None:
    text = part.encode("utf-8", "surrogatepass").decode("latin-1")

    assert_refused(desk, signed(text, claims_of(token), key))
    assert_refused(desk, signed(header_of(token), text, key))


def test_a_name_that_stands_twice_in_a_header_wins_nothing(
    desk: Opened, token: str, key: bytes
) -> None:
    twice = '{"alg":"none","alg":"HS256","typ":"at+jwt"}'
    other_way = '{"alg":"HS256","alg":"none","typ":"at+jwt"}'

    assert_refused(desk, signed(other_way, claims_of(token), key))
    assert_refused(desk, signed(twice, claims_of(token), b"secret"))


def test_a_refresh_token_is_no_access_token(desk: Opened, token: str) -> None:
    assert_refused(desk, desk.sign_in().refresh)


def test_an_access_token_is_no_refresh_token(desk: Opened, token: str) -> None:
    with pytest.raises(NotSignedIn):
        desk.auth.sign_ins.refresh(token, "here")

    assert desk.auth.sign_ins.caller(token)


def test_a_token_of_another_home_is_refused(desk: Opened, token: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with opened(tmp_path / "other") as other:
        other.register()
        assert_refused(desk, other.sign_in().access)


def test_a_token_for_another_audience_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, audience="one") as one:
        one.register()
        token = one.sign_in().access

    with opened(tmp_path, audience="two") as two:
        assert_refused(two, token)


def test_what_is_wrong_is_not_told_apart(desk: Opened, token: str, key: bytes) -> None:
    forged = [
        unsigned({"alg": "none"}, claims_of(token)),
        signed(header_of(token), claims_of(token), b"secret"),
        signed(header_of(token), claims_of(token) | {"iss": "x"}, key),
        "nonsense",
    ]
    said = set()
    for each in forged:
        with pytest.raises(NotSignedIn) as refused:
            desk.auth.sign_ins.caller(each)
        said.add(re.sub(r"\s+", " ", str(refused.value)))

    assert len(said) == 1
