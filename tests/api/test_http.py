"""What every answer is, whatever was asked."""

import pytest
from tests.api.app import Served


def test_every_operation_is_described_with_an_example_where_a_body_is_taken(
    quick: Served,
) -> None:
    document = quick.client.get("/openapi.json").json()

    bare = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
        or ("requestBody" in operation and "example" not in str(document["components"]))
    ]

    assert bare == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "no_such_route"),
        ("PUT", "/v1/events", 405, "method_not_allowed"),
        ("GET", "/v1/items", 401, "not_signed_in"),
    ],
)
def test_errors_are_problem_documents(
    quick: Served, method: str, path: str, status: int, code: str
) -> None:
    answer = quick.client.request(method, path)

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["title"]
    assert problem["detail"]


def test_every_answer_has_a_name_of_its_own_and_is_not_for_caches(quick: Served) -> None:
    first, second = (quick.client.get("/health/live") for _ in range(2))

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["x-content-type-options"] == "nosniff"


def test_every_answer_says_how_long_it_took(quick: Served) -> None:
    answers = [quick.client.get(path) for path in ("/health/live", "/nowhere", "/v1/items")]

    for answer in answers:
        name, _, milliseconds = answer.headers["server-timing"].partition(";dur=")
        assert name == "app"
        assert 0 < float(milliseconds) < 10_000


def test_live_ready_and_version_are_open(quick: Served) -> None:
    assert quick.client.get("/health/live").json() == {"status": "live"}
    assert quick.client.get("/health/ready").json()["ready"] is True
    assert quick.client.get("/version").json()["name"] == "shortlist"


def test_before_it_is_warm_it_is_not_ready(quick: Served) -> None:
    quick.service.crew.left()

    answer = quick.client.get("/health/ready")

    assert answer.status_code == 503
    assert "warming up" in answer.json()["problems"][0]


def test_requests_are_counted_by_route_and_status(quick: Served) -> None:
    quick.client.get("/v1/items/whatever")

    metrics = quick.client.app.state.metrics  # type: ignore[attr-defined]
    labels = {"method": "GET", "path": "/v1/items/{item}", "status": "401"}
    assert metrics.registry.get_sample_value("shortlist_requests_total", labels) == 1
