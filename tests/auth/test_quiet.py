import os
import sys
import threading

import pytest

from shortlist.auth.quiet import NICENESS, QuietThreads


def test_work_is_done_elsewhere_and_its_result_comes_back() -> None:
    assert QuietThreads(1).run(threading.get_ident) != threading.get_ident()


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        QuietThreads(1).run(lambda: 1 // 0)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_it_steps_back_and_nobody_else_does() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = niceness()

    assert QuietThreads(1).run(niceness) >= NICENESS
    assert niceness() == before
