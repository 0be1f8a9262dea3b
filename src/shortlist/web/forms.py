"""Forms: what was filled in, taken only with the seal of the page it was on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Body, Depends, Request

from shortlist.core.errors import Denied, Invalid
from shortlist.web.visitors import visitor_of
from shortlist.web.web import web_of

MEDIA: Final = "application/x-www-form-urlencoded"
SEAL: Final = "seal"
"""The field that carries the seal."""

MOST_FIELDS: Final = 2_000
UNSEALED: Final = (
    "The form did not come from a page of ours, or the page is too old: load it again."
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Form:
    """The fields of a form that brought its seal."""

    fields: Mapping[str, str]

    def text(self, name: str, *, least: int = 1, most: int = 256) -> str:
        """A field. Raises Invalid where it is too short, too long or holds what nobody types."""
        found = self.fields.get(name, "")
        if not least <= len(found) <= most or _CONTROL.search(found):
            raise Invalid(f"{name} has {least} to {most} letters.")
        return found

    def number(self, name: str, *, least: float, most: float) -> float:
        """A number within bounds. Raises Invalid."""
        text = self.text(name, most=20)
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", text, re.ASCII):
            raise Invalid(f"{name} is a number.")
        number = float(text)
        if not least <= number <= most:
            raise Invalid(f"{name} is a number from {least:g} to {most:g}.")
        return number

    def back(self, default: str = "/") -> str:
        """Where to go afterwards: a path of our own, as the field `back` says."""
        return local(self.fields.get("back", ""), default)


@dataclass(frozen=True)
class Posted:
    """A form that was posted from a page of ours."""

    def __call__(
        self, request: Request, body: Annotated[bytes, Body(media_type=MEDIA)] = b""
    ) -> Form:
        """The form. Raises Invalid for what is no form, Denied for one without its seal."""
        _same_site(request)
        try:
            pairs = parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                encoding="utf-8",
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError:
            raise Invalid("The form cannot be read.") from None
        fields = dict(pairs)
        if not web_of(request).seals.holds(visitor_of(request).holder, fields.get(SEAL, "")):
            raise Denied(UNSEALED)
        return Form(fields)


posted: Final[Any] = Depends(Posted())
"""The mark of a route that takes a form; without it a route changes nothing."""


def local(path: str, default: str = "/") -> str:
    """A path on this host; another address is not followed.

    >>> local("/films/1?from=home"), local("//evil.example"), local("https://evil.example")
    ('/films/1?from=home', '/', '/')
    """
    fine = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,2000}", path)
    return path if fine else default


def _same_site(request: Request) -> None:
    """What browsers say of where a form comes from must not be another site. Raises Denied."""
    said = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if said not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != host):
        raise Denied(UNSEALED)
