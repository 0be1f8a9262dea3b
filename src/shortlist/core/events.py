"""What happened: one user, one item, one kind, at one instant."""

import math
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from shortlist.core.errors import Invalid
from shortlist.core.times import DAY, Instant

ID_LIMIT: Final = 256
"""The longest id we keep, in characters."""

CONTROL: Final = r"[\x00-\x1f\x7f]"
"""Characters no id may hold: they end lines, or separate the fields an event's id is made of."""

FIRST_INSTANT: Final = -25_567 * DAY
"""1900-01-01; what claims to be older is taken for an error."""

LAST_INSTANT: Final = 84_006 * DAY
"""2200-01-01; what claims to be later is usually milliseconds read as seconds."""

_CONTROL = re.compile(CONTROL)
_IDS: Final = ("id", "user", "item", "kind", "session", "decision")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log.

    Raises Invalid where a field cannot be kept: an empty, overlong or unprintable id, a value
    that is not finite, an instant outside 1900 to 2200.
    """

    user: str
    item: str
    kind: str
    value: float | None = None
    time: Instant | None = None
    """Microseconds since 1970 UTC; None where nobody recorded it."""
    session: str | None = None
    decision: str | None = None
    """The answer (request id) that led to the event."""
    text: str | None = None
    """What was typed: a tag, a search."""
    id: str = ""
    """The caller's own, or derived from the content where none is given."""

    def __post_init__(self) -> None:
        for name in _IDS:
            _check_id(name, getattr(self, name), optional=name in ("id", "session", "decision"))
        if self.value is not None and not math.isfinite(self.value):
            raise Invalid(f"an event's value is a finite number, not {self.value}")
        if self.time is not None and not FIRST_INSTANT <= self.time < LAST_INSTANT:
            raise Invalid(f"{self.time} microseconds is not an instant between 1900 and 2200")
        if self.text is not None and "\0" in self.text:
            raise Invalid("an event's text holds a zero byte")
        if not self.id:
            object.__setattr__(self, "id", content_id(_content(self)))


def value_bits(value: float) -> int:
    """A float's eight bytes as an integer: the one writing of a number all platforms share.

    >>> value_bits(-0.0), value_bits(1.0)
    (0, 4607182418800017408)
    """
    return int(struct.unpack("<q", struct.pack("<d", value + 0.0))[0])


def content_id(content: bytes) -> str:
    r"""An id that two events share only where they say the same (BLAKE2b, 128 bits).

    The content is the event's fields from `user` to `text` with \x1f between them: nothing for
    None, `value_bits` for the value, the decimal instant for the time. No id holds a \x1f and
    the text stands last, so no two events are written alike.
    """
    return blake2b(content, digest_size=16).hexdigest()


def _content(event: Event) -> bytes:
    value = None if event.value is None else value_bits(event.value)
    ids = (event.user, event.item, event.kind)
    rest: Iterable[object] = (value, event.time, event.session, event.decision, event.text)
    return "\x1f".join([*ids, *("" if each is None else str(each) for each in rest)]).encode()


def _check_id(name: str, each: str | None, *, optional: bool) -> None:
    if not each or each.isspace():
        if optional and not each:
            return
        raise Invalid(f"an event needs a {name}")
    if len(each) > ID_LIMIT:
        raise Invalid(f"the {name} has {len(each)} characters; {ID_LIMIT} is the limit")
    if _CONTROL.search(each):
        raise Invalid(f"the {name} {each!r} holds a control character")
