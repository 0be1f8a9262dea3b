"""The whole service in this process, on a home that was really trained, spoken to over HTTP."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from tests.storage.databases import PLACES

from shortlist.api.app import create_app
from shortlist.bootstrap import Home, open_home, open_service
from shortlist.http.metrics import Metrics
from shortlist.serving.crew import Crew
from shortlist.serving.service import Service
from shortlist.settings import Settings
from shortlist.storage.facts import Facts, open_facts

EVERYTHING = "admin"
PATIENCE = 20.0
PATIENT = {"budget_ms": 2_000}
"""A budget that a busy machine keeps, so that nothing is left out of answers by chance."""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the service, with what they show."""

    client: TestClient
    headers: dict[str, str]

    def __call__(self, method: str, path: str, **given: Any) -> Any:
        return self.client.request(method, path, headers=self.headers, **given)

    def get(self, path: str, **given: Any) -> Any:
        """The document of a GET that must succeed."""
        answer = self("GET", path, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, document: Any) -> Any:
        """The document of a POST that must succeed."""
        answer = self("POST", path, json=document)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def listed(self, user: str, **given: Any) -> list[str]:
        """The items of a user's list."""
        found = self.get(f"/v1/users/{user}/recommendations", params=given)
        return [each["item"] for each in found["items"]]


@dataclass(frozen=True)
class Served:
    """A running service."""

    home: Home
    service: Service
    client: TestClient

    def with_key(self, *scopes: str) -> Caller:
        """An application with a new key of these scopes."""
        made = self.home.auth.keys.create("test", list(scopes) or [EVERYTHING])
        return Caller(self.client, {"X-API-Key": made.text})

    def anonymous(self) -> Caller:
        return Caller(self.client, {})

    def person(self, login: str, password: str = "correct horse battery") -> Caller:
        """Somebody who registered and signed in."""
        self.client.post("/v1/accounts", json={"login": login, "password": password})
        answer = self.client.post("/v1/sign-in", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        return Caller(self.client, {"Authorization": f"Bearer {answer.json()['access_token']}"})


@contextmanager
def serving(home: Home) -> Iterator[Served]:
    """The service of a home, warm."""
    metrics = Metrics()
    service = open_service(home, Crew(), metrics)
    app = create_app(service, metrics, body_limit=home.settings.server.body_limit, threads=8)
    with TestClient(app, raise_server_exceptions=False) as client:
        until = time.monotonic() + PATIENCE
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < until, "it does not get ready"
            time.sleep(0.01)
        yield Served(home, service, client)


@contextmanager
def home_on(database: str, trained: Path, folder: Path, **settings: Any) -> Iterator[Home]:
    """A copy of a trained home, its facts in a database of this kind."""
    path = folder / "home"
    shutil.copytree(trained, path)
    own = f"sqlite:///{path / 'facts.db'}"
    with PLACES[database](folder) as place:
        url = own if database == "sqlite" else place
        if url != own:
            with open_facts(own) as old, open_facts(url) as new:
                copy(old, new)
        home = open_home(path)
        known = home.settings.model_dump() | {"database": url, "serving": PATIENT} | settings
        changed = Settings.model_validate(known)
        yield replace(home, settings=changed)


def copy(old: Facts, new: Facts) -> None:
    """All facts from one database into another."""
    with new.bulk() as bulk:
        bulk.put_items(old.items())
        bulk.put_users(old.users())
        for batch in old.events():
            bulk.append(batch.drop("sequence"))
