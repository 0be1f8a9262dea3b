"""The parts of the other benchmarks that those of this folder use."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
sys.path.append(str(Path(__file__).parents[1] / "service"))

from benchmarks.results_page import FILE, Results
from running import COMMAND, Server, Site, bare_environment
from wire import Answer, Connection, Lost

__all__ = [
    "COMMAND",
    "FILE",
    "Answer",
    "Connection",
    "Lost",
    "Results",
    "Server",
    "Site",
    "bare_environment",
]
