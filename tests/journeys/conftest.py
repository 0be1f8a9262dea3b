from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.chromium import CHROMIUM
from tests.journeys.nursery import Nursery, nursery


@pytest.fixture(scope="session")
def servers() -> Iterator[Nursery]:
    """What forks servers, so that each is there in a moment."""
    with nursery() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
