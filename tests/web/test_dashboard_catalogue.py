"""Users, items and keys on the dashboard: looked up, changed, hidden, erased."""

import re

import pytest
from tests.web.browser import Browser, Page, Site

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def root(site: Site) -> Browser:
    """An administrator."""
    return site.administrator()


def keys(page: Page) -> list[str]:
    return [
        each.attributes["data-key"] for each in page.root.all("tr") if "data-key" in each.attributes
    ]


def test_a_user_is_looked_up_with_what_they_did(site: Site, root: Browser) -> None:
    user = site.home.facts.users_in_log()[0]

    assert f"/admin/users/{user}" in root.get(f"/admin/users?q={user}").html
    page = root.get(f"/admin/users/{user}")

    assert "Film" in page.text
    assert "No list of theirs is kept." in page.text


def test_nobody_is_found_where_nobody_is(root: Browser) -> None:
    assert "Nobody is found" in root.get("/admin/users?q=nobody-at-all").text
    assert root.get("/admin/users/nobody-at-all").status == 404


def test_attributes_are_written(site: Site, root: Browser) -> None:
    user = site.home.facts.users_in_log()[0]

    page = root.send(
        root.get(f"/admin/users/{user}"),
        "/admin/users/attributes",
        attributes='{"age": 34, "country": "pt"}',
    )

    assert "The attributes are written." in page.text
    row = site.home.facts.get_user(user)
    assert row is not None
    assert row.attributes == {"age": 34, "country": "pt"}


@pytest.mark.parametrize(
    "written", ["{", "[1]", '{"a": {"b": 1}}', '{"a": 1e999}', '{"": 1}', '"x"', '{"a": null}']
)
def test_attributes_that_are_none_are_refused_and_kept_in_the_form(
    site: Site, root: Browser, written: str
) -> None:
    user = site.home.facts.users_in_log()[0]
    before = site.home.facts.get_user(user)

    page = root.send(
        root.get(f"/admin/users/{user}"), "/admin/users/attributes", attributes=written
    )

    assert page.status == 400
    assert page.root.one("textarea").text == " ".join(written.split())
    assert site.home.facts.get_user(user) == before


def test_a_user_is_erased_with_a_receipt_once_their_id_is_typed(site: Site, root: Browser) -> None:
    user = site.home.facts.users_in_log()[0]
    page = root.get(f"/admin/users/{user}")

    refused = root.send(page, "/admin/users/erase", again="somebody else")
    assert refused.status == 400
    assert user in site.home.facts.users_in_log()

    receipt = root.send(page, "/admin/users/erase", again=user)
    assert "Erased" in receipt.text
    assert receipt.root.one("dl", class_="receipt").all("dd")[0].text == user
    assert user not in site.home.facts.users_in_log()


def test_an_item_is_found_changed_and_inert(site: Site, root: Browser) -> None:
    page = root.send(
        root.get("/admin/items/2"),
        "/admin/items/edit",
        title=HOSTILE,
        categories="Even, New",
        text="Two.",
        attributes='{"year": 1999}',
    )

    assert "The item is written." in page.text
    assert HOSTILE not in page.html
    row = site.home.facts.get_item("2")
    assert row is not None
    assert (row.title, row.categories, row.text) == (HOSTILE, ["Even", "New"], "Two.")
    assert row.attributes == {"year": 1999}
    for path in ("/admin/items?q=two", "/admin/explain?user=1", "/admin/users?q=" + HOSTILE):
        assert HOSTILE not in root.get(path).html


def test_an_item_is_taken_out_and_brought_back(site: Site, root: Browser) -> None:
    gone = root.send(root.get("/admin/items/2"), "/admin/items/hide")
    assert "out of the catalogue" in gone.text
    assert site.home.facts.get_item("2") is None
    assert "Taken out of the catalogue" in root.get("/admin/items").text

    back = root.send(root.get("/admin/items/2"), "/admin/items/edit", title="Two again")

    assert "The item is written." in back.text
    row = site.home.facts.get_item("2")
    assert row is not None
    assert row.title == "Two again"


def test_an_item_that_is_not_there_is_missing(root: Browser) -> None:
    assert root.get("/admin/items/nothing").status == 404
    assert "Nothing is found" in root.get("/admin/items?q=zzzz").text


def test_a_key_is_made_shown_once_renewed_and_ended(site: Site, root: Browser) -> None:
    empty = root.get("/admin/keys")
    assert keys(empty) == []

    fields = {"seal": root.seal(), "name": HOSTILE, "days": "7", "scope-recommend:read": "1"}
    made = root.post("/admin/keys", fields)
    assert HOSTILE not in made.html
    assert made.headers["cache-control"] == "no-store"
    text = made.root.one("code", class_="secret").text
    assert site.home.auth.keys.caller(text).scopes == {"recommend:read"}

    listed = root.get("/admin/keys")
    (key,) = keys(listed)
    assert text not in listed.html

    renewed = root.send(listed, f"/admin/keys/{key}/rotate")
    other = renewed.root.one("code", class_="secret").text
    assert other != text

    ended = root.send(root.get("/admin/keys"), f"/admin/keys/{key}/revoke")
    assert "The key has ended." in ended.text
    assert site.home.auth.keys.get(key).revoked is not None
    assert not re.search(r"/rotate", ended.html)


def test_a_key_without_scopes_or_a_name_is_refused(root: Browser) -> None:
    page = root.get("/admin/keys")
    boxes = {name: "" for name in page.form("/admin/keys") if name.startswith("scope-")}
    assert boxes

    fields = {"seal": root.seal(), "name": "shop"}
    assert root.post("/admin/keys", fields).status == 400
    assert root.post("/admin/keys", {**fields, "scope-everything": "1"}).status == 400
    nameless = {**fields, "name": "", "scope-admin": "1"}
    assert root.post("/admin/keys", nameless).status == 400
    assert keys(root.get("/admin/keys")) == []


def test_every_change_is_written_down_inert(site: Site, root: Browser) -> None:
    user = site.home.facts.users_in_log()[0]
    assert "Nothing was changed yet" in root.get("/admin/audit").text

    root.send(root.get("/admin/items/2"), "/admin/items/edit", title="Two")
    root.post("/admin/keys", {"seal": root.seal(), "name": HOSTILE, "scope-admin": "1"})
    root.send(root.get(f"/admin/users/{user}"), "/admin/users/attributes", attributes='{"a": 1}')

    page = root.get("/admin/audit")
    rows = page.root.one("table", class_="audit").all("tr")[1:]
    told = [[cell.text for cell in each.all("td")[1:4]] for each in rows]
    assert told[0] == ["root", "user.attributes", user]
    assert told[1][:2] == ["root", "key.create"]
    assert told[2] == ["root", "item.edit", "2"]
    assert HOSTILE not in page.html
    assert HOSTILE in page.text


def test_what_was_refused_is_not_written_down(site: Site, root: Browser) -> None:
    root.send(root.get("/admin/items/2"), "/admin/items/edit", attributes="{")
    root.post("/admin/models/20200101T000000-abcdef/promote", {"seal": root.seal()})

    assert site.home.facts.audit.newest(9) == []


def test_an_erased_user_is_named_nowhere(site: Site, root: Browser) -> None:
    user = site.home.facts.users_in_log()[0]
    page = root.send(
        root.get(f"/admin/users/{user}"), "/admin/users/attributes", attributes='{"a": 1}'
    )

    root.send(page, "/admin/users/erase", again=user)

    kept = site.home.facts.audit.newest(9)
    assert [(each.what, each.about) for each in kept] == [("user.erase", "")]
    assert kept[0].detail["events"] > 0
