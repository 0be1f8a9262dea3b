"""Problem documents (RFC 9457): what programs are told where something goes wrong."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.responses import Response

MEDIA: Final = "application/problem+json"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A problem document; its `type` is a reference within the API."""
    title = code.replace("_", " ").capitalize()
    body = {"type": f"/errors/{code}", "title": title, "status": status, "code": code}
    document = orjson.dumps(body | {"detail": detail} | more)
    return Response(document, status, dict(headers or {}), MEDIA)
