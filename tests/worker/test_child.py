import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shortlist.worker.child import Child


def soon(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


def program(folder: Path, body: str) -> list[str]:
    """A program that notes every time it is begun, and then does something."""
    noted = f"open({str(folder / 'begun')!r}, 'a').write('x')"
    return [sys.executable, "-c", f"import signal, sys, time\n{body}\n{noted}\ntime.sleep(60)"]


def begun(folder: Path) -> int:
    path = folder / "begun"
    return len(path.read_text()) if path.exists() else 0


def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    child = Child(program(tmp_path, ""), first_pause=0.01)
    child.start()
    assert soon(lambda: begun(tmp_path) == 1)
    first = child.process
    assert first is not None

    os.kill(first, signal.SIGKILL)

    assert soon(lambda: begun(tmp_path) == 2)
    assert child.process != first
    child.stop()


def test_one_that_is_stopped_is_not_started_again(tmp_path: Path) -> None:
    child = Child(program(tmp_path, ""), first_pause=0.01)
    child.start()
    assert soon(lambda: begun(tmp_path) == 1)

    child.stop()

    assert child.process is None
    time.sleep(0.3)
    assert begun(tmp_path) == 1


def test_it_is_told_to_end_before_it_is_made_to(tmp_path: Path) -> None:
    told = tmp_path / "told"
    end = f"lambda *_: (open({str(told)!r}, 'w').close(), sys.exit(0))"
    child = Child(program(tmp_path, f"signal.signal(signal.SIGTERM, {end})"))
    child.start()
    assert soon(lambda: begun(tmp_path) == 1)

    child.stop()

    assert told.exists()


def test_one_that_cannot_be_started_is_tried_again_later(tmp_path: Path) -> None:
    child = Child([str(tmp_path / "nothing")], first_pause=30)
    child.start()

    child.stop()

    assert child.process is None


def test_stopping_what_was_never_started_is_nothing() -> None:
    Child(["nothing"]).stop()
