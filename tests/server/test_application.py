"""The API and the pages answer at one address, each for its own paths."""

from pathlib import Path

import pytest
from tests.api.app import home_on
from tests.web.browser import Site, site_of, site_on

from shortlist.api.routes import routes as api_routes
from shortlist.server.application import OF_THE_API
from shortlist.web.routes import routes as web_routes


@pytest.fixture(scope="module")
def site(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    with site_on(tastes_once, tmp_path_factory.mktemp("both")) as found:
        yield found


def test_a_path_belongs_to_one_of_them() -> None:
    assert [each.path for each in api_routes() if not each.path.startswith(OF_THE_API)] == []
    assert [each.path for each in web_routes() if each.path.startswith(OF_THE_API)] == []


def test_both_answer(site: Site) -> None:
    browser = site.browser()

    assert browser.client.get("/version").json()["name"] == "shortlist"
    assert browser.client.get("/v1/nothing").json()["code"] == "no_such_route"
    assert browser.get("/nothing").html.startswith("<!doctype html>")


def test_a_browsers_cookies_are_nobody_to_the_api(site: Site) -> None:
    """So that no form of another site can reach what the API changes."""
    ada = site.person("ada")

    assert ada.client.get("/v1/me").status_code == 401


def test_the_pages_may_be_left_out(tastes_once: Path, tmp_path: Path) -> None:
    with (
        home_on("sqlite", tastes_once, tmp_path, web={"enabled": False}) as home,
        site_of(home) as bare,
    ):
        browser = bare.browser()

        assert browser.get("/sign-in").status == 404
        assert browser.client.get("/version").status_code == 200
