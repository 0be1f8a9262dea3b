"""The worker as its users run it: a command, and a process that can be killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.online.live import Live, live

PROGRAM = [sys.executable, "-c", "from shortlist.cli import main; main()"]
SETTINGS = """
[worker]
refresh_events = 100
refresh_trees = 4
margin = 0.2
"""


def home_of(found: Live) -> Path:
    path = found.home.path
    (path / "shortlist.toml").write_text(SETTINGS)
    return path


def once(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "--home", str(home), "worker", "--once"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_does_what_there_is_to_do_and_ends(tmp_path: Path) -> None:
    with live(tmp_path) as found:
        home = home_of(found)
        found.choose(600)

        assert once(home).returncode == 0

        assert found.steps()[2:] == ["refreshed", "shadowing"]
        worker = found.home.models.worker()
        assert worker is not None
        assert worker.said["phase"] == "stopped"


def test_one_works_and_the_next_goes_on_when_it_was_killed(tmp_path: Path) -> None:
    with live(tmp_path) as found:
        home = home_of(found)
        with subprocess.Popen(
            [*PROGRAM, "--home", str(home), "worker"], stderr=subprocess.DEVNULL
        ) as first:
            until = time.monotonic() + 60
            while found.home.models.worker() is None and time.monotonic() < until:
                time.sleep(0.05)
            second = once(home)
            os.kill(first.pid, signal.SIGKILL)
        found.choose(600)

        assert "another worker" in second.stderr
        assert once(home).returncode == 0
        assert found.steps()[2:] == ["refreshed", "shadowing"]


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with live(tmp_path) as found:
        home = home_of(found)
        with subprocess.Popen(
            [*PROGRAM, "--home", str(home), "worker"], stderr=subprocess.DEVNULL
        ) as worker:
            until = time.monotonic() + 60
            while found.home.models.worker() is None and time.monotonic() < until:
                time.sleep(0.05)
            worker.terminate()

            assert worker.wait(30) == 0
