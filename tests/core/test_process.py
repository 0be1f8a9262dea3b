import platform
import subprocess
import sys

import pytest

KEPT = (
    "from shortlist.core.process import settle; import gc; settle(); print(gc.get_freeze_count())"
)

COLLECTED = """
import gc, sys
from shortlist.core.process import settle

if sys.argv[1] == "settled":
    settle()
before = gc.get_stats()[0]["collections"]
held = [[number] for number in range(15_000)]
print(gc.get_stats()[0]["collections"] - before)
"""

FAULTS = """
import resource, sys
import numpy as np
from shortlist.core.process import settle

if sys.argv[1] == "settled":
    settle()
for _ in range(20):
    np.ones(5_000_000), np.ones(300_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    [np.ones(300_000) for _ in range(4)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

HELD = """
import gc, random, threading
import numpy as np
from shortlist.core.process import give_back, settle

def used():
    with open("/proc/self/status") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("RssAnon"))

def work(seed):
    lot, some = random.Random(seed), []
    for _ in range(4_000):
        some.append(np.ones(lot.randint(10, 30_000), np.float32))
        if len(some) > 200:
            some.pop(lot.randrange(200))
    held.append(some[::2])

settle()
held = []
threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
before = used()
give_back()
print(100 * used() // before)
"""


def said(*command: str) -> int:
    whole = [sys.executable, "-c", *command]
    return int(subprocess.run(whole, check=True, capture_output=True).stdout)


def test_what_is_loaded_is_left_out_of_garbage_collection() -> None:
    assert said(KEPT) > 1000


def test_what_requests_make_is_not_looked_through_all_the_time() -> None:
    assert said(COLLECTED, "settled") == 0 < said(COLLECTED, "as it was")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is another")
def test_freed_memory_is_not_given_back() -> None:
    assert 10 * said(FAULTS, "settled") < said(FAULTS, "as it was")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is another")
def test_what_was_freed_between_what_lives_on_can_be_given_back() -> None:
    assert said(HELD) < 80
