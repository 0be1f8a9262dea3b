"""`shortlist serve`: lists over HTTP."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from shortlist.bootstrap import Home, open_home


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen at.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="The port of the API.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that serve side by side.")
    ] = None,
    admin_port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="The port of metrics and administration."),
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Start no worker beside it.")
    ] = False,
    database: Annotated[
        str | None, typer.Option(help="URL of the database; the same as before the command.")
    ] = None,
) -> None:
    """Serve recommendations over HTTP until stopped by Ctrl-C or SIGTERM.

    What is not given stands in the settings. Callers need a key: shortlist keys create --name app
    --scopes events:write,recommend:read
    """
    from shortlist.server.serve import serve as run

    if database is not None:
        os.environ["SHORTLIST_DATABASE"] = database
    home = open_home(Path(context.find_root().params["home"]))
    given = {"host": host, "port": port, "workers": workers, "admin_port": admin_port}
    changed = {name: value for name, value in given.items() if value is not None}
    served = with_server(home, changed)
    run(without_worker(served) if no_worker else served)


def with_server(home: Home, changed: Mapping[str, object]) -> Home:
    """The home with some of the server's settings changed."""
    server = home.settings.server.model_copy(update=changed)
    return Home(home.path, home.settings.model_copy(update={"server": server}))


def without_worker(home: Home) -> Home:
    """The home as if its settings wanted no worker."""
    worker = home.settings.worker.model_copy(update={"enabled": False})
    return Home(home.path, home.settings.model_copy(update={"worker": worker}))
