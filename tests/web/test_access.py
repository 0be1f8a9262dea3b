"""Every page states whom it is for, and turns away everybody else."""

import re
from typing import Annotated

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from tests.web.browser import Browser, Site

from shortlist.web.forms import Posted
from shortlist.web.routes import routes
from shortlist.web.visitors import (
    Administrator,
    Person,
    Public,
    Visitor,
    administrator,
    calls,
    stated,
)

SAME_FOR_ALL = {"GET /static/{edition}/{name:path}"}
"""What nobody is asked for. A line more is a decision more."""

OPEN = {
    "GET /",
    "GET /register",
    "GET /sign-in",
    "POST /register",
    "POST /sign-in",
    "POST /theme",
}
"""What those may see who have not signed in."""


def method(route: APIRoute) -> str:
    return min(route.methods or {"GET"})


def named(route: APIRoute) -> str:
    return f"{method(route)} {route.path}"


def path_of(route: APIRoute) -> str:
    """The route's path, with something in each place."""
    return re.sub(r"\{\w+(:\w+)?\}", "1", route.path)


EVERY_ROUTE = pytest.mark.parametrize("route", routes(), ids=named)
CLOSED = [each for each in routes() if isinstance(stated(each)[0], Person | Administrator)]
PAGES = [each for each in CLOSED if method(each) == "GET"]
DEEDS = [each for each in routes() if method(each) == "POST"]


@EVERY_ROUTE
def test_a_page_states_one_thing_of_its_visitors(route: APIRoute) -> None:
    assert len(stated(route)) == 1


def test_what_is_open_was_decided_to_be() -> None:
    alike = {named(each) for each in routes() if isinstance(stated(each)[0], Public)}
    closed = {named(each) for each in CLOSED}

    assert alike == SAME_FOR_ALL
    assert {named(each) for each in routes()} - closed - alike == OPEN


@EVERY_ROUTE
def test_a_page_reads_or_takes_a_form_and_nothing_else(route: APIRoute) -> None:
    """What is not a POST with a sealed form must not change anything."""
    sealed = any(isinstance(each, Posted) for each in calls(route.dependant))

    assert method(route) in ("GET", "POST")
    assert sealed == (method(route) == "POST")


@pytest.mark.parametrize("route", PAGES, ids=named)
def test_who_has_not_signed_in_is_sent_to_do_so(lasting: Site, route: APIRoute) -> None:
    answer = lasting.browser(follow=False).get(path_of(route))

    assert answer.status == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("route", DEEDS, ids=named)
def test_a_form_without_its_seal_is_refused(lasting: Site, route: APIRoute) -> None:
    nobody = lasting.browser(follow=False)
    nobody.get("/sign-in")

    assert nobody.post(path_of(route), {"login": "ada", "theme": "dark"}).status in (401, 403)


@pytest.fixture(scope="module")
def eve(lasting: Site) -> Browser:
    return lasting.person("eve")


@pytest.mark.parametrize("route", DEEDS, ids=named)
def test_somebody_elses_seal_does_not_do(lasting: Site, eve: Browser, route: APIRoute) -> None:
    other = lasting.browser()
    stolen = other.get("/sign-in").form("/sign-in")["seal"]

    assert eve.post(path_of(route), {"seal": stolen}).status == 403


def test_an_ordinary_user_is_refused_what_administrators_see(site: Site) -> None:
    router = APIRouter()

    @router.get("/secret")
    def secret(visitor: Annotated[Visitor, administrator]) -> str:
        return visitor.login

    site.app._pages.include_router(router)

    assert site.browser(follow=False).get("/secret").status == 303
    assert site.person("eve").get("/secret").status == 403
    assert site.administrator("root").get("/secret").html == '"root"'


def test_every_page_of_administrators_refuses_an_ordinary_user(lasting: Site, eve: Browser) -> None:
    for route in routes():
        if isinstance(stated(route)[0], Administrator):
            if method(route) == "GET":
                answer = eve.get(path_of(route))
            else:
                answer = eve.post(path_of(route), {"seal": eve.seal()})
            assert answer.status == 403, named(route)
