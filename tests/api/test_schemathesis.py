"""The whole OpenAPI document, tried by Schemathesis with all of its checks."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.api.app import Served, home_on, serving

from shortlist.api.routes import routes

FEW, MANY = 3, 150
"""Examples of each kind; the many are for a slow day."""

PATIENT = {"rates": {"failures": "1000000/minute"}}
"""Each example is sent again with a wrong key; a fast machine sends more than the usual number."""

OWN = ("/v1/admin/keys", "/v1/sign-out", "/v1/me")
"""What would take the caller's own credentials away; tests/api/test_security.py tries these."""

OPERATIONS = [(route.path, method) for route in routes() for method in sorted(route.methods or ())]
SAFE = [each for each in OPERATIONS if not each[0].startswith(OWN)]
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Started:
    """An application that runs already: it is not started again by whoever talks to it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        for stage in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{stage}.complete"})


@pytest.fixture(scope="module")
def tried(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tried")
    with (
        home_on("sqlite", trained_once, folder, auth=PATIENT) as home,
        serving(home) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def document(tried: Served) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", Started(tried.client.app))


@pytest.fixture(scope="module")
def key(tried: Served) -> dict[str, str]:
    return tried.with_key().headers


@pytest.fixture(scope="module")
def token(tried: Served) -> dict[str, str]:
    return tried.person("fuzz@example.org").headers


def attempt(document: Any, operation: tuple[str, str], headers: Any, examples: int) -> None:
    """Call an operation with data that fits its schema, and with data that does not."""
    path, method = operation
    for kind in KINDS:

        @settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=document[path][method].as_strategy(generation_mode=kind))
        def call(case: Any) -> None:
            case.call_and_validate(headers=headers)

        with contextlib.suppress(Unsatisfiable):
            call()


@pytest.mark.parametrize("operation", SAFE, ids=" ".join)
def test_with_a_key(document: Any, operation: tuple[str, str], key: dict[str, str]) -> None:
    attempt(document, operation, key, FEW)


@pytest.mark.parametrize("operation", [each for each in SAFE if each[1] != "DELETE"], ids=" ".join)
def test_signed_in(document: Any, operation: tuple[str, str], token: dict[str, str]) -> None:
    attempt(document, operation, token, FEW)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_by_nobody(document: Any, operation: tuple[str, str]) -> None:
    attempt(document, operation, None, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("operation", SAFE, ids=" ".join)
def test_with_a_key_at_length(
    document: Any, operation: tuple[str, str], key: dict[str, str]
) -> None:
    attempt(document, operation, key, MANY)
