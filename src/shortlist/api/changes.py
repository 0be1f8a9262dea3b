"""Changes that administrators make over the API are written down, as on the dashboard.

Feeds are not: a key that may write items or users, and is no administrator's, keeps a catalogue up
to date, thousands of lines a night of which nobody decided any. Erasing somebody always is.
"""

from fastapi import Request

from shortlist.api.security import auth_of
from shortlist.auth.caller import Caller
from shortlist.serving.changes import write_down


def who_is(request: Request, caller: Caller) -> str:
    """What the audit log calls a caller."""
    if caller.kind == "key":
        return f"key {caller.id}"
    return auth_of(request).accounts.get(caller.id).login


def note(request: Request, caller: Caller, what: str, about: str, **detail: object) -> None:
    """Write down a change, where an administrator made it."""
    if caller.admin:
        write_down(request.app.state.service.facts, who_is(request, caller), what, about, detail)


def note_erasure(request: Request, who: str, counts: dict[str, int]) -> None:
    """Write down that somebody was erased, and not whom."""
    write_down(request.app.state.service.facts, who, "user.erase", "", counts)
