"""The writer of RESULTS.md, which all benchmarks share, for the scripts of this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.results_page import FILE, Results

__all__ = ["FILE", "Results"]
