"""The command line as a process that is timed, for the scripts of this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.quality.processes import Cost, shortlist

__all__ = ["Cost", "shortlist"]
