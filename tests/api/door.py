"""The application in front of nothing but auth: whoever is let past it falls into a void."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.auth.opened import Opened, opened

from shortlist.api.app import create_app
from shortlist.auth.auth import Auth
from shortlist.http.metrics import Metrics
from shortlist.storage.facts import Facts

PASSWORD = "correct horse battery"
Headers = dict[str, str]


@dataclass(frozen=True)
class OnlyAuth:
    """A service that knows who may do what, and can do nothing."""

    auth: Auth
    facts: Facts
    """Where changes are written down."""

    def start(self) -> None:
        """There is nothing to warm up."""

    def close(self) -> None:
        """There is nothing to finish."""


@dataclass(frozen=True)
class Door:
    """An application behind which there is nobody home."""

    app: FastAPI
    desk: Opened
    client: TestClient

    def __call__(self, method: str, path: str, headers: Headers | None = None, **given: Any) -> Any:
        return self.client.request(method, path, headers=headers, **given)

    def key(self, *scopes: str) -> Headers:
        """What an application with a new key sends."""
        return {"X-API-Key": self.desk.auth.keys.create("test", scopes).text}

    def tokens(self, login: str = "ada") -> dict[str, Any]:
        """Register, where that is still to be done, and sign in."""
        said = {"login": login, "password": PASSWORD}
        self("POST", "/v1/accounts", json=said)
        answer = self("POST", "/v1/sign-in", json=said)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def person(self, login: str = "ada") -> Headers:
        """What somebody who registered and signed in sends."""
        return bearer(self.tokens(login)["access_token"])


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def door(
    folder: Path, url: str | None = None, *, threads: int = 8, **settings: Any
) -> Iterator[Door]:
    """The application, with some settings of auth changed."""
    with opened(folder, url=url, **settings) as desk:
        service: Any = OnlyAuth(desk.auth, desk.facts)
        app = create_app(service, Metrics(), body_limit=1_000_000, threads=threads)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Door(app, desk, client)
