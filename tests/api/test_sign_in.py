"""Registering, signing in, one's own account, over HTTP."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.api.door import PASSWORD, Door, bearer, door
from tests.auth.opened import QUICK
from tests.storage.databases import PLACES

from shortlist.auth.settings import RateSettings

ADA = {"login": "ada", "password": PASSWORD}


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


@pytest.fixture(params=list(PLACES))
def each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with PLACES[request.param](tmp_path) as url, door(tmp_path, url) as found:
        yield found


def test_who_registers_can_sign_in_and_see_who_they_are(each: Door) -> None:
    registered = each("POST", "/v1/accounts", json=ADA)
    signed_in = each("POST", "/v1/sign-in", json=ADA)
    me = each("GET", "/v1/me", bearer(signed_in.json()["access_token"]))

    assert (registered.status_code, signed_in.status_code, me.status_code) == (201, 200, 200)
    assert registered.json() == me.json()
    assert me.json()["login"] == "ada"
    assert me.json()["role"] == "user"
    assert signed_in.json()["token_type"] == "Bearer"
    assert signed_in.json()["expires_in"] == 900
    assert signed_in.headers["Cache-Control"] == "no-store"


def test_nobody_registers_as_somebody(quick: Door) -> None:
    for more in ({"role": "admin"}, {"user": "1"}, {"id": "1"}, {"admin": True}):
        assert quick("POST", "/v1/accounts", json=ADA | more).status_code == 422

    assert quick("POST", "/v1/sign-in", json=ADA).status_code == 401


def test_a_login_is_given_once(quick: Door) -> None:
    quick("POST", "/v1/accounts", json=ADA)

    again = quick("POST", "/v1/accounts", json=ADA | {"login": "ADA"})

    assert (again.status_code, again.json()["code"]) == (409, "login_taken")


def test_registration_can_be_closed(tmp_path: Path) -> None:
    with door(tmp_path, registration="closed") as closed:
        answer = closed("POST", "/v1/accounts", json=ADA)

    assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


def test_one_address_registers_so_many(tmp_path: Path) -> None:
    with door(tmp_path, rates=RateSettings(registrations="2/hour")) as few:
        answers = [
            few("POST", "/v1/accounts", json=ADA | {"login": f"ada{number}"}) for number in range(3)
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    until_the_hour_is_over = 3600 - time.time() % 3600
    assert abs(int(answers[-1].headers["Retry-After"]) - until_the_hour_is_over) < 10


def test_a_wrong_password_and_nobody_get_the_same_answer(quick: Door) -> None:
    quick("POST", "/v1/accounts", json=ADA)

    wrong = quick("POST", "/v1/sign-in", json=ADA | {"password": "wrong"})
    nobody = quick("POST", "/v1/sign-in", json=ADA | {"login": "nobody"})

    assert wrong.status_code == 401
    assert (wrong.status_code, wrong.json()) == (nobody.status_code, nobody.json())


def test_an_account_that_is_guessed_at_is_shut_for_a_while(quick: Door) -> None:
    quick("POST", "/v1/accounts", json=ADA)
    wrong = [
        quick("POST", "/v1/sign-in", json=ADA | {"password": "wrong"}).status_code for _ in range(6)
    ]

    right = quick("POST", "/v1/sign-in", json=ADA)

    assert wrong == [401] * 5 + [429]
    assert (right.status_code, right.headers["Retry-After"]) == (429, "30")


def test_an_address_that_guesses_at_many_accounts_is_told_to_wait(tmp_path: Path) -> None:
    with door(tmp_path, rates=RateSettings(guesses="3/minute")) as strict:
        answers = [
            strict("POST", "/v1/sign-in", json={"login": f"user{number}", "password": "1234567890"})
            for number in range(4)
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


def test_when_too_many_sign_in_at_once_the_others_come_back_later(tmp_path: Path) -> None:
    narrow = QUICK.model_copy(update={"at_once": 1, "waiting": 0})
    with door(tmp_path, passwords=narrow) as busy:
        busy("POST", "/v1/accounts", json=ADA)
        with busy.desk.auth.sign_ins._passwords.turn():
            answer = busy("POST", "/v1/sign-in", json=ADA)

    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"]


def test_a_refresh_gives_new_tokens(each: Door) -> None:
    first = each.tokens()

    answer = each("POST", "/v1/sign-in/refresh", json={"refresh_token": first["refresh_token"]})

    assert answer.status_code == 200
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    assert each("GET", "/v1/me", bearer(second["access_token"])).status_code == 200


def test_a_password_is_changed(each: Door) -> None:
    here, there = each.person(), each.person()
    change = {"current": PASSWORD, "new": "staple battery horse"}

    answer = each("POST", "/v1/me/password", here, json=change)

    assert answer.status_code == 204
    assert answer.content == b""
    assert each("GET", "/v1/me", here).status_code == 200
    assert each("GET", "/v1/me", there).status_code == 401
    assert each("POST", "/v1/sign-in", json=ADA).status_code == 401
    assert each("POST", "/v1/sign-in", json=ADA | {"password": change["new"]}).status_code == 200


def test_a_password_is_changed_by_those_who_know_it(quick: Door) -> None:
    change = {"current": "wrong", "new": "staple battery horse"}

    answer = quick("POST", "/v1/me/password", quick.person(), json=change)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")


def test_an_account_is_removed(each: Door) -> None:
    assert each("DELETE", "/v1/me", each.person()).status_code == 204

    assert each("POST", "/v1/sign-in", json=ADA).status_code == 401
    assert each("POST", "/v1/accounts", json=ADA).status_code == 201


NOT_REGISTERED: list[dict[str, Any]] = [
    {"login": "ada"},
    {"password": PASSWORD},
    {"login": "", "password": PASSWORD},
    {"login": "a d a", "password": PASSWORD},
    {"login": "ad\x00a", "password": PASSWORD},
    {"login": "ada\n", "password": PASSWORD},
    {"login": "\u0430da", "password": PASSWORD},
    {"login": "a" * 129, "password": PASSWORD},
    {"login": ["ada"], "password": PASSWORD},
    {"login": None, "password": PASSWORD},
    {"login": "ada", "password": "short"},
    {"login": "ada", "password": "x" * 257},
    {"login": "ada", "password": 1234567890},
    {"login": "ada", "password": None},
    {"login": "ada", "password": PASSWORD, "more": 1},
]


@pytest.mark.parametrize("body", NOT_REGISTERED, ids=lambda body: str(body)[:40])
def test_what_cannot_register_is_told_what_is_wrong(quick: Door, body: dict[str, Any]) -> None:
    answer = quick("POST", "/v1/accounts", json=body)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"


def test_a_password_that_is_the_login_is_refused(quick: Door) -> None:
    body = {"login": "ada@example.org", "password": "Ada@Example.org"}

    answer = quick("POST", "/v1/accounts", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_password")


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"ada"', '{"login": "\\ud800"}', "\x00"])
def test_a_body_that_is_none_is_told_so(quick: Door, body: str) -> None:
    for path in ("/v1/accounts", "/v1/sign-in", "/v1/sign-in/refresh"):
        answer = quick("POST", path, {"Content-Type": "application/json"}, content=body)

        assert answer.status_code in (400, 422)
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("password", ["\x00" * 10, "\ud800" * 10, "☃" * 256, " " * 10])
def test_any_letters_make_a_password_or_are_refused(quick: Door, password: str) -> None:
    body = json.dumps({"login": "ada", "password": password})
    headers = {"Content-Type": "application/json"}

    made = quick("POST", "/v1/accounts", headers, content=body)
    signed_in = quick("POST", "/v1/sign-in", headers, content=body)

    assert (made.status_code, signed_in.status_code) in ((201, 200), (422, 422))


@pytest.mark.parametrize(
    "login", ["\x00", "a\x00da", "ad\ud800", "' OR 1=1 --", "ad%", "\U0001f600", " ada "]
)
def test_whatever_is_no_login_signs_nobody_in(each: Door, login: str) -> None:
    each("POST", "/v1/accounts", json=ADA)

    body = json.dumps(ADA | {"login": login})
    answer = each("POST", "/v1/sign-in", {"Content-Type": "application/json"}, content=body)

    assert answer.status_code in (401, 422)


def test_no_password_and_no_token_is_in_an_answer_or_a_log(quick: Door) -> None:
    with capture_logs() as log:
        tokens = quick.tokens()
        answers = [
            quick("POST", "/v1/accounts", json=ADA),
            quick("POST", "/v1/accounts", json=ADA | {"login": "x", "more": 1}),
            quick("POST", "/v1/sign-in", json={"password": PASSWORD}),
            quick("POST", "/v1/sign-in", json={"login": PASSWORD * 20, "password": PASSWORD * 20}),
            quick("POST", "/v1/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]}),
            quick("POST", "/v1/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]}),
            quick("GET", "/v1/me", bearer(tokens["access_token"])),
        ]

    said = [*(answer.text for answer in answers), str(log)]
    secret = (PASSWORD, tokens["refresh_token"], tokens["access_token"])
    assert log
    assert [each for each in said if any(word in each for word in secret)] == []
