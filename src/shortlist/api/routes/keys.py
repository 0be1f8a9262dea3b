"""API keys, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from shortlist.api.changes import note
from shortlist.api.fields import WHOLE, Answer, Body, json, moment
from shortlist.api.security import Caller, auth_of, needs
from shortlist.auth.api_keys import IssuedKey
from shortlist.auth.scopes import Scope
from shortlist.storage.facts.api_keys import ApiKey

router = APIRouter(prefix="/v1/admin/keys", tags=["admin"])

KeyPath = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The id of a key.")]
Admin = Annotated[Caller, needs("admin")]

SHOP: JsonDict = {
    "id": "6f1c2a9d0b7e4e35",
    "name": "shop",
    "scopes": ["events:write", "recommend:read"],
    "created": "2026-01-01T00:00:00Z",
    "expires": None,
    "last_used": "2026-01-02T08:30:00Z",
    "revoked": None,
}


class NewKey(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "shop", "scopes": ["events:write", "recommend:read"]}]
        }
    )

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
    """Whose it is, for people."""
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    """What it is good for."""
    days: Annotated[int, Field(ge=1, le=3650), WHOLE] | None = None
    """Days until it expires; never, where nobody says."""


class Rotation(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"grace_minutes": 0}]})

    grace_minutes: Annotated[int, Field(ge=0, le=43_200), WHOLE] | None = None
    """Minutes for which the old secret stays good; 0 ends it at once. Else as the settings say."""


class KeyInfo(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [SHOP]})

    id: str
    name: str
    scopes: list[str]
    created: str
    expires: str | None
    last_used: str | None
    """To the minute or so."""
    revoked: str | None


class Keys(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [{"keys": [SHOP]}]})

    keys: list[KeyInfo]


class Issued(KeyInfo):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{**SHOP, "key": f"sl_6f1c2a9d0b7e4e35_{'x' * 43}"}]}
    )

    key: str
    """The key itself, shown this once."""


@router.get("", response_model=Keys)
def list_keys(request: Request, caller: Admin) -> Response:  # noqa: ARG001
    """All keys without their secrets, the oldest first, those that have ended among them."""
    return json({"keys": [_info(each) for each in auth_of(request).keys.all()]})


@router.post("", status_code=201, response_model=Issued)
def create_key(request: Request, caller: Admin, body: NewKey) -> Response:
    """Make a key. Its secret is in this answer and nowhere else."""
    seconds = None if body.days is None else body.days * 86_400
    issued = auth_of(request).keys.create(body.name, body.scopes, seconds=seconds)
    scopes = issued.key.scopes
    note(request, caller, "key.create", issued.key.id, name=body.name, scopes=scopes)
    return _issued(issued, 201)


@router.post("/{id}/rotate", response_model=Issued)
def rotate_key(
    request: Request,
    caller: Admin,
    id: KeyPath,  # noqa: A002
    body: Rotation | None = None,
) -> Response:
    """Give a key a new secret; the old one stays good for a while, so that nothing stops."""
    minutes = body.grace_minutes if body else None
    grace = None if minutes is None else minutes * 60
    issued = auth_of(request).keys.rotate(id, grace)
    note(request, caller, "key.rotate", id)
    return _issued(issued, 200)


@router.delete("/{id}", status_code=204, response_class=Response)
def revoke_key(request: Request, caller: Admin, id: KeyPath) -> Response:  # noqa: A002
    """End a key at once."""
    auth_of(request).keys.revoke(id)
    note(request, caller, "key.revoke", id)
    return Response(status_code=204)


def _info(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes.split(),
        "created": moment(key.created),
        "expires": moment(key.expires),
        "last_used": moment(key.last_used),
        "revoked": moment(key.revoked),
    }


def _issued(issued: IssuedKey, status: int) -> Response:
    return json({**_info(issued.key), "key": issued.text}, status)
