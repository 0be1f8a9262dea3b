"""The placements in force: those of the settings, and over them what people changed by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from shortlist.slate import PlacementSettings
from shortlist.storage.facts import Facts
from shortlist.storage.facts.placements import PlacementVersion
from shortlist.storage.facts.revisions import PLACEMENTS_CHANGED

LOG = structlog.get_logger("shortlist.placements")


@dataclass(frozen=True)
class InForce:
    """All placements at one revision."""

    revision: int
    recipes: Mapping[str, PlacementSettings]
    versions: Mapping[str, PlacementVersion] = field(default_factory=dict)
    """The newest version of every name that was ever changed by hand."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Why a stored recipe is passed over, by name: this release does not understand it."""


class Recipes(Mapping[str, PlacementSettings]):
    """The recipe of every placement by name, as of the last look at the database."""

    def __init__(self, facts: Facts, written: Mapping[str, PlacementSettings]) -> None:
        self._facts = facts
        self.written = written
        """What the settings say."""
        self.now = InForce(-1, written)

    def __getitem__(self, name: str) -> PlacementSettings:
        return self.now.recipes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.now.recipes)

    def __len__(self) -> int:
        return len(self.now.recipes)

    def refresh(self, revision: int | None = None) -> None:
        """Look what was changed, unless the revision says that nothing was."""
        number = self._facts.revision(PLACEMENTS_CHANGED) if revision is None else revision
        if number != self.now.revision:
            self.now = self._read(number)

    @property
    def problems(self) -> list[str]:
        """What is wrong although lists are answered."""
        return [
            f"the stored placement {name} cannot be read, the settings answer: {why}"
            for name, why in self.now.unreadable.items()
        ]

    def _read(self, revision: int) -> InForce:
        recipes, unreadable = dict(self.written), {}
        versions = {each.name: each for each in self._facts.placements.newest()}
        for name, version in versions.items():
            if version.content is None:
                continue
            try:
                recipes[name] = PlacementSettings.model_validate(version.content)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(str(each) for each in first["loc"])
                unreadable[name] = f"{where}: {first['msg']}"
                LOG.warning("a stored placement is passed over", placement=name, where=where)
        return InForce(revision, recipes, versions, unreadable)
