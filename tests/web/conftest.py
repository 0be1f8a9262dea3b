from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.browser import Browser, Site, site_on


@pytest.fixture
def site(tastes_once: Path, tmp_path: Path) -> Iterator[Site]:
    """API and pages on a trained home."""
    with site_on(tastes_once, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def lasting(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same for a whole file, for tests that leave nothing behind."""
    with site_on(tastes_once, tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def ada(site: Site) -> Browser:
    """Somebody who registered."""
    return site.person()
