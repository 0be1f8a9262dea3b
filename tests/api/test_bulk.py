"""Items and users in bulk, as JSON lines."""

import json

from tests.api.app import Caller, Served


def put(app: Caller, what: str, *lines: object) -> tuple[int, dict[str, object]]:
    body = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    answer = app.client.put(
        f"/v1/bulk/{what}",
        content=body,
        headers={**app.headers, "content-type": "application/x-ndjson"},
    )
    return answer.status_code, answer.json()


def lines_of(app: Caller, what: str) -> list[dict[str, object]]:
    answer = app("GET", f"/v1/bulk/{what}")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_items_go_in_and_come_out_again(served: Served) -> None:
    app = served.with_key("items:read", "items:write")
    items = [{"id": f"new-{n}", "title": f"New {n}", "attributes": {"year": n}} for n in range(600)]

    assert put(app, "items", *items, "") == (200, {"written": 600})

    found = {each["id"]: each for each in lines_of(app, "items")}
    assert found["new-7"]["title"] == "New 7"
    assert len(found) == served.service.facts.count_items()


def test_users_go_in_and_come_out_again(served: Served) -> None:
    app = served.with_key("users:read", "users:write")

    assert put(app, "users", {"id": "ann", "attributes": {"age": 34}})[0] == 200

    assert {"id": "ann", "attributes": {"age": 34}} in lines_of(app, "users")


def test_a_wrong_line_is_named_and_nothing_is_written(quick: Served) -> None:
    app = quick.with_key("items:read", "items:write")

    status, problem = put(app, "items", {"id": "good"}, "{", {"title": "nameless"})

    assert status == 409
    assert problem["code"] == "bad_lines"
    assert "line 2: " in str(problem["detail"])
    assert "line 3: id" in str(problem["detail"])
    assert app("GET", "/v1/items/good").status_code == 404
