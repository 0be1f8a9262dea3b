"""The command's name, its global options and its subcommands.

To add a subcommand: write `cli/<name>.py`, then add a line to COMMANDS. It is imported only when it
is run, so that help and mistakes are answered at once.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from shortlist import __version__

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": (
        "shortlist.cli.demo:demo",
        "Everything once: data, training, figures, a list, serving.",
    ),
    "import": ("shortlist.cli.import_:imports", "Bring events, items and users in from files."),
    "simulate": ("shortlist.cli.simulate:simulate", "Make a world in which the truth is known."),
    "train": ("shortlist.cli.train:train", "Fit sources and ranker on the log: a new bundle."),
    "evaluate": ("shortlist.cli.evaluate:evaluate", "Measure it against an honest future."),
    "recommend": ("shortlist.cli.recommend:recommend", "The shortlist of a user, with reasons."),
    "serve": ("shortlist.cli.serve:serve", "Answer over HTTP: lists, events, items, people."),
    "worker": ("shortlist.cli.worker:worker", "Keep models fresh: learn on, compare, promote."),
    "config": ("shortlist.cli.config:config", "Check the settings, and show what is in force."),
    "keys": ("shortlist.cli.keys:keys", "Make and revoke the API keys of applications."),
    "accounts": ("shortlist.cli.accounts:accounts", "Make and disable the accounts of people."),
    "insights": ("shortlist.cli.insights:insights", "What lists do to the catalogue, over time."),
    "models": ("shortlist.cli.models:models", "List, promote, roll back and prune bundles."),
}
"""Where each subcommand is (a function, or an app of its own), and its line in the help."""

ONE_THREAD: Final = ("recommend", "serve", "worker")
"""Commands whose linear algebra is small: a second thread would cost more than it saves."""

THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Lazy(TyperGroup):
    """Lists its commands by their line of help, and imports the one that is run."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        return entry and TyperCommand(cmd_name, help=entry[1], rich_markup_mode=None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and load(str(name)), rest


def load(name: str) -> Any:
    """A subcommand, ready to run."""
    if name in ONE_THREAD:
        for variable in THREADS:
            os.environ.setdefault(variable, "1")
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        command: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"shortlist {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=_Lazy,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _database(url: str | None) -> None:
    """Say it to the settings, which look into the environment."""
    if url is not None:
        os.environ["SHORTLIST_DATABASE"] = url


@app.callback()
def shortlist(
    home: Annotated[
        Path,
        typer.Option(
            envvar="SHORTLIST_HOME",
            file_okay=False,
            help="The folder of database, bundles and settings.",
        ),
    ] = Path("shortlist-home"),
    database: Annotated[
        str | None,
        typer.Option(
            envvar="SHORTLIST_DATABASE",
            callback=_database,
            help="URL of the database (sqlite:///..., postgresql://...); left out: the settings'.",
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """A self-hosted recommender: from a log of events to an explained shortlist for everyone.

    For example: shortlist import movielens ml-latest-small
    """


def command(arguments: list[str]) -> None:
    """Run what the shell asked for; leaves by SystemExit unless something goes wrong."""
    typer.main.get_command(app)(arguments, prog_name="shortlist")
