"""A history that is not worked out in time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tests.serving.shop import shop_on

from shortlist.datasets.history import History
from shortlist.serving.asked import Asked
from shortlist.serving.histories import Histories
from shortlist.serving.service import Service

ANN = "1"
RELEASED = Event()
"""Set when all is over, so that what stalls ends."""


@pytest.fixture
def service(trained_once: Path, tmp_path: Path) -> Iterator[Service]:
    with shop_on("sqlite", trained_once, tmp_path) as found:
        yield found
        RELEASED.set()


class SlowHistories(Histories):
    """Histories that take too long once, when they are told to."""

    slow = False

    def told(self, *known: Any) -> History:
        if self.slow:
            self.slow = False
            RELEASED.wait(60)
        return super().told(*known)


def test_a_late_history_is_the_one_last_known(service: Service) -> None:
    histories = SlowHistories(service.facts, service.recommender.kinds, remembered=100, kept=10_000)
    recommender = replace(service.recommender, histories=histories)
    before = recommender.recommend(Asked(user=ANN, limit=3))

    histories.slow = True
    after = recommender.recommend(Asked(user=ANN, limit=3))

    assert before.degraded == []
    assert after.degraded == ["history"]
    assert [each.item for each in after.items] == [each.item for each in before.items]
    again = recommender.replay(service.decisions.get(after.decision))
    assert again["differences"] == []
