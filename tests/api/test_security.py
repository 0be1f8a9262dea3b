"""Every route states who may call it, and turns away everybody else before anything is done."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from structlog.testing import capture_logs
from tests.api.door import Door, door

from shortlist.api.admin import create_admin
from shortlist.api.routes import ROUTERS
from shortlist.api.security import Caller, Need, Public, SignedIn, needs, stated
from shortlist.auth.scopes import Scope
from shortlist.auth.settings import RateSettings
from shortlist.bootstrap import open_home

OPEN_TO_ALL = {
    "GET /health/live",
    "GET /health/ready",
    "GET /version",
    "POST /v1/accounts",
    "POST /v1/sign-in",
    "POST /v1/sign-in/refresh",
}
"""What needs nobody's leave. A line more is a decision more."""

DESCRIPTION = {"/openapi.json", "/docs", "/docs/reference.css"}
"""The description of the API, which is no secret."""

SOMEBODY = "somebody-else"


def routes(routers: Sequence[APIRouter] = ROUTERS) -> list[APIRoute]:
    found = [route for router in routers for route in router.routes]
    return [each for each in found if isinstance(each, APIRoute)]


def method(route: APIRoute) -> str:
    return min(route.methods or {"GET"})


def named(route: APIRoute) -> str:
    return f"{method(route)} {route.path}"


def path_of(route: APIRoute, user: str = SOMEBODY) -> str:
    """The route's path, with something in each place."""
    filled = route.path.replace("{user}", user).replace("{id}", "0123456789abcdef")
    return re.sub(r"\{\w+(:\w+)?\}", "something", filled)


def need_of(route: APIRoute) -> Need | SignedIn | Public:
    (need,) = stated(route)
    return need


EVERY_ROUTE = pytest.mark.parametrize("route", routes(), ids=named)
NOT_PUBLIC = [each for each in routes() if not isinstance(need_of(each), Public)]
EVERY_CLOSED_ROUTE = pytest.mark.parametrize("route", NOT_PUBLIC, ids=named)


@pytest.fixture(autouse=True)
def nothing_logged() -> Iterator[None]:
    """What gets past the check is an accident here, and accidents are logged at length."""
    with capture_logs():
        yield


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """All routes, in front of nothing: what gets past the check cannot answer."""
    rates = RateSettings(failures="10000/minute")
    with door(tmp_path_factory.mktemp("shut"), rates=rates) as found:
        yield found


@pytest.fixture(scope="module")
def ada(shut: Door) -> dict[str, str]:
    return shut.person("ada")


@EVERY_ROUTE
def test_a_route_states_one_thing_of_its_callers(route: APIRoute) -> None:
    assert len(stated(route)) == 1


def test_a_route_that_states_nothing_is_seen() -> None:
    router = APIRouter()

    @router.get("/open")
    def forgotten() -> None: ...

    @router.get("/twice")
    def twice(
        one: Annotated[Caller, needs("admin")], other: Annotated[Caller, needs("items:read")]
    ) -> None: ...

    assert [len(stated(each)) for each in routes([router])] == [0, 2]


def test_a_scope_that_there_is_not_cannot_be_stated() -> None:
    with pytest.raises(ValueError, match="items:eat"):
        needs("items:eat")


def test_what_is_open_to_all_was_decided_to_be() -> None:
    found = {named(each) for each in routes() if isinstance(need_of(each), Public)}

    assert found == OPEN_TO_ALL


def test_there_is_no_other_way_in(shut: Door) -> None:
    """Neither a mounted application nor a bare route, which could state nothing."""
    ours = {id(each) for router in ROUTERS for each in (router, *router.routes)}
    shown = {id(getattr(each, "original_router", each)): each for each in shut.app.routes}

    others = [each for known, each in shown.items() if known not in ours]

    assert {str(getattr(each, "path", each)) for each in others} - DESCRIPTION - {
        each.path for each in routes()
    } == set()


def test_the_port_of_administration_is_closed_but_for_metrics(tmp_path: Path) -> None:
    app = create_admin(open_home(tmp_path))

    needed = {named(each): need_of(each) for each in app.routes if isinstance(each, APIRoute)}

    assert isinstance(needed.pop("GET /metrics"), Public)
    assert needed
    assert set(needed.values()) <= {Need(Scope.ADMIN), Public()}
    assert {name for name, need in needed.items() if need == Public()} <= {"GET /health/live"}


@EVERY_ROUTE
def test_a_path_with_a_user_in_it_says_whose_it_is(route: APIRoute) -> None:
    """Or only applications may call it: people hold neither users:read nor users:write."""
    need = need_of(route)
    if "{user}" in route.path:
        assert isinstance(need, Need)
        assert need.own == "user" or need.scope in (Scope.USERS_READ, Scope.USERS_WRITE)


@EVERY_CLOSED_ROUTE
def test_nobody_is_turned_away(shut: Door, route: APIRoute) -> None:
    answer = shut(method(route), path_of(route))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not_signed_in"


NOT_GOOD = (
    {"X-API-Key": "sl_0123456789abcdef_" + "x" * 43},
    {"X-API-Key": ""},
    {"X-API-Key": "admin"},
    {"Authorization": "Bearer nonsense"},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Authorization": ""},
)


@EVERY_CLOSED_ROUTE
def test_whoever_shows_what_is_not_good_is_turned_away(shut: Door, route: APIRoute) -> None:
    for headers in NOT_GOOD:
        answer = shut(method(route), path_of(route), headers)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@EVERY_CLOSED_ROUTE
def test_a_key_without_the_scope_is_told_which_it_needs(shut: Door, route: APIRoute) -> None:
    need = need_of(route)
    others = [
        each for each in Scope if each is not Scope.ADMIN and each != getattr(need, "scope", 0)
    ]

    answer = shut(method(route), path_of(route), shut.key(*others))

    if isinstance(need, Need):
        assert answer.status_code == 403
        assert answer.json()["code"] == "missing_scope"
        assert need.scope in answer.json()["detail"]
    else:
        assert answer.status_code == 401


@EVERY_CLOSED_ROUTE
def test_a_person_is_kept_from_what_is_not_theirs(
    shut: Door, route: APIRoute, ada: dict[str, str]
) -> None:
    need = need_of(route)
    if isinstance(need, SignedIn):
        return

    answer = shut(method(route), path_of(route), ada)

    if isinstance(need, Need) and need.own:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    elif isinstance(need, Need) and not Caller.person("a", role="user", user="u", sign_in="s").may(
        need.scope
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    else:
        assert answer.status_code not in (401, 403)


OF_USERS = [each for each in NOT_PUBLIC if getattr(need_of(each), "own", None)]


@pytest.mark.parametrize("route", OF_USERS, ids=named)
def test_whether_somebody_is_there_is_not_told(
    shut: Door, route: APIRoute, ada: dict[str, str]
) -> None:
    grace = shut("GET", "/v1/me", shut.person("grace")).json()["user"]

    answers = [
        shut(method(route), path_of(route, user), ada)
        for user in (grace, "nobody-at-all", "%00", "%2e%2e", grace.upper(), grace + "%20")
    ]

    assert {(each.status_code, each.text) for each in answers} == {(403, answers[0].text)}


@pytest.mark.parametrize("route", OF_USERS, ids=named)
def test_the_check_of_whose_it_is_lets_the_person_past(
    shut: Door, route: APIRoute, ada: dict[str, str]
) -> None:
    own = shut("GET", "/v1/me", ada).json()["user"]

    answer = shut(method(route), path_of(route, own), ada)

    assert answer.status_code not in (401, 403)


def test_a_key_and_a_token_at_once_are_refused(shut: Door, ada: dict[str, str]) -> None:
    both = ada | shut.key("admin")

    answer = shut("GET", "/v1/admin/keys", both)
    of_people = shut("GET", "/v1/me", both)

    assert (answer.status_code, of_people.status_code) == (401, 401)
    assert "not both" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["X-API-Key", "Authorization"])
def test_one_header_twice_is_refused(shut: Door, ada: dict[str, str], name: str) -> None:
    good = (ada | shut.key("admin"))[name]

    answer = shut.client.get("/v1/admin/keys", headers=[(name, good), (name, "other")])

    assert answer.status_code == 401


def test_a_key_in_the_address_is_no_key(shut: Door) -> None:
    """Addresses stand in logs."""
    key = shut.key("admin")["X-API-Key"]

    assert shut("GET", f"/v1/admin/keys?X-API-Key={key}&api_key={key}").status_code == 401


def test_the_words_before_a_token_are_read_in_any_case(shut: Door, ada: dict[str, str]) -> None:
    token = ada["Authorization"].removeprefix("Bearer ")

    assert shut("GET", "/v1/me", {"authorization": f"bearer {token}"}).status_code == 200


def test_failures_of_an_address_come_to_an_end(tmp_path: Path) -> None:
    with door(tmp_path, rates=RateSettings(failures="3/minute")) as shut:
        good = shut.key("admin")
        bad = {"X-API-Key": "sl_bad"}

        answers = [shut("GET", "/v1/admin/keys", bad) for _ in range(4)]

        assert [each.status_code for each in answers] == [401, 401, 401, 429]
        assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
        assert answers[3].json()["code"] == "too_many_requests"
        assert shut("GET", "/v1/admin/keys", good).status_code == 200
        assert shut("GET", "/v1/admin/keys").status_code == 401


def test_the_openapi_document_says_what_each_route_takes() -> None:
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    paths: dict[str, Any] = app.openapi()["paths"]

    for route in routes():
        said = paths[route.path][method(route).lower()].get("security")
        wanted: dict[type, Any] = {
            Need: [{"ApiKey": []}, {"AccessToken": []}],
            SignedIn: [{"AccessToken": []}],
            Public: None,
        }
        assert (named(route), said) == (named(route), wanted[type(need_of(route))])
