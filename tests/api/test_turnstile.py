"""A rush of sign-ins leaves room for everybody else."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from tests.api.door import PASSWORD, Door, door
from tests.auth.opened import QUICK

from shortlist.api.app import COSTLY
from shortlist.api.routes import ROUTERS
from shortlist.auth.settings import PasswordSettings

ADA = {"login": "ada", "password": PASSWORD}
SLOW = QUICK.model_copy(update={"passes": 8, "memory_kib": 32_768, "at_once": 1})
"""A hash that takes a few tenths of a second."""


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as pool:
        yield pool


def rush(busy: Door, crowd: ThreadPoolExecutor, many: int) -> list[Future[int]]:
    """So many who sign in at once; what each was answered."""

    def sign_in() -> int:
        return int(busy("POST", "/v1/sign-in", json=ADA).status_code)

    return [crowd.submit(sign_in) for _ in range(many)]


def with_slow(**changes: float) -> PasswordSettings:
    return PasswordSettings.model_validate(SLOW.model_dump() | changes)


def test_while_many_sign_in_others_are_answered(tmp_path: Path, crowd: ThreadPoolExecutor) -> None:
    with door(tmp_path, threads=2, passwords=with_slow()) as busy:
        busy("POST", "/v1/accounts", json=ADA)
        admin = busy.key("admin")
        waiting = rush(busy, crowd, 6)
        time.sleep(0.1)

        answered = [busy("GET", "/v1/admin/keys", admin).status_code for _ in range(5)]
        left = sum(not each.done() for each in waiting)

        assert answered == [200] * 5
        assert left >= 3
        assert [each.result() for each in waiting] == [200] * 6


def test_who_would_wait_too_long_is_turned_away(tmp_path: Path, crowd: ThreadPoolExecutor) -> None:
    with door(tmp_path, passwords=with_slow(patience_seconds=0.02)) as busy:
        busy("POST", "/v1/accounts", json=ADA)

        answers = sorted(each.result() for each in rush(busy, crowd, 3))

    assert set(answers) == {200, 503}


def test_when_too_many_wait_the_next_is_turned_away_at_once(
    tmp_path: Path, crowd: ThreadPoolExecutor
) -> None:
    with door(tmp_path, passwords=with_slow(waiting=1)) as busy:
        busy("POST", "/v1/accounts", json=ADA)

        answers = sorted(each.result() for each in rush(busy, crowd, 4))

    assert set(answers) == {200, 503}


def test_what_waits_for_its_turn_is_there() -> None:
    routes = [each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute)]

    assert {(min(each.methods or {""}), each.path) for each in routes} >= COSTLY
