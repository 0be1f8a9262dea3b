"""What a benchmark found: printed as it goes, then written to its own section of RESULTS.md."""

import argparse
import os
import platform
import re
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

FILE: Final = Path(__file__).parent / "RESULTS.md"

TOP: Final = """\
# Results

Written by the benchmarks. Each rewrites its own section and no other, when it is run; what a ratio
compares was measured in the same run. What was tried beside it stands in [the log](LOG.md).
"""

UNSAID: Final = ("--home", "--results", "--plot")
"""Options that say where things lie on a machine: left out of the command that is written."""

PLACES: Final = {"--data": "FOLDER", "--database": "URL"}
"""Options whose values are not written either."""


class Results:
    """A section in the making."""

    def __init__(
        self,
        name: str,
        title: str,
        asked: argparse.Namespace,
        data: str,
        *,
        command: str | None = None,
        clients: bool = True,
    ) -> None:
        """A section that replaces the one of its name on the page `asked.results`.

        `command` is what makes it again; left out, it is the one that is running. `clients` says
        whether somebody asked a server.
        """
        self._name = name
        self._file: Path = asked.results
        self._said = [f"## {title}", _head(data, command or running_command(sys.argv), clients)]
        print(f"{title}\n{data}\n{machine(clients=clients)}")

    def say(self, text: str) -> None:
        """A paragraph."""
        print(text, flush=True)
        self._said.append(text)

    def claim(self, text: str) -> None:
        """A text that the README quotes."""
        print(text, flush=True)
        self._said.append(marked(text))

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table; every column but the first holds numbers."""
        shown = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        for place, column in enumerate(columns):
            shown.add_column(column, justify="right" if place else "left")
        for row in rows:
            shown.add_row(*row)
        Console(width=150, highlight=False, markup=False).print(shown)
        rule = ["---", *["---:"] * (len(columns) - 1)]
        self._said.append(f"**{title}**")
        self._said.append("\n".join(f"| {' | '.join(row)} |" for row in (columns, rule, *rows)))

    def write(self) -> None:
        """Put the section in the place of the one before it, or at the end."""
        begin, end = (f"<!-- {self._name}: {word} -->" for word in ("begin", "end"))
        section = "\n\n".join([begin, *self._said, end])
        page = self._file.read_text("utf-8") if self._file.exists() else TOP
        before = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if before.search(page):
            page = before.sub(lambda _: section, page)
        else:
            page = f"{page.rstrip()}\n\n{section}\n"
        self._file.write_text(page, "utf-8")


def marked(text: str) -> str:
    """A text as it stands on the page, to be found there again."""
    return f"<!-- claims: begin -->\n{text}\n<!-- claims: end -->"


def machine(*, clients: bool = True) -> str:
    """What is measured on, and what else it was doing."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; "
        f"{platform.system()}, Python {platform.python_version()}"
        + ("; clients on the same machine, over loopback" if clients else "")
    )


def running_command(arguments: Sequence[str]) -> str:
    """The command that is running, without what says where things lie on this machine."""
    script, *given = arguments
    words = ["python", "/".join(Path(script).resolve().parts[-3:])]
    while given:
        name, attached, _ = given.pop(0).partition("=")
        if name in PLACES or name in UNSAID:
            given = given if attached else given[1:]
            words += [name, PLACES[name]] if name in PLACES else []
        else:
            words.append(f"{name}{attached}{_}")
    return shlex.join(words)


def _head(data: str, command: str, clients: bool) -> str:
    today = datetime.now(UTC).date().isoformat()
    block = f"```sh\n{command}\n```"
    return f"- Data: {data}\n- Machine: {machine(clients=clients)}\n- Date: {today}\n\n{block}"


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
