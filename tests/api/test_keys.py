"""Keys and accounts, for administrators over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.door import PASSWORD, Door, bearer, door
from tests.storage.databases import PLACES

NEW = {"name": "shop", "scopes": ["events:write", "recommend:read"]}
KEYS, ACCOUNTS = "/v1/admin/keys", "/v1/admin/accounts"


@pytest.fixture(params=list(PLACES))
def each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with PLACES[request.param](tmp_path) as url, door(tmp_path, url) as found:
        yield found


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


def works(found: Door, key: str) -> bool:
    """Whether a key opens anything: what needs another scope is 403, not 401."""
    return bool(found("GET", KEYS, {"X-API-Key": key}).status_code == 403)


def made(found: Door, admin: dict[str, str], **more: Any) -> Any:
    answer = found("POST", KEYS, admin, json=NEW | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_key_is_made_and_shown_once(each: Door) -> None:
    admin = each.key("admin")

    key = made(each, admin)
    listed = each("GET", KEYS, admin)

    assert works(each, key["key"])
    assert key["key"][-43:] not in listed.text
    assert {k: v for k, v in key.items() if k != "key"} in listed.json()["keys"]
    assert key["scopes"] == NEW["scopes"]


def test_an_administrator_makes_keys_too(quick: Door) -> None:
    account = quick("GET", "/v1/me", quick.person()).json()["id"]
    quick("PATCH", f"{ACCOUNTS}/{account}", quick.key("admin"), json={"role": "admin"})

    assert works(quick, made(quick, quick.person())["key"])


def test_a_key_expires(quick: Door) -> None:
    admin = quick.key("admin")

    assert made(quick, admin)["expires"] is None
    assert made(quick, admin, days=1)["expires"] is not None


def test_a_key_is_rotated(each: Door) -> None:
    admin = each.key("admin")
    old = made(each, admin)

    new = each("POST", f"{KEYS}/{old['id']}/rotate", admin)
    assert works(each, old["key"])
    newest = each("POST", f"{KEYS}/{old['id']}/rotate", admin, json={"grace_minutes": 0})

    assert [answer.status_code for answer in (new, newest)] == [200, 200]
    assert not works(each, old["key"])
    assert not works(each, new.json()["key"])
    assert works(each, newest.json()["key"])


def test_a_key_is_revoked(each: Door) -> None:
    admin = each.key("admin")
    key = made(each, admin)

    answers = [each("DELETE", f"{KEYS}/{key['id']}", admin) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert not works(each, key["key"])
    assert each("POST", f"{KEYS}/{key['id']}/rotate", admin).status_code == 404
    revoked = {one["id"]: one["revoked"] for one in each("GET", KEYS, admin).json()["keys"]}
    assert revoked[key["id"]]


@pytest.mark.parametrize("key", ["0" * 16, "f" * 16])
def test_a_key_that_is_not_there_is_missing(each: Door, key: str) -> None:
    admin = each.key("admin")

    answers = [
        each("DELETE", f"{KEYS}/{key}", admin),
        each("POST", f"{KEYS}/{key}/rotate", admin),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["code"] == "unknown_key"


@pytest.mark.parametrize("key", ["%00", "0" * 15, "0" * 17, "G" * 16, "..", "0" * 15 + "%0A"])
def test_what_is_no_id_is_told_so(each: Door, key: str) -> None:
    admin = each.key("admin")

    for method, path in (("DELETE", KEYS), ("PATCH", ACCOUNTS)):
        answer = each(method, f"{path}/{key}", admin, json={})
        assert answer.status_code in (404, 405, 422)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "shop"},
        {"name": "shop", "scopes": []},
        {"name": "shop", "scopes": ["everything"]},
        {"name": "shop", "scopes": "admin"},
        {"name": "", "scopes": ["admin"]},
        {"name": "a\x00b", "scopes": ["admin"]},
        {"name": "a\nb", "scopes": ["admin"]},
        {"name": "x" * 101, "scopes": ["admin"]},
        {"name": "shop", "scopes": ["admin"], "days": 0},
        {"name": "shop", "scopes": ["admin"], "days": 1e9},
        {"name": "shop", "scopes": ["admin"], "key": "mine"},
    ],
    ids=str,
)
def test_what_is_no_key_is_not_made(quick: Door, body: dict[str, Any]) -> None:
    assert quick("POST", KEYS, quick.key("admin"), json=body).status_code == 422


def test_accounts_are_listed_in_pages(each: Door) -> None:
    admin = each.key("admin")
    for login in ("cyd", "ada", "bob"):
        each.tokens(login)

    first = each("GET", ACCOUNTS, admin, params={"limit": 2}).json()
    last = each("GET", ACCOUNTS, admin, params={"limit": 2, "after": first["next"]}).json()

    logins = [[one["login"] for one in page["accounts"]] for page in (first, last)]
    assert logins == [["ada", "bob"], ["cyd"]]
    assert last["next"] is None
    assert "argon2" not in str(first)


def test_an_account_is_made_for_a_user_of_the_log(each: Door) -> None:
    body = {"login": "ada", "password": PASSWORD, "user": "u1", "role": "admin"}

    answer = each("POST", ACCOUNTS, each.key("admin"), json=body)

    assert (answer.status_code, answer.json()["user"]) == (201, "u1")
    assert each("GET", "/v1/me", each.person("ada")).json()["user"] == "u1"
    assert each("GET", KEYS, each.person("ada")).status_code == 200


def test_a_user_of_the_log_has_one_account(quick: Door) -> None:
    admin = quick.key("admin")
    answers = [
        quick("POST", ACCOUNTS, admin, json={"login": login, "password": PASSWORD, "user": "u1"})
        for login in ("ada", "bob")
    ]

    assert [answer.status_code for answer in answers] == [201, 409]


def test_an_account_is_changed(each: Door) -> None:
    admin, tokens = each.key("admin"), each.tokens()
    account = each("GET", "/v1/me", bearer(tokens["access_token"])).json()["id"]
    change = {"disabled": True, "role": "admin", "password": "staple battery horse"}

    shut = each("PATCH", f"{ACCOUNTS}/{account}", admin, json=change)
    opened = each("PATCH", f"{ACCOUNTS}/{account}", admin, json={"disabled": False})

    assert (shut.status_code, shut.json()["role"]) == (200, "admin")
    assert shut.json()["disabled"] is not None
    assert opened.json()["disabled"] is None
    login = {"login": "ada", "password": change["password"]}
    assert each("POST", "/v1/sign-in", json=login).status_code == 200


def test_an_account_that_is_not_there_is_missing(each: Door) -> None:
    admin = each.key("admin")
    for body in ({}, {"disabled": True}, {"role": "user"}, {"password": PASSWORD}):
        answer = each("PATCH", f"{ACCOUNTS}/{'0' * 16}", admin, json=body)

        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")


def test_who_is_shut_out_is_told_so_when_they_know_the_password(quick: Door) -> None:
    account = quick("GET", "/v1/me", quick.person()).json()["id"]
    quick("PATCH", f"{ACCOUNTS}/{account}", quick.key("admin"), json={"disabled": True})

    right = quick("POST", "/v1/sign-in", json={"login": "ada", "password": PASSWORD})
    wrong = quick("POST", "/v1/sign-in", json={"login": "ada", "password": "something else"})

    assert (right.status_code, right.json()["code"]) == (403, "account_disabled")
    assert wrong.status_code == 401
