from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.app import Served, home_on, serving
from tests.storage.databases import PLACES


@pytest.fixture(params=list(PLACES))
def served(request: pytest.FixtureRequest, trained_once: Path, tmp_path: Path) -> Iterator[Served]:
    """The service on a trained home, on every database there is."""
    with home_on(request.param, trained_once, tmp_path) as home, serving(home) as found:
        yield found


@pytest.fixture
def quick(trained_once: Path, tmp_path: Path) -> Iterator[Served]:
    """The service on a trained home, for what does not depend on the database."""
    with home_on("sqlite", trained_once, tmp_path) as home, serving(home) as found:
        yield found
