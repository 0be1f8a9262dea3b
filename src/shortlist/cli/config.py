"""`shortlist config`: what is set, and whether it can be used."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import make_url

from shortlist.bootstrap import Home, open_home
from shortlist.core.errors import BadSettings, Invalid, ShortlistError
from shortlist.settings import FILE

config = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check the settings, and show what is in force.",
)


@config.command("check")
def check(context: typer.Context) -> None:
    """Check every setting, and every placement against the catalogue, without changing anything.

    Ends with 0 where all is well; else it says what is wrong, where, and ends with 1.
    """
    home = open_home(_path(context))
    written = home.path / FILE
    typer.echo(f"Settings: {written if written.exists() else 'defaults (no ' + FILE + ')'}")
    problems = list(_problems(home))
    for name in home.settings.all_placements():
        said = "; ".join(each for place, each in problems if place == name) or "ok"
        typer.echo(f"Placement {name}: {said}")
    if problems:
        raise BadSettings("Some placements cannot be used as they are written; see above.")
    typer.echo("All settings are understood.")


@config.command("show")
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show every setting that is in force: file, environment and defaults together."""
    settings = open_home(_path(context)).settings.model_dump(mode="json")
    if settings["database"] is not None:
        settings["database"] = make_url(settings["database"]).render_as_string(hide_password=True)
    if as_json:
        typer.echo(json.dumps(settings, indent=2))
        return
    for name, value in _lines("", settings):
        typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}")


def _path(context: typer.Context) -> Path:
    return Path(context.find_root().params["home"])


def _problems(home: Home) -> Iterator[tuple[str, str]]:
    """What is wrong with each placement, beside what the settings' own checks find."""
    from shortlist.datasets.item_columns import ItemColumns
    from shortlist.datasets.vocabulary import Vocabulary
    from shortlist.slate import check_placement

    items = home.facts.items()
    columns = ItemColumns.of(items, Vocabulary(items["id"].to_list()))
    sources = {*home.settings.training.recipes()}
    for name, placement in home.settings.all_placements().items():
        unknown = [each for each in placement.sources if each not in sources]
        if unknown:
            yield name, f"no source is called {unknown[0]!r}; there are: {', '.join(sources)}"
        try:
            if len(items):
                check_placement(placement, columns)
        except (Invalid, ShortlistError) as error:
            yield name, str(error)


def _lines(table: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        path = f"{table}.{name}".removeprefix(".")
        if isinstance(value, dict) and value:
            yield from _lines(path, value)
        else:
            yield path, value
