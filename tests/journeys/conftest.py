from collections.abc import Iterator

import pytest
from tests.journeys.nursery import Nursery, nursery


@pytest.fixture(scope="session")
def servers() -> Iterator[Nursery]:
    """What forks servers, so that each is there in a moment."""
    with nursery() as found:
        yield found
