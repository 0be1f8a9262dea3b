"""The use cases of a storefront on a home that was really trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.api.app import home_on

from shortlist.bootstrap import open_service
from shortlist.serving.service import Service

ANN = "1"
"""A user of the log, of the tribe of odd numbers less one: even films."""


@contextmanager
def shop_on(database: str, trained: Path, folder: Path, **settings: Any) -> Iterator[Service]:
    """A service that is warm, though nothing watches."""
    with home_on(database, trained, folder, **settings) as home:
        service = open_service(home)
        service.look()
        yield service
        service.close()
