import os
import uuid
from time import monotonic, sleep

import pytest
from pydantic import ValidationError

from shortlist.auth.rates import OwnCounters, Rates, network_of
from shortlist.auth.settings import RateSettings
from shortlist.core.errors import TooManyRequests

REDIS = os.environ.get("SHORTLIST_TEST_REDIS", "redis://127.0.0.1:6379")


def refused(rates: Rates, who: str) -> bool:
    try:
        rates.count("failures", who)
    except TooManyRequests:
        return True
    return False


def test_so_many_are_let_through() -> None:
    rates = Rates(RateSettings(failures="2/minute"))

    assert [refused(rates, "a") for _ in range(4)] == [False, False, True, True]
    assert not refused(rates, "b")


def test_looking_counts_nothing() -> None:
    rates = Rates(RateSettings(failures="1/minute"))

    for _ in range(3):
        rates.check("failures", "a")
    rates.count("failures", "a")

    with pytest.raises(TooManyRequests):
        rates.check("failures", "a")


def test_what_is_counted_is_counted_apart() -> None:
    rates = Rates(RateSettings(failures="1/minute", people="1/minute"))

    rates.count("failures", "a")

    rates.count("people", "a")


def test_counting_much_does_not_start_a_thread_each_time() -> None:
    counters = OwnCounters()
    first = counters.timer

    for number in range(50):
        counters.incr(f"{number}", 60)
        sleep(0.001)

    assert counters.timer is first
    assert first.is_alive()


def test_counters_that_nobody_needs_any_more_are_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shortlist.auth.rates.TIDY_SECONDS", 0.05)
    counters = OwnCounters()
    counters.incr("a", 0.01)

    until = monotonic() + 10
    while counters.storage and monotonic() < until:
        counters.incr("b", 0.01)
        sleep(0.1)
        counters.timer.join()

    assert "a" not in counters.storage


def test_several_processes_count_together_in_redis() -> None:
    redis = pytest.importorskip("redis", reason="redis is not installed")
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError as error:
        pytest.skip(f"no Redis at {REDIS} (SHORTLIST_TEST_REDIS): {error}")
    settings = RateSettings(storage=REDIS, failures="2/minute")
    one, other = Rates(settings), Rates(settings)
    who = uuid.uuid4().hex

    assert [refused(each, who) for each in (one, other, one, other)] == [False, False, True, True]


def test_where_redis_does_not_answer_each_counts_by_itself() -> None:
    pytest.importorskip("redis", reason="redis is not installed")
    rates = Rates(RateSettings(storage="redis://127.0.0.1:1", failures="2/minute"))

    assert [refused(rates, "a") for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("rate", ["often", "5", "5/fortnight", ""])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValidationError):
        RateSettings(failures=rate)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str | None, network: str) -> None:
    assert network_of(address) == network
