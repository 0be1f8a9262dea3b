"""the shell in front of everything: one file a command."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The `shortlist` command: leaves with 0 on success, 1 on an error, 2 on wrong usage.

    What goes wrong is said in one paragraph on the error stream; `--debug` shows the traceback.
    """
    from shortlist.cli.app import command
    from shortlist.core.errors import ShortlistError

    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        command(given)
    except ShortlistError as error:
        if debug:
            raise
        sys.stderr.write(f"shortlist: {error}\n")
    except Exception as error:
        if debug:
            raise
        what = f"{type(error).__name__}: {error}".strip()
        sys.stderr.write(f"shortlist: this should not have happened: {what} (--debug says more)\n")
    sys.exit(1)
