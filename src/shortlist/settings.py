"""Every setting, read once: the home's `shortlist.toml`, then the environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    ValidationError,
    field_validator,
)

from shortlist.auth.settings import AuthSettings
from shortlist.core.errors import BadSettings
from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.online.settings import OnlineSettings
from shortlist.online.worker_settings import WorkerSettings
from shortlist.serving.onboarding_settings import OnboardingSettings
from shortlist.serving.settings import ServingSettings
from shortlist.serving.shop_settings import ShopSettings
from shortlist.slate.settings import PlacementSettings, RepeatSettings
from shortlist.training.settings import TrainingSettings

FILE = "shortlist.toml"
PREFIX = "SHORTLIST_"
NOT_SETTINGS = (
    "SHORTLIST_HOME",
    "SHORTLIST_DATASETS",
    "SHORTLIST_TEST_POSTGRESQL",
    "SHORTLIST_TEST_REDIS",
    "SHORTLIST_RUN",
)
"""Variables with our prefix that say where things lie, not how they work."""


ImageHost = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]


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


class ServerSettings(BaseModel):
    """Where the service listens, and what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """The address it listens at; 0.0.0.0 for all of the machine's."""

    port: int = Field(default=8000, ge=0, le=65_535)
    """The port of the API."""

    admin_host: str = "127.0.0.1"
    """The address of metrics and administration."""

    admin_port: int = Field(default=0, ge=0, le=65_535)
    """The port of metrics and administration; 0 for the one after the API's."""

    workers: int = Field(default=1, ge=1, le=64)
    """Processes that serve side by side: about one a core."""

    threads: int = Field(default=8, ge=1, le=256)
    """Requests that each process works on at once; others wait for their turn."""

    body_limit: PositiveInt = 8_000_000
    """Bytes a request may bring."""

    trusted_proxies: str = ""
    """Addresses, with commas between them, of proxies in front of it: what they say of their
    callers' addresses (X-Forwarded-For) is believed. Empty: nobody is."""

    grace_seconds: PositiveInt = 20
    """Seconds that requests have to finish when the service is told to stop."""


class WebSettings(BaseModel):
    """The pages beside the API: a storefront for people."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Whether there are any; without them the service answers programs alone."""

    image_hosts: tuple[ImageHost, ...] = ()
    """Other hosts, as https://images.example.org, that pages may load images from. Empty: none,
    and then no request of a page leaves this host."""


class Settings(BaseModel):
    """All settings of a home."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    database: str | None = None
    """URL of the database, sqlite:///... or postgresql://...; unset: a file in the home."""

    kinds: Mapping[str, KindSettings] = Field(default_factory=lambda: dict(DEFAULT_KINDS))
    """What events of each kind count for; kinds not named here keep their defaults."""

    recommend_again: bool = False
    """Whether items a user already has may be recommended to them again."""

    clock: Literal["system", "log"] = "system"
    """What is now: the machine's time, or the time of the newest event, to live through an old
    log as if it happened today."""

    server: ServerSettings = ServerSettings()
    """Where the service listens, and what it takes."""

    serving: ServingSettings = ServingSettings()
    """How answers are made, and how long they may take."""

    onboarding: OnboardingSettings = OnboardingSettings()
    """How people whom nobody knows yet are asked about items."""

    auth: AuthSettings = AuthSettings()
    """Who is let in, and for how long."""

    placements: Mapping[str, PlacementSettings] = Field(default_factory=dict)
    """The named places that show lists; `default` is there in any case."""

    web: WebSettings = WebSettings()
    """The pages beside the API: a storefront for people."""

    shop: ShopSettings = ShopSettings()
    """The storefront: what it is called, what it shows, and what events it writes."""

    imports: ImportSettings = ImportSettings()
    """How files are imported."""

    online: OnlineSettings = OnlineSettings()
    """How what happens between trainings is learned."""

    training: TrainingSettings = TrainingSettings()
    """What is trained, and how hard."""

    worker: WorkerSettings = WorkerSettings()
    """What the worker does by itself, and when."""

    evaluation: EvaluationSettings = EvaluationSettings()
    """How recommendations are measured."""

    @field_validator("kinds", mode="before")
    @classmethod
    def _over_defaults(cls, kinds: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**DEFAULT_KINDS, **kinds}

    @field_validator("placements")
    @classmethod
    def _named(cls, placements: Mapping[str, PlacementSettings]) -> Mapping[str, PlacementSettings]:
        for name in placements:
            if not re.fullmatch(r"[a-z0-9_-]{1,100}", name):
                raise ValueError(
                    f"a placement is named by small letters, digits, - and _: {name!r}"
                )
        return placements

    def all_placements(self) -> Mapping[str, PlacementSettings]:
        """The placements, the default one among them."""
        repeat = RepeatSettings(policy="always" if self.recommend_again else "never")
        return {"default": PlacementSettings(repeat=repeat), **self.placements}


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
