"""Every setting, read once: the home's `shortlist.toml`, then the environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator

from shortlist.core.errors import BadSettings
from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.training.settings import TrainingSettings

FILE = "shortlist.toml"
PREFIX = "SHORTLIST_"
NOT_SETTINGS = ("SHORTLIST_HOME", "SHORTLIST_DATASETS", "SHORTLIST_TEST_POSTGRESQL")
"""Variables with our prefix that say where things lie, not how they work."""


class ImportSettings(BaseModel):
    """How files are imported."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    max_bad_share: float = Field(default=0.05, ge=0, le=1)
    """Share of bad rows over which an import is refused and nothing of it kept."""

    batch_rows: PositiveInt = 100_000
    """Rows that are in memory at once."""


class EvaluationSettings(BaseModel):
    """How recommendations are measured."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    min_item_events: PositiveInt = 5
    """Choices an item needs to be part of the catalogue that is measured."""

    seed: int = Field(default=0, ge=0)
    """Seed of random splits, samples and bootstrap intervals."""


class Settings(BaseModel):
    """All settings of a home."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    database: str | None = None
    """URL of the database, sqlite:///... or postgresql://...; unset: a file in the home."""

    kinds: Mapping[str, KindSettings] = Field(default_factory=lambda: dict(DEFAULT_KINDS))
    """What events of each kind count for; kinds not named here keep their defaults."""

    recommend_again: bool = False
    """Whether items a user already has may be recommended to them again."""

    imports: ImportSettings = ImportSettings()
    """How files are imported."""

    training: TrainingSettings = TrainingSettings()
    """What is trained, and how hard."""

    evaluation: EvaluationSettings = EvaluationSettings()
    """How recommendations are measured."""

    @field_validator("kinds", mode="before")
    @classmethod
    def _over_defaults(cls, kinds: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**DEFAULT_KINDS, **kinds}


def read_settings(home: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of a home. A variable SHORTLIST_TRAINING__SEED=1 sets `training.seed`.

    Raises BadSettings, naming the setting and where it stands, for what is unknown or refused.
    """
    path = home / FILE
    try:
        written = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None
    for name, value in (os.environ if environment is None else environment).items():
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            _put(written, name.removeprefix(PREFIX).lower().split("__"), value)
    try:
        return Settings.model_validate(written)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors()
        )
        raise BadSettings(
            f"Settings are refused (from {path} or variables {PREFIX}*): {said}."
        ) from None


def _put(settings: dict[str, Any], path: list[str], value: str) -> None:
    place: Any = settings
    for depth, step in enumerate(path[:-1], start=1):
        place = place.setdefault(step, {})
        if not isinstance(place, dict):
            whole, part = ".".join(path), ".".join(path[:depth])
            raise BadSettings(f"A variable sets {whole}, and {part} has no settings inside.")
    place[path[-1]] = value
