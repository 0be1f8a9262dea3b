"""What a running server's processes use, as /proc tells it (Linux only)."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """MiB of some processes together."""

    resident: float
    """All that is in memory; pages they share are counted in each."""
    own: float
    """What no file stands behind: heaps and stacks, where a leak would be."""


def family(process: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [process]
    for member in found:
        found.extend(children.get(member, ()))
    return found


def lives(process: int) -> bool:
    """Whether a process is there and has not ended."""
    fields = _fields(process)
    return bool(fields) and fields[0] not in "ZX"


def learns(process: int) -> bool:
    """Whether it is the process that trains beside those that serve."""
    try:
        return b"worker" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def cpu_seconds(processes: Iterable[int]) -> float:
    """CPU seconds that processes have used so far, those of ended children among them."""
    return sum(
        sum(int(ticks) for ticks in fields[11:15]) / TICKS
        for fields in map(_fields, processes)
        if fields
    )


def memory(processes: Iterable[int]) -> Memory:
    """What processes hold now."""
    resident = own = 0.0
    for process in processes:
        with suppress(OSError):
            for line in Path(f"/proc/{process}/status").read_text().splitlines():
                name, _, value = line.partition(":")
                if name == "VmRSS":
                    resident += int(value.split()[0]) / 1024
                elif name == "RssAnon":
                    own += int(value.split()[0]) / 1024
    return Memory(resident, own)


def holder(processes: Iterable[int], port: int, client_port: int) -> int | None:
    """Which of the processes holds the server's end of a connection."""
    ends = (f"{port:04X}", f"{client_port:04X}")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (fields[1].partition(":")[2], fields[2].partition(":")[2]) == ends:
            return _owner(processes, f"socket:[{fields[9]}]")
    return None


def _owner(processes: Iterable[int], link: str) -> int | None:
    for process in processes:
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with suppress(OSError):
                if os.readlink(descriptor) == link:  # noqa: PTH115  it is a name, not a path
                    return process
    return None


def _fields(process: int) -> list[str]:
    """What stands in a process's `stat` after its name, which may hold anything."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
