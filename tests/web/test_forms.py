"""Forms are taken from our own pages alone, and lead to our own pages alone."""

import pytest
from tests.web.browser import PASSWORD, Browser, Site

from shortlist.core.errors import Invalid
from shortlist.web.forms import Form, local

EVIL = "https://evil.example"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": EVIL}],
    ids=str,
)
def test_a_form_from_another_site_is_refused_with_the_right_seal_too(
    lasting: Site, headers: dict[str, str]
) -> None:
    browser = lasting.browser(follow=False)
    fields = browser.get("/sign-in").form("/theme") | {"theme": "dark"}

    assert browser.post("/theme", fields).status == 303
    assert browser.post("/theme", fields, **headers).status == 403


def test_a_form_says_from_where_it_is_only_if_it_is_ours(lasting: Site) -> None:
    browser = lasting.browser(follow=False)
    fields = browser.get("/sign-in").form("/theme")

    answer = browser.post("/theme", fields, Origin="http://testserver")

    assert answer.status == 303


def test_a_body_that_is_no_form_is_refused(lasting: Site) -> None:
    client = lasting.browser().client

    assert client.post("/theme", json={"theme": "dark"}).status_code == 422
    assert client.post("/theme", content=b"\xff\xfe").status_code == 400
    assert client.post("/theme", data={f"f{i}": "1" for i in range(3_000)}).status_code == 400
    assert client.post("/theme", content=b"x" * 200_000).status_code == 413


@pytest.mark.parametrize("elsewhere", [EVIL, "//evil.example", "/\\evil.example", "javascript:1"])
def test_signing_in_leads_nowhere_else(site: Site, elsewhere: str) -> None:
    site.person("ada")
    browser = site.browser(follow=False)
    page = browser.get(f"/sign-in?next={elsewhere}")

    answer = browser.send(page, "/sign-in", login="ada", password=PASSWORD, back=elsewhere)

    assert answer.headers["location"] == "/"


def test_a_path_of_ours_is_followed() -> None:
    assert local("/browse?genre=Sci-Fi%20x") == "/browse?genre=Sci-Fi%20x"
    assert local("/\n/evil.example") == "/"


@pytest.mark.parametrize("text", ["", "x", "6", "-1", "1e3", "nan", "٣", "5; drop table"])
def test_a_number_is_one_and_within_its_bounds(text: str) -> None:
    with pytest.raises(Invalid):
        Form({"stars": text}).number("stars", least=0.5, most=5)


def test_a_text_has_no_control_characters() -> None:
    with pytest.raises(Invalid):
        Form({"q": "a\x00b"}).text("q")


def test_a_seal_is_of_one_sign_in(site: Site) -> None:
    ada = site.person("ada")
    before = ada.seal()
    ada.post("/sign-out", {"seal": before})
    ada.sign_in()

    assert ada.seal() != before
    assert ada.post("/theme", {"seal": before, "theme": "dark"}).status == 403


def test_a_theme_is_remembered(lasting: Site) -> None:
    browser: Browser = lasting.browser()

    page = browser.send(browser.get("/sign-in"), "/theme", theme="dark")

    assert page.path.endswith("/sign-in")
    assert page.root.one("html").attributes["data-theme"] == "dark"
    assert browser.send(page, "/theme", theme='"><script>').status == 400
