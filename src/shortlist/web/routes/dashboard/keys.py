"""API keys: made and shown once, given a new secret, ended."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from shortlist.auth.api_keys import IssuedKey
from shortlist.auth.scopes import Scope
from shortlist.core.errors import ShortlistError
from shortlist.http.statuses import status_of
from shortlist.web.dashboard.changes import note
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page, see
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/keys")

KeyPath = Annotated[str, Path(min_length=1, max_length=100)]
SCOPE = "scope-"
"""What stands before a scope in the name of its box."""


@router.get("")
def keys(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    done: str = "",
) -> Response:
    """All keys without their secrets."""
    return _keys(request, done="The key has ended." if done == "revoked" else "")


@router.post("")
def create(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Make a key. Its secret is on this page and nowhere else."""
    scopes = [name.removeprefix(SCOPE) for name in form.fields if name.startswith(SCOPE)]
    try:
        name = form.text("name", most=100)
        days = int(form.number("days", least=1, most=3650)) if form.fields.get("days") else None
        seconds = None if days is None else days * 86_400
        made = web_of(request).service.auth.keys.create(name, scopes, seconds=seconds)
    except ShortlistError as error:
        return _keys(request, problem=error)
    note(request, "key.create", made.key.id, name=name, scopes=made.key.scopes)
    return _keys(request, issued=made)


@router.post("/{key}/rotate")
def rotate(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],  # noqa: ARG001
    key: KeyPath,
) -> Response:
    """Give a key a new secret; the old one stays good for a while, so that nothing stops."""
    made = web_of(request).service.auth.keys.rotate(key)
    note(request, "key.rotate", key)
    return _keys(request, issued=made)


@router.post("/{key}/revoke")
def revoke(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],  # noqa: ARG001
    key: KeyPath,
) -> Response:
    """End a key at once."""
    web_of(request).service.auth.keys.revoke(key)
    note(request, "key.revoke", key)
    return see("/admin/keys?done=revoked")


def _keys(
    request: Request,
    *,
    issued: IssuedKey | None = None,
    problem: ShortlistError | None = None,
    done: str = "",
) -> Response:
    service = web_of(request).service
    answer = page(
        request,
        "dashboard/keys.html",
        status=200 if problem is None else status_of(problem),
        keys=service.auth.keys.all(),
        scopes=[each.value for each in Scope],
        issued=issued,
        problem=str(problem or ""),
        done=done,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
