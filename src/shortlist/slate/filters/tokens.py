"""text -> tokens: words, names, numbers, texts in quotes, signs."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from shortlist.slate.filters.complaint import complaint

LONGEST: Final = 2000
"""Letters of a filter."""

WORDS: Final = frozenset({"and", "or", "not", "in", "is", "true", "false"})
"""Names that mean something; an attribute called so is written in backticks."""

TokenKind = Literal["name", "quoted", "word", "number", "text", "sign", "end"]

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<number>-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.])
      | (?P<name>[^\W\d]\w*)
      | (?P<quoted>`[^`]+`)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign>[=!<>]=|[<>()\[\],.])
    )""",
    re.VERBOSE | re.DOTALL,
)

_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)

_MEANT: Final = {
    "=>": "Write >= for at least.",
    "=<": "Write <= for at most.",
    "=": "Write == to compare.",
    "&": "Write and.",
    "|": "Write or.",
    "!": "Write not, or != between two values.",
    '"': "The text has no closing quote.",
    "'": "The text has no closing quote.",
    "`": "The name has no closing backtick.",
    "+": "There is no arithmetic.",
    "-": "There is no arithmetic.",
    "*": "There is no arithmetic.",
    "/": "There is no arithmetic.",
}
"""What people mean by a sign that does not exist."""


@dataclass(frozen=True)
class Token:
    """A piece of a filter."""

    kind: TokenKind
    text: str
    """What it says: a name without backticks, a text without quotes."""
    position: int
    """Where it begins, from 0."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of a filter, an `end` last. Raises BadFilter."""
    if len(text) > LONGEST:
        raise complaint(text, LONGEST, f"A filter has at most {LONGEST:,} letters.")
    found: list[Token] = []
    place = 0
    while match := _TOKEN.match(text, place):
        found.append(_token(text, match))
        place = match.end()
    rest = text[place:].lstrip()
    position = len(text) - len(rest)
    if rest:
        raise complaint(text, position, *_refused(rest))
    return [*found, Token("end", "", position)]


def _token(text: str, match: re.Match[str]) -> Token:
    kind, found = match.lastgroup, match[match.lastgroup or 0]
    position = match.start(match.lastgroup or 0)
    match kind:
        case "name":
            return Token("word" if found in WORDS else "name", found, position)
        case "quoted":
            return Token("quoted", found[1:-1], position)
        case "text":
            return Token("text", _ESCAPE.sub(r"\1", found[1:-1]), position)
        case "number":
            if abs(float(found)) == float("inf"):
                raise complaint(text, position, "The number is too large.")
            return Token("number", found, position)
        case _:
            return Token("sign", found, position)


def _refused(rest: str) -> tuple[str, str]:
    """What is said of a place at which no token begins."""
    if rest[0].isdigit():
        return "This is not a number.", "A text stands in quotes, a name begins with a letter."
    return f"{rest[0]} means nothing here.", _MEANT.get(rest[:2]) or _MEANT.get(rest[0], "")


def quoted(text: str) -> str:
    r"""A text in quotes, as `tokens_of` reads it.

    >>> print(quoted('say "x"'))
    "say \"x\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(name: str) -> str:
    """The name of an attribute as it is written: in backticks where it must be.

    >>> written("year"), written("release date"), written("in")
    ('year', '`release date`', '`in`')
    """
    plain = re.fullmatch(r"[^\W\d]\w*", name) and name not in {*WORDS, "user"}
    return name if plain else f"`{name}`"
