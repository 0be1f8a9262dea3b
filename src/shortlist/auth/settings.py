"""How people and applications are let in."""

from typing import Annotated, Literal

from limits import parse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


def _readable(rate: str) -> str:
    parse(rate)
    return rate


Rate = Annotated[str, AfterValidator(_readable)]
"""So many in so long: `30/minute`, `5 per 10 seconds`."""


class PasswordSettings(BaseModel):
    """How passwords are hashed (Argon2id); older hashes are renewed at the next sign-in."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    memory_kib: int = Field(default=19_456, ge=8192, le=1_048_576)
    """Memory of one hash in KiB; what a guess costs an attacker, and a sign-in costs us."""

    passes: int = Field(default=2, ge=1, le=20)
    """Passes over that memory."""

    at_once: int = Field(default=2, ge=1, le=64)
    """Hashes a process computes at once, so that sign-ins leave room for recommendations."""

    waiting: int = Field(default=100, ge=0, le=10_000)
    """Sign-ins that may wait for their turn; more are turned away at once."""

    patience_seconds: PositiveFloat = 10.0
    """Seconds a sign-in waits for its turn before it is turned away."""


class LockoutSettings(BaseModel):
    """How an account is shut for a while when its password is guessed at."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    failures: PositiveInt = 5
    """Wrong passwords in a row from which on an account is shut for a while."""

    seconds: PositiveInt = 30
    """Seconds it is shut for at first; each further failure doubles them."""

    longest_seconds: PositiveInt = 900
    """Seconds it is shut for at most."""


class RateSettings(BaseModel):
    """How often may be asked, as in `30/minute`; over it the answer is 429 with Retry-After."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    storage: str = Field(default="memory://", pattern=r"^(memory|rediss?)://")
    """Where it is counted: memory:// in each process, redis://host:6379 once for all."""

    failures: Rate = "1000/minute"
    """API keys and access tokens one address may show that are not good."""

    guesses: Rate = "60/minute"
    """Wrong passwords and refresh tokens one address may send."""

    registrations: Rate = "100/hour"
    """Accounts one address may register."""

    people: Rate = "6000/minute"
    """Requests of one person."""

    keys: Rate = "300000/minute"
    """Requests with one API key."""


class AuthSettings(BaseModel):
    """Who is let in, and for how long."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    registration: Literal["open", "closed"] = "open"
    """Whether people may register by themselves; if not, administrators make the accounts."""

    issuer: str = Field(default="shortlist", min_length=1, max_length=200)
    """Who issues access tokens (their `iss`); others' are refused."""

    audience: str = Field(default="shortlist", min_length=1, max_length=200)
    """Whom access tokens are for (their `aud`); those for others are refused."""

    access_minutes: int = Field(default=15, ge=1, le=1440)
    """Minutes an access token is good for."""

    refresh_days: int = Field(default=30, ge=1, le=3650)
    """Days after which a sign-in that was not refreshed is over."""

    sign_in_days: int = Field(default=180, ge=1, le=3650)
    """Days after which a sign-in is over however often it was refreshed."""

    sign_ins: int = Field(default=100, ge=1, le=10_000)
    """Sign-ins one account may have at once; a further one ends the oldest."""

    key_grace_minutes: int = Field(default=60, ge=0, le=43_200)
    """Minutes for which the old secret of an API key stays good after it was rotated."""

    passwords: PasswordSettings = PasswordSettings()
    """How passwords are hashed (Argon2id)."""

    lockout: LockoutSettings = LockoutSettings()
    """How an account is shut for a while when its password is guessed at."""

    rates: RateSettings = RateSettings()
    """How often may be asked."""
