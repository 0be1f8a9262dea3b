"""Who may do what, opened in a folder, with a clock that a test turns on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from shortlist.auth.auth import Auth
from shortlist.auth.settings import AuthSettings, PasswordSettings
from shortlist.auth.sign_ins import Tokens
from shortlist.core.clock import Clock
from shortlist.core.times import SECOND, Instant
from shortlist.storage.facts import Facts, open_facts

QUICK = PasswordSettings(memory_kib=8192, passes=1)
START: Instant = 1_800_000_000 * SECOND
PASSWORD = SecretStr("correct horse battery")
WRONG = SecretStr("wrong horse battery")
HERE = "192.0.2.1"


@dataclass
class TurnedClock(Clock):
    """The time is what a test says it is."""

    at: Instant = START

    def now(self) -> Instant:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += round(seconds * SECOND)


@dataclass(frozen=True)
class Opened:
    """Auth with its clock, and short words for what tests do most."""

    auth: Auth
    clock: TurnedClock
    facts: Facts

    def register(self, login: str = "ada") -> str:
        return self.auth.accounts.register(login, PASSWORD, HERE).id

    def sign_in(self, login: str = "ada", password: SecretStr = PASSWORD) -> Tokens:
        return self.auth.sign_ins.sign_in(login, password, HERE)


@contextmanager
def opened(
    folder: Path, settings: AuthSettings | None = None, url: str | None = None, **changes: Any
) -> Iterator[Opened]:
    """Auth on a database in the folder, or at a URL, with some settings changed."""
    clock = TurnedClock()
    chosen = (settings or AuthSettings()).model_copy(update={"passwords": QUICK} | changes)
    with open_facts(url or f"sqlite:///{folder / 'facts.db'}") as facts:
        auth = Auth.open(facts, folder / "secrets", chosen, clock)
        yield Opened(auth, clock, facts)
        auth.close()
