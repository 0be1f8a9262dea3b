"""What administrators change over the API is in the audit log; what feeds bring is not."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.app import Caller, Served

from shortlist.api.admin import create_admin

SHOP = {"name": "shop", "scopes": ["events:write"]}


def noted(served: Served, number: int = 20) -> list[tuple[str, str, str]]:
    """Who, what and about what, the oldest first."""
    return [(each.who, each.what, each.about) for each in served.home.facts.audit.newest(number)][
        ::-1
    ]


def keys(served: Served) -> list[str]:
    return [each.id for each in served.home.auth.keys.all()]


def test_changes_of_items_and_users_by_an_administrator_are_noted(served: Served) -> None:
    root = served.with_key()
    who = f"key {keys(served)[-1]}"

    root("PUT", "/v1/items/2", json={"title": "Two"})
    root("PATCH", "/v1/items/2", json={"title": "Too"})
    root("DELETE", "/v1/items/2")
    root("PUT", "/v1/bulk/items", content=b'{"id": "9"}\n')
    root("PUT", "/v1/users/1", json={"attributes": {"age": 3}})

    assert noted(served) == [
        (who, "item.edit", "2"),
        (who, "item.edit", "2"),
        (who, "item.hide", "2"),
        (who, "items.bulk", ""),
        (who, "user.attributes", "1"),
    ]


def test_what_a_feed_brings_is_not(served: Served) -> None:
    feed = served.with_key("items:write", "users:write")

    assert feed("PUT", "/v1/items/2", json={"title": "Two"}).status_code == 200
    assert feed("PUT", "/v1/users/1", json={"attributes": {"age": 3}}).status_code == 200

    assert noted(served) == []


def test_what_was_refused_is_not_noted(served: Served) -> None:
    root = served.with_key()

    root("DELETE", "/v1/items/never-there")
    root("POST", "/v1/admin/models/20200101T000000-abcdef/promote")
    root("DELETE", "/v1/admin/keys/0123456789abcdef")

    assert noted(served) == []


def test_keys_are_noted_without_their_secrets(served: Served) -> None:
    root = served.with_key()
    issued = root.post("/v1/admin/keys", SHOP)
    root.post(f"/v1/admin/keys/{issued['id']}/rotate", {})
    root("DELETE", f"/v1/admin/keys/{issued['id']}")

    changes = served.home.facts.audit.newest(3)

    assert [each.what for each in changes] == ["key.revoke", "key.rotate", "key.create"]
    assert {each.about for each in changes} == {issued["id"]}
    assert issued["key"].rpartition("_")[2] not in str(changes)


def test_models_are_noted_on_both_ports(served: Served) -> None:
    root, bundle = served.with_key(), served.home.bundles.current()
    admin = Caller(TestClient(create_admin(served.home)), root.headers)

    root.post(f"/v1/admin/models/{bundle}/promote", {})
    admin.post(f"/v1/admin/bundles/{bundle}/promote", {})
    admin.post(f"/v1/admin/models/{bundle}/promote", {})

    assert [each[1:] for each in noted(served)] == [("model.promote", bundle)] * 3


def test_accounts_are_noted_without_their_passwords(served: Served) -> None:
    root = served.with_key()
    made = root.post("/v1/admin/accounts", {"login": "bob", "password": "correct horse battery"})
    change: dict[str, Any] = {"password": "another horse battery", "disabled": True}
    assert root("PATCH", f"/v1/admin/accounts/{made['id']}", json=change).status_code == 200

    changes = served.home.facts.audit.newest(2)

    assert [(each.what, each.about) for each in changes] == [
        ("account.change", made["id"]),
        ("account.create", made["id"]),
    ]
    assert "horse" not in str(changes)


@pytest.mark.parametrize("scopes", [(), ("users:write",)])
def test_erasing_is_always_noted_and_names_nobody(served: Served, scopes: tuple[str, ...]) -> None:
    app = served.with_key(*scopes)
    app("PUT", "/v1/users/1", json={"attributes": {"age": 3}})

    assert app("DELETE", "/v1/users/1").status_code == 200

    assert noted(served) == [(f"key {keys(served)[-1]}", "user.erase", "")]


def test_who_erases_themselves_is_not_named(served: Served) -> None:
    ann = served.person("ann")
    user = served.home.auth.accounts.of_login("ann").user

    assert ann("DELETE", f"/v1/users/{user}").status_code == 200

    assert noted(served) == [("themselves", "user.erase", "")]
