"""The parts of the service's benchmarks that these share, for the scripts of this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "service"))

from homes import Trained, options, prepared
from open_loop import Deed, OpenLoop, Record
from results import FILE, Results
from running import COMMAND, Server, Site
from wire import Answer, Connection

__all__ = [
    "COMMAND",
    "FILE",
    "Answer",
    "Connection",
    "Deed",
    "OpenLoop",
    "Record",
    "Results",
    "Server",
    "Site",
    "Trained",
    "options",
    "prepared",
]
