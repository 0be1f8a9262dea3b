"""Placements: what is in force, and changed here: checked, seen as the list it gives, kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.core.errors import Invalid, ShortlistError, UnknownPlacement
from shortlist.http.statuses import status_of
from shortlist.serving.asked import Asked
from shortlist.serving.placements import NAME
from shortlist.serving.workings import Workings
from shortlist.slate import PlacementSettings
from shortlist.web.dashboard.recipe_forms import Reading, RecipeForm, reading, told
from shortlist.web.dashboard.recipes import as_toml, in_words
from shortlist.web.dashboard.titles import titles_of
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page, see
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/placements")

PlacementPath = Annotated[str, Path(pattern=NAME)]
Word = Annotated[str, Query(max_length=256)]
Version = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
LISTED: Final = 20
"""Versions of a placement that are listed."""

DONE: Final[Mapping[str, str]] = {
    "saved": "Saved. Lists follow it from now on, in every process.",
    "back": "The settings speak for it again.",
}


@router.get("")
def placements(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    name: Word = "",
    done: Word = "",
) -> Response:
    """All placements, and what sets each apart; with a name, on to that one or to a new one."""
    if name:
        return see(f"/admin/placements/{_named(name.strip())}")
    held = web_of(request).service.placements
    rows = [
        {"name": name, "words": in_words(recipe), "by_hand": held.by_hand(name)}
        for name, recipe in held.recipes.items()
    ]
    return page(request, "dashboard/placements.html", rows=rows, done=DONE.get(done, ""))


@router.get("/{name}")
def edit(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    name: PlacementPath,
    user: Word = "",
    version: Version = None,
    done: Word = "",
) -> Response:
    """One placement, to be changed; an older version of it where that is asked for."""
    held = web_of(request).service.placements
    recipe = held.recipes.get(name, PlacementSettings())
    if version is not None:
        recipe = _older(request, name, version)
    tried = Reading(RecipeForm.of(recipe), recipe)
    return _edited(request, name, Trial(tried, user, held.version(name), done=DONE.get(done, "")))


@router.post("/{name}")
def change(
    request: Request,
    visitor: Annotated[Visitor, administrator],
    form: Annotated[Form, posted],
    name: PlacementPath,
) -> Response:
    """Check what was typed; show the list it gives, or put it in force."""
    held = web_of(request).service.placements
    after, user = int(form.number("after", least=0, most=1e9)), form.fields.get("user", "")[:256]
    tried = reading(RecipeForm.read(form.fields))
    if tried.recipe is not None:
        problems = told(held.complaints(tried.recipe))
        tried = Reading(tried.form, None if problems else tried.recipe, problems)
    trial = Trial(tried, user, after)
    if tried.recipe is None:
        return _edited(request, name, trial, Invalid("It cannot be used like this."))
    if form.fields.get("do") == "save":
        try:
            held.put(name, tried.recipe, who=visitor.login, after=after)
        except ShortlistError as error:
            return _edited(request, name, trial, error)
        return see(f"/admin/placements/{name}?done=saved")
    return _edited(request, name, trial)


@router.post("/{name}/back")
def back(
    request: Request,
    visitor: Annotated[Visitor, administrator],
    form: Annotated[Form, posted],
    name: PlacementPath,
) -> Response:
    """Let the settings speak for it again."""
    after = int(form.number("after", least=0, most=1e9))
    held = web_of(request).service.placements
    held.back(name, who=visitor.login, after=after)
    return see(f"/admin/placements{'/' + name if name in held.recipes else ''}?done=back")


@dataclass(frozen=True)
class Trial:
    """What is being edited, and for whom it is tried."""

    reading: Reading
    user: str
    after: int
    """The version it was begun from."""
    done: str = field(default="")


def _named(name: str) -> str:
    if not re.fullmatch(NAME, name, re.ASCII):
        raise Invalid("A placement is named by small letters, digits, - and _.")
    return name


def _older(request: Request, name: str, version: int) -> PlacementSettings:
    """An older version. Raises UnknownPlacement."""
    held = web_of(request).service.placements
    for each in held.history(name, LISTED):
        if each.version == version:
            if each.content is None:
                return held.recipes.written.get(name, PlacementSettings())
            return PlacementSettings.model_validate(each.content)
    raise UnknownPlacement(f"no version {version} of {name!r} is kept")


def _edited(
    request: Request, name: str, trial: Trial, error: ShortlistError | None = None
) -> Response:
    web = web_of(request)
    service, held = web.service, web.service.placements
    now, then = _lists(request, name, trial)
    shown = [] if then is None else [each.shown.item for each in then.placed]
    before = [] if now is None else [each.shown.item for each in now.placed]
    gone = [each for each in before if each not in shown]
    shelf = service.shelves.current
    return page(
        request,
        "dashboard/placement.html",
        status=200 if error is None else status_of(error),
        name=name,
        trial=trial,
        form=trial.reading.form,
        problems=trial.reading.problems,
        problem="" if error is None else str(error),
        meanings={key: each.description for key, each in PlacementSettings.model_fields.items()},
        sources=list(dict.fromkeys([*held.sources, *trial.reading.form.sources])),
        kinds=sorted({*web.settings.kinds, *(trial.reading.form.kinds or ())}),
        attributes=sorted(shelf.columns.schema),
        exists=name in held.recipes,
        by_hand=held.by_hand(name),
        in_settings=name in held.recipes.written,
        history=held.history(name, LISTED),
        found=then,
        was={item: place for place, item in enumerate(before)} if now is not None else None,
        gone=gone,
        titles=titles_of(shelf, [*shown, *gone]),
        toml=as_toml(trial.reading.recipe) if trial.reading.recipe else "",
    )


def _lists(request: Request, name: str, trial: Trial) -> tuple[Workings | None, Workings | None]:
    """The list that is given now, and the one that would be; None where there is none."""
    recipe = trial.reading.recipe
    if recipe is None:
        return None, None
    service = web_of(request).service
    user = trial.user or None
    current = service.placements.recipes.get(name)
    then = service.recommender.take_apart(Asked(user=user), recipe)
    if current is None or current == recipe:
        return (None if current is None else then), then
    return service.recommender.take_apart(Asked(user=user), current), then
