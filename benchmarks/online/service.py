"""The parts of the service's benchmarks that these share, for the scripts of this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "service"))
sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.latency.large_log import LargeLog
from family import cpu_seconds
from homes import ABOUT, Trained, options, prepared
from open_loop import Deed, OpenLoop, Record
from results import FILE, Results
from running import COMMAND, Server, Site
from wire import Answer, Connection

__all__ = [
    "ABOUT",
    "COMMAND",
    "FILE",
    "Answer",
    "Connection",
    "Deed",
    "LargeLog",
    "OpenLoop",
    "Record",
    "Results",
    "Server",
    "Site",
    "Trained",
    "cpu_seconds",
    "options",
    "prepared",
]
