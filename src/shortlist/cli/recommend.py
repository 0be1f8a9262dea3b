"""`shortlist recommend`: the shortlist of one user, or of all."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from shortlist.bootstrap import Home, open_home
from shortlist.cli.console import wide_console
from shortlist.core.candidates import Query
from shortlist.core.errors import Invalid, UnknownUser
from shortlist.datasets.load import load_query
from shortlist.pipeline.explain import Explanation, explain
from shortlist.pipeline.model import Model, Ranked
from shortlist.pipeline.parts import model_from
from shortlist.pipeline.reasons import reason

SHOWN = 6
"""Contributions that are printed of each item; --json has all."""


def recommend(
    context: typer.Context,
    user: Annotated[str | None, typer.Argument(help="The user's own id.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=10_000, help="Length of the list.")] = 10,
    explained: Annotated[
        bool, typer.Option("--explain", help="Say why: contributions that add up to the score.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    users: Annotated[
        str | None, typer.Option(help="`all`, or a file with one user id a line.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Parquet file for the lists of --users.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that make the lists of --users; one a core."),
    ] = None,
) -> None:
    """What should this user see next? Events imported after training count at once.

    For example: shortlist recommend 42 -k 10 --explain, or
    shortlist recommend --users all -k 20 --output lists.parquet
    """
    if (user is None) == (users is None):
        raise Invalid("Say for whom: one USER, or --users all (or a file of ids).")
    home = open_home(Path(context.find_root().params["home"]))
    bundle = home.bundles.open()
    if bundle.warning:
        typer.echo(bundle.warning, err=True)
    if user is not None:
        model = model_from(bundle.arrays, bundle.text)
        _one(home, model, user, k, explained=explained, as_json=as_json)
        return
    if output is None:
        raise Invalid("Say where the lists go: --output lists.parquet")
    from shortlist.cli.recommend_many import write_lists

    lists, rows = write_lists(home, bundle, str(users), k, output, workers)
    typer.echo(f"{lists:,} lists, {rows:,} rows, are in {output}.")


def _one(home: Home, model: Model, user: str, k: int, *, explained: bool, as_json: bool) -> None:
    query = load_query(home.facts, model.retrieval.catalogue, home.settings.kinds, user)
    if query is None:
        raise UnknownUser(f"Nobody with the id {user!r} is in the log.")
    ranked = model.rank(_allowing(query, home), k)
    explanations = explain(model, ranked) if len(ranked.items) else []
    if as_json:
        typer.echo(json.dumps(_answer(user, model, ranked, explanations, whole=explained)))
        return
    _print(user, model, ranked, explanations, explained=explained, simulated=home.simulated)


def _allowing(query: Query, home: Home) -> Query:
    """The query, with nothing excluded where the settings allow items again."""
    if not home.settings.recommend_again:
        return query
    return replace(query, excluded=np.empty(0, np.int32))


def _answer(
    user: str, model: Model, ranked: Ranked, explanations: Sequence[Explanation], *, whole: bool
) -> dict[str, Any]:
    catalogue = model.retrieval.catalogue
    chances = model.probabilities(ranked)
    items = []
    for rank, (each, chance) in enumerate(zip(explanations, chances, strict=True), start=1):
        line: dict[str, Any] = {
            "rank": rank,
            "item": catalogue.ids[each.item],
            "title": catalogue.titles[each.item],
            "score": each.score,
            "probability": float(chance),
            "sources": list(each.sources),
            "reason": reason(each, catalogue),
        }
        if whole:
            line["base"] = each.base
            line["contributions"] = [
                {"column": one.column, "value": one.value, "amount": one.amount}
                for one in each.contributions
            ]
            line["because"] = [
                {"item": catalogue.ids[one.item], "value": one.value, "share": one.share}
                for one in each.drivers
            ]
        items.append(line)
    return {"user": user, "items": items}


def _print(
    user: str,
    model: Model,
    ranked: Ranked,
    explanations: Sequence[Explanation],
    *,
    explained: bool,
    simulated: bool,
) -> None:
    console, catalogue = wide_console(), model.retrieval.catalogue
    if not explanations:
        console.print(f"Nothing is left to recommend to user {user}.", markup=False)
        return
    table = Table("", "item", "title", "score", "chance", "why", title=None, show_edge=False)
    for rank, (each, chance) in enumerate(
        zip(explanations, model.probabilities(ranked), strict=True), start=1
    ):
        why = reason(each, catalogue)
        title = catalogue.title_of(each.item)
        score = f"{each.score:.3f}"
        table.add_row(str(rank), catalogue.ids[each.item], title, score, f"{chance:.1%}", why)
    world = "SIMULATED DATA: " if simulated else ""
    console.print(f"{world}What user {user} should see next:", markup=False, highlight=False)
    console.print(table, markup=False)
    if explained:
        for rank, each in enumerate(explanations, start=1):
            console.print(_waterfall(rank, each, catalogue.title_of(each.item)), markup=False)


def _waterfall(rank: int, each: Explanation, title: str) -> Table:
    table = Table("adds", "because", show_edge=False, title_justify="left", title=None)
    table.add_row("", f"{rank}. {title} (proposed by {', '.join(each.sources) or 'nobody'})")
    table.add_row(f"{each.base:+.3f}", "the score of nobody in particular")
    for one in each.contributions[:SHOWN]:
        table.add_row(f"{one.amount:+.3f}", f"{one.meaning} [{one.column} = {one.value:.4g}]")
    rest = sum(one.amount for one in each.contributions[SHOWN:])
    table.add_row(f"{rest:+.3f}", f"{len(each.contributions) - SHOWN} smaller reasons together")
    table.add_row(f"{each.score:+.3f}", "is the score")
    return table
