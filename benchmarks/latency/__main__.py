"""The speed of the engine, benchmark after benchmark, each in a process of its own.

    python -m benchmarks.latency [--only scaling retrieval ...] [--home DIR]

Without a home each simulates the log it measures on; `scaling` and `training` write their sections
of RESULTS.md. `training` goes up to ten million events, and takes as long as all others together.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent

BENCHMARKS: Final = {
    "features": ("feature_speed.py", True),
    "retrieval": ("retrieval_speed.py", True),
    "fold": ("fold_speed.py", True),
    "facts": ("facts_speed.py", False),
    "import": ("import_speed.py", False),
    "scaling": ("scaling.py", True),
    "training": ("training_speed.py", False),
}
"""By name: the file, and whether it takes a home's log."""

SERVICE: Final = """\
The service over HTTP is measured by its own benchmarks, each with a server it starts:

    python benchmarks/service/latency.py      one client: lists of ten, orders of 100 and 300
    python benchmarks/service/pages.py        every page of the storefront and of the dashboard
    python benchmarks/service/throughput.py   many clients: lists a second
    python benchmarks/service/events.py       events taken in a second

`--help` of each says what it needs; the first of them makes the home that the others take."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    parser.add_argument("--home", type=Path, help="measure on the log of this home")
    asked = parser.parse_args()
    failed = [name for name in asked.only if not ran(name, asked.home)]
    print(SERVICE)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def ran(name: str, home: Path | None) -> bool:
    """Run one benchmark, and say how long it took."""
    file, takes_home = BENCHMARKS[name]
    command = [sys.executable, str(FOLDER / file)]
    if home is not None and takes_home:
        command += ["--home", str(home)]
    print(f"== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode  # noqa: S603
    print(f"== {name} took {time.monotonic() - started:.0f} s\n", flush=True)
    return code == 0


if __name__ == "__main__":
    main()
