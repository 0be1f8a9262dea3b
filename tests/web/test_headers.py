"""What browsers are told they may do with a page."""

import re

import pytest
from fastapi.routing import APIRoute
from tests.web.browser import Browser, Site

from shortlist.web.routes import routes

PATHS = ["/", "/sign-in", "/account", "/nothing/here", "/sign-in/%00", "/static/x/css/base.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(lasting: Site, path: str) -> None:
    headers = lasting.browser(follow=False).get(path).headers

    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'"} <= set(
        policy.split("; ")
    )
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "x-request-id" in headers


def test_a_page_is_not_to_be_kept(lasting: Site) -> None:
    assert lasting.browser().get("/sign-in").headers["cache-control"] == "no-store"


def test_nothing_stands_inline_and_nothing_comes_from_elsewhere(lasting: Site) -> None:
    page = lasting.browser().get("/sign-in")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.html)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page.html)
    assert addresses
    assert [each for each in addresses if not each.startswith(("/", "#"))] == []


@pytest.fixture(scope="module")
def admin(lasting: Site) -> Browser:
    return lasting.administrator("headers")


READ = [each for each in routes() if "GET" in (each.methods or ()) and "/static/" not in each.path]


@pytest.mark.parametrize("route", READ, ids=lambda each: each.path)
def test_no_page_names_another_host(lasting: Site, admin: Browser, route: APIRoute) -> None:
    bundle, item = lasting.home.bundles.current() or "", "2"
    known = {"bundle": bundle, "item": item, "item:path": item, "user": "1", "user:path": "1"}
    known |= {"name": "default"}
    path = re.sub(r"\{([\w:]+)\}", lambda found: known.get(found[1], "1"), route.path)

    page = admin.get(path)

    addresses = re.findall(r'(?:src|href|action|srcset|poster|data)="([^"]*)"', page.html)
    assert page.status in (200, 404)
    assert [each for each in addresses if not re.match(r"[#/](?!/)", each)] == []


def test_what_is_not_there_is_told_as_a_page_and_to_scripts_in_a_line(lasting: Site) -> None:
    browser = lasting.browser()

    page = browser.get("/nothing/here")
    part = browser.get("/nothing/here", **{"X-Part": "rows"})

    assert page.status == part.status == 404
    assert page.root.one("h1").text == "There is nothing here"
    assert part.headers["content-type"].startswith("text/plain")
