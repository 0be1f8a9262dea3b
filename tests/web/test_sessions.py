"""Signed in, by cookies no script can read; signed out at once."""

from pathlib import Path

import pytest
from tests.web.browser import PASSWORD, Browser, Site, site_on

from shortlist.auth.settings import AuthSettings
from shortlist.web.cookies import ACCESS, REFRESH


def set_cookies(browser: Browser, page_path: str, action: str, **fields: str) -> list[str]:
    page = browser.get(page_path)
    answer = browser.client.post(action, data=page.form(action) | fields, follow_redirects=False)
    return answer.headers.get_list("set-cookie")


def test_who_registers_is_signed_in(site: Site) -> None:
    ada = site.person("Ada@Example.org")

    assert "ada@example.org" in ada.get("/account").text


def test_no_script_can_read_the_cookies_and_no_other_site_send_them(site: Site) -> None:
    site.person("ada")

    lines = set_cookies(site.browser(), "/sign-in", "/sign-in", login="ada", password=PASSWORD)

    assert {each.partition("=")[0] for each in lines} == {ACCESS, REFRESH}
    for each in lines:
        assert "HttpOnly" in each
        assert "SameSite=Lax" in each
        assert "Path=/" in each


def test_over_https_they_are_bound_to_host_and_encryption(site: Site) -> None:
    browser = site.browser()
    browser.client.base_url = "https://testserver"

    lines = set_cookies(browser, "/register", "/register", login="ada", password=PASSWORD)

    assert {each.partition("=")[0] for each in lines} == {f"__Host-{ACCESS}", f"__Host-{REFRESH}"}
    assert all("Secure" in each for each in lines)


def test_a_wrong_password_is_told_and_the_login_kept(site: Site) -> None:
    site.person("ada")

    page = site.browser().sign_in("ada", "not the password")

    assert page.status == 401
    assert "The login or the password is wrong." in page.root.one("p", role="alert").text
    assert page.root.one("input", id="login").attributes["value"] == "ada"
    assert "not the password" not in page.html


@pytest.mark.parametrize(
    ("login", "password", "status"),
    [("ada", "short", 400), ("a b", PASSWORD, 400), ("", PASSWORD, 400), ("eve", PASSWORD, 409)],
)
def test_what_is_wrong_with_a_registration_is_told(
    site: Site, login: str, password: str, status: int
) -> None:
    site.person("eve")
    browser = site.browser()

    page = browser.send(browser.get("/register"), "/register", login=login, password=password)

    assert page.status == status
    assert page.root.one("p", role="alert").text


def test_registration_may_be_closed(tastes_once: Path, tmp_path: Path) -> None:
    with site_on(tastes_once, tmp_path, auth={"registration": "closed"}) as site:
        page = site.browser().register("ada")

    assert page.status == 403


def test_signing_out_takes_effect_at_once_for_a_copy_of_the_cookies_too(site: Site) -> None:
    ada = site.person("ada")
    thief = site.browser(follow=False)
    thief.hold(ada.held())
    assert thief.get("/account").status == 200

    ada.post("/sign-out", {"seal": ada.seal()})

    assert not {ACCESS, REFRESH} & set(ada.held())
    assert thief.get("/account").status == 303


def test_signing_out_everywhere_ends_every_browser(site: Site) -> None:
    ada, phone = site.person("ada"), site.browser()
    phone.sign_in("ada")

    ada.send(ada.get("/account"), "/sign-out/everywhere")

    assert site_of_sign_in(phone.get("/account").path)
    assert not {ACCESS, REFRESH} & set(phone.held())


def site_of_sign_in(path: str) -> bool:
    return path.endswith("/sign-in")


def test_an_access_token_that_is_over_is_replaced_unseen(site: Site) -> None:
    ada = site.person("ada")
    before = ada.held()
    ada.client.cookies.delete(ACCESS)

    assert ada.get("/account").status == 200
    assert ada.held()[REFRESH] != before[REFRESH]
    assert ada.held()[ACCESS] != before[ACCESS]


def test_tabs_that_wake_up_together_stay_signed_in(site: Site) -> None:
    ada = site.person("ada")
    ada.client.cookies.delete(ACCESS)
    held = ada.held()
    tabs = [site.browser() for _ in range(3)]
    for each in tabs:
        each.hold(held)

    assert [each.get("/account").status for each in tabs] == [200, 200, 200]
    assert len({each.held()[REFRESH] for each in tabs}) == 1


def test_a_token_of_two_turns_ago_ends_the_sign_in(site: Site) -> None:
    ada = site.person("ada")
    old = ada.held()[REFRESH]
    for _ in range(2):
        ada.client.cookies.delete(ACCESS)
        ada.get("/account")
    thief = site.browser(follow=False)
    thief.hold({REFRESH: old})

    assert thief.get("/account").status == 303
    assert site_of_sign_in(ada.get("/account").path)


def test_without_a_grace_a_token_is_good_once(site: Site) -> None:
    ada = site.person("ada")
    old = ada.held()[REFRESH]
    sign_ins = site.home.auth.sign_ins
    sign_ins.refresh(old, "here")

    assert sign_ins.refresh(old, "here", grace=20)
    with pytest.raises(Exception, match="used before"):
        sign_ins.refresh(old, "here")


def test_in_the_last_days_of_a_sign_in_each_token_is_good_once(
    tastes_once: Path, tmp_path: Path
) -> None:
    """The row does not say then when it was renewed, and nobody is trusted for it."""
    short = AuthSettings(refresh_days=30, sign_in_days=10)
    with site_on(tastes_once, tmp_path, auth=short.model_dump()) as site:
        ada = site.person("ada")
        old = ada.held()[REFRESH]
        site.home.auth.sign_ins.refresh(old, "here")

        with pytest.raises(Exception, match="used before"):
            site.home.auth.sign_ins.refresh(old, "here", grace=20)


def test_forged_cookies_are_nobodys_and_taken_away(site: Site) -> None:
    browser = site.browser(follow=False)
    forged = f"slr_{'0' * 32}_0_{'0' * 64}"
    browser.hold({ACCESS: "eyJhbGciOiJub25lIn0.e30.", REFRESH: forged})

    assert browser.get("/account").status == 303
    assert not {ACCESS, REFRESH} & set(browser.held())


def test_a_new_password_ends_the_other_browsers(site: Site) -> None:
    ada, phone = site.person("ada"), site.browser(follow=False)
    phone.sign_in("ada")

    wrong = ada.send(ada.get("/account"), "/account/password", old="no", new=PASSWORD * 2)
    right = ada.send(ada.get("/account"), "/account/password", old=PASSWORD, new=PASSWORD * 2)

    assert wrong.status == 403
    assert "is changed" in right.root.one("p", class_="note").text
    assert phone.get("/account").status == 303
    assert ada.get("/account").status == 200


def test_erasing_everything_asks_for_the_login_and_leaves_nothing(site: Site) -> None:
    ada = site.person("ada")

    unsure = ada.send(ada.get("/account"), "/account/erase", login="eve")
    page = ada.send(ada.get("/account"), "/account/erase", login="ADA")

    assert unsure.status == 400
    assert "Everything is erased" in page.text
    assert page.root.all("details", class_="menu") == []
    assert site.browser().sign_in("ada").status == 401
