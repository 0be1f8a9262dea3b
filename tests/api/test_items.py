"""The catalogue over HTTP."""

import time

import pytest
from tests.api.app import Caller, Served
from tests.cli.shell import own_films

ALIEN = {
    "title": "Alien (1979)",
    "categories": ["Horror", "Sci-Fi"],
    "text": "In space no one can hear you scream.",
    "attributes": {"year": 1979, "director": "Ridley Scott"},
}


def test_an_item_is_put_and_got(served: Served) -> None:
    app = served.with_key("items:read", "items:write")

    put = app("PUT", "/v1/items/alien", json=ALIEN).json()

    assert put == app.get("/v1/items/alien")
    assert {name: put[name] for name in ALIEN} == ALIEN
    assert put["added"]


def test_put_writes_whole_and_patch_writes_what_is_given(served: Served) -> None:
    app = served.with_key("items:read", "items:write")
    app("PUT", "/v1/items/alien", json=ALIEN)

    patched = app(
        "PATCH",
        "/v1/items/alien",
        json={"title": "Alien", "attributes": {"director": None, "stars": 4}},
    ).json()
    put = app("PUT", "/v1/items/alien", json={"title": "Alien"}).json()

    assert patched["title"] == "Alien"
    assert patched["categories"] == ALIEN["categories"]
    assert patched["attributes"] == {"year": 1979, "stars": 4}
    assert (put["text"], put["attributes"]) == (None, {})


def test_an_unknown_item_is_not_found(quick: Served) -> None:
    app = quick.with_key("items:read", "items:write")

    answers = [
        app("GET", "/v1/items/nothing"),
        app("PATCH", "/v1/items/nothing", json={}),
        app("DELETE", "/v1/items/nothing"),
        app("GET", "/v1/items/nothing/similar"),
    ]

    assert [each.status_code for each in answers] == [404] * 4
    assert {each.json()["code"] for each in answers} == {"unknown_item"}


def test_a_deleted_item_is_in_no_list_from_then_on(served: Served) -> None:
    app = served.with_key()
    before = app.listed("1", limit=5)

    assert app("DELETE", f"/v1/items/{before[0]}").status_code == 204

    assert before[0] not in app.listed("1", limit=20)
    assert app("GET", f"/v1/items/{before[0]}").status_code == 404
    assert before[0] not in names(app, "/v1/items/popular")


def test_the_catalogue_is_listed_page_by_page(served: Served) -> None:
    app = served.with_key("items:read")

    found, cursor = [], None
    while True:
        params = {"limit": 10, **({"cursor": cursor} if cursor else {})}
        page = app.get("/v1/items", params=params)
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(found) == len(set(found)) == served.service.facts.count_items()


def test_the_catalogue_is_searched_by_words(served: Served) -> None:
    app = served.with_key("items:read", "items:write")
    app("PUT", "/v1/items/alien", json=ALIEN)

    found = app.get("/v1/items", params={"search": "SCREAM alien"})["items"]

    assert [each["id"] for each in found] == ["alien"]
    assert app.get("/v1/items", params={"search": "100%_"})["items"] == []


def test_popular_trending_and_new_are_lists_with_filters(quick: Served) -> None:
    app = quick.with_key("items:read")

    for ranking in ("popular", "trending", "new"):
        found = names(app, f"/v1/items/{ranking}", limit=5, filter='"Odd" in genres')
        assert found
        assert all("Odd" in app.get(f"/v1/items/{each}")["categories"] for each in found)


def test_a_new_item_is_among_the_new_ones_within_moments(quick: Served) -> None:
    app = quick.with_key("items:read", "items:write")

    app("PUT", "/v1/items/alien", json=ALIEN)

    until = time.monotonic() + 10
    while "alien" not in names(app, "/v1/items/new", limit=5):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_is_similar_is_of_the_same_tribe(quick: Served) -> None:
    app = quick.with_key("items:read")
    item = own_films("1")[0]
    tribe = app.get(f"/v1/items/{item}")["categories"]

    found = names(app, f"/v1/items/{item}/similar", limit=5)

    assert item not in found
    assert [app.get(f"/v1/items/{each}")["categories"] for each in found] == [tribe] * 5


@pytest.mark.parametrize("path", ["popular", "trending", "new", "1/similar"])
def test_a_filter_that_is_wrong_is_refused(quick: Served, path: str) -> None:
    answer = quick.with_key("items:read")("GET", f"/v1/items/{path}", params={"filter": "yeer > 5"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "bad_filter"
    assert "year" in answer.json()["detail"]


def names(app: Caller, path: str, **params: object) -> list[str]:
    return [each["item"] for each in app.get(path, params=params)["items"]]
