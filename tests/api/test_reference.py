"""The page that describes the API comes from here, whole, and without a script."""

import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from shortlist.api.admin import create_admin
from shortlist.api.reference.endpoints import endpoints_of, types_of
from shortlist.api.reference.page import add_reference
from shortlist.api.routes import ROUTERS
from shortlist.bootstrap import open_home

HOSTILE = "<script>alert(1)</script>"


def described() -> FastAPI:
    app = FastAPI(title="Shortlist", docs_url=None, redoc_url=None)
    add_reference(app)
    for each in ROUTERS:
        app.include_router(each)
    return app


def operations(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, own in document["paths"].items() for method in own}


def test_every_endpoint_and_every_type_is_on_the_page() -> None:
    app = described()
    page, document = TestClient(app).get("/docs").text, app.openapi()

    shown = re.findall(r'class="method \w+">(\w+)</span> <code>([^<]*)</code>', page)

    assert {*shown} == operations(document)
    assert len(shown) == len({*shown})
    for each in types_of(document):
        assert f'id="type-{each.name}"' in page


def test_nothing_of_it_comes_from_elsewhere_and_nothing_of_it_runs(tmp_path: Path) -> None:
    for app in (described(), create_admin(open_home(tmp_path))):
        client = TestClient(app)
        answer = client.get("/docs")

        addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
        assert [each for each in addresses if not re.match(r"[#/](?!/)", each)] == []
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        sheet = client.get(next(each for each in addresses if each.endswith(".css")))
        assert sheet.headers["content-type"].startswith("text/css")
        assert not re.search(r"url\(|@import", sheet.text)


def test_addresses_within_it_lead_somewhere() -> None:
    page = TestClient(described()).get("/docs").text

    asked = set(re.findall(r'href="#([^"]*)"', page))

    assert asked <= set(re.findall(r'id="([^"]*)"', page))


def test_the_page_of_the_framework_is_gone() -> None:
    client = TestClient(described())

    assert client.get("/redoc").status_code == 404
    assert client.get("/docs/oauth2-redirect").status_code == 404


def test_an_endpoint_tells_what_it_takes_and_answers() -> None:
    found = {(each.method, each.path): each for each in endpoints_of(described().openapi())}

    events = found["POST", "/v1/events"]
    assert (events.takes, events.answers, events.open) == ("EventsIn", [("200", "Accepted")], False)
    assert '"kind": "rating"' in events.example
    asked = {each.name: each for each in found["GET", "/v1/items"].parameters}
    assert (asked["limit"].type, asked["limit"].place) == ("integer", "query")
    assert asked["limit"].meaning.endswith("Default: 50.")
    assert found["GET", "/version"].open


def test_what_is_said_of_an_endpoint_stays_text() -> None:
    app = FastAPI(title=HOSTILE, docs_url=None)
    add_reference(app)

    assert HOSTILE not in TestClient(app).get("/docs").text
