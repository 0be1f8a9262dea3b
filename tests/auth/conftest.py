from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.auth.opened import Opened, opened
from tests.storage.databases import PLACES


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Opened]:
    """Auth on SQLite."""
    with opened(tmp_path) as found:
        yield found


@pytest.fixture(params=list(PLACES))
def each_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Auth on each database in turn."""
    with PLACES[request.param](tmp_path) as url, opened(tmp_path, url=url) as found:
        yield found
