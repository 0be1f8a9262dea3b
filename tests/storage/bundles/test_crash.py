"""A writer is killed at every single thing it does to the disk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.storage.bundles.sample import contents

from shortlist.core.errors import StorageFailed
from shortlist.storage.bundles import BundleContents, open_bundles
from shortlist.storage.bundles.lock import locked, locked_by_file

KILLED_EVERYWHERE = """
import json, os, signal, sys
from pathlib import Path
from shortlist.storage.bundles import open_bundles
from tests.storage.bundles.sample import contents

root = sys.argv[1]
TOUCHES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}

def publish_and_die_at(step):
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        if event in TOUCHES and str(arguments[0]).startswith(root):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    open_bundles(root).publish(contents("new"))

step, status = 0, 1
while status:
    step += 1
    child = os.fork()
    if not child:
        publish_and_die_at(step)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    store = open_bundles(root)
    opened = store.open()
    print(json.dumps({
        "died": os.WIFSIGNALED(status),
        "mark": opened.lineage["mark"],
        "warning": opened.warning,
        "states": [info.state for info in store.list()],
    }), flush=True)
    if opened.lineage["mark"] == "new":
        store.rollback()
    left = sorted(each.name for each in Path(root).iterdir() if each.name.startswith(".unf"))
    print(json.dumps({"left": left}), flush=True)
"""

PUBLISH_THREE = """
import sys
from shortlist.storage.bundles import open_bundles
from tests.storage.bundles.sample import contents

for mark in range(3):
    print(open_bundles(sys.argv[1]).publish(contents(str(mark))), flush=True)
"""

PUBLISH_LITTLE_ROOM = """
import resource, sys
import numpy as np
from shortlist.core.errors import StorageFailed
from shortlist.storage.bundles import BundleContents, open_bundles

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    open_bundles(sys.argv[1]).publish(BundleContents({"big": np.zeros(1_000_000)}, {}, {}, {}))
except StorageFailed as error:
    print(error)
"""


def run(script: str, *arguments: str, **options: Any) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env={"PYTHONPATH": ":".join(sys.path), "OMP_NUM_THREADS": "1"},
        **options,
    )
    assert not done.returncode, done.stderr
    return str(done.stdout)


def test_a_writer_killed_anywhere_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    store.publish(contents("old"))

    lines = [json.loads(line) for line in run(KILLED_EVERYWHERE, str(tmp_path)).splitlines()]

    outcomes, left = lines[::2], lines[1::2]
    assert len(outcomes) > 15
    assert all(each["died"] for each in outcomes[:-1])
    assert [each["mark"] for each in outcomes][:-1].count("old") > 15
    assert outcomes[-1]["mark"] == "new"
    assert all(each["warning"] is None for each in outcomes)
    assert {state for each in outcomes for state in each["states"]} == {"ok"}
    assert any(each["left"] for each in left)
    assert left[-1]["left"] == []


def test_processes_that_publish_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PUBLISH_THREE, str(tmp_path)]
    env = {"PYTHONPATH": ":".join(sys.path), "OMP_NUM_THREADS": "1"}
    writers = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=env, cwd=Path(__file__).parents[3]
        )
        for _ in range(2)
    ]
    published = [line for each in writers for line in each.communicate()[0].split()]

    store = open_bundles(tmp_path)
    assert {info.id for info in store.list()} == {*published}
    assert len(published) == 6
    walked = [store.rollback() for _ in range(5)]
    assert len({*walked}) == 5


def test_a_refused_write_keeps_the_old_one_and_leaves_nothing(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    first = store.publish(contents())

    said = run(PUBLISH_LITTLE_ROOM, str(tmp_path))

    assert "The bundle in use stays in use" in said
    assert [info.id for info in store.list()] == [first]
    assert not list(tmp_path.glob(".unfinished*"))


def test_a_full_disk_says_how_much_was_needed(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        store = open_bundles(tmp_path / "bundles")
        first = store.publish(contents())

        big = BundleContents({"big": np.zeros(1_000_000)}, {}, {}, {})
        with pytest.raises(StorageFailed, match=r"is full \(8\.0 MB were .* MB are free\)"):
            store.publish(big)

        assert store.open().id == first
        assert not list((tmp_path / "bundles").glob(".unfinished*"))
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_read_only_folder_is_read_and_not_written(tmp_path: Path) -> None:
    store = open_bundles(tmp_path)
    first = store.publish(contents())
    bind = ["mount", "--bind", str(tmp_path), str(tmp_path)]
    try:
        done = subprocess.run(bind, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("a folder cannot be made read-only here")
    try:
        again = ["mount", "-o", "remount,ro,bind", str(tmp_path)]
        subprocess.run(again, check=True, capture_output=True)

        with pytest.raises(StorageFailed, match="may not be written"):
            store.publish(contents())
        assert (store.open().id, len(store.list())) == (first, 1)
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


@pytest.mark.parametrize("lock", [locked, locked_by_file])
def test_a_lock_that_is_held_is_waited_for_and_then_named(tmp_path: Path, lock: Any) -> None:
    with lock(tmp_path), pytest.raises(StorageFailed, match="remove"), lock(tmp_path, 0.1):
        pass

    with lock(tmp_path, 0.1):
        pass
