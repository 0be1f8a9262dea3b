"""The composition root: a home's path goes in, its wired parts come out."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shortlist.core.errors import StorageFailed
from shortlist.settings import Settings, read_settings
from shortlist.storage.bundles import BundleStore, open_bundles
from shortlist.storage.facts import Facts, open_facts


@dataclass(frozen=True)
class Home:
    """A folder with settings, facts and bundles. Parts are opened when they are first asked for."""

    path: Path
    settings: Settings

    @cached_property
    def facts(self) -> Facts:
        return open_facts(self.settings.database or f"sqlite:///{self.path / 'facts.db'}")

    @cached_property
    def bundles(self) -> BundleStore:
        return open_bundles((self.path / "bundles").as_uri())

    @property
    def simulated(self) -> bool:
        """Whether the log of this home was made by the simulator."""
        return (self.path / "simulated.json").exists()


def open_home(path: Path) -> Home:
    """The home at a path, made with access for its owner alone where it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"The home {path} cannot be made: {error.strerror}.") from None
    return Home(path.resolve(), read_settings(path))
