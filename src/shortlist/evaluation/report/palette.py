"""One colour a row, the same in every chart of a page."""

from collections.abc import Sequence

from shortlist.evaluation.results import ListSection, PairSection, Section, SourceSection

Palette = dict[str, str]
"""By row, the name of a colour that the page looks up in its light or dark scheme."""

_OF_ROLES = {"baseline": "@muted", "subject": "@accent", "limit": "@limit"}
_NUMBERED = 8


def palette(sections: Sequence[Section]) -> Palette:
    """Colours for all rows of all sections; baselines, subjects and limits have their own."""
    found: Palette = {"popularity": "@muted"}
    numbered = 0
    for section in sections:
        for name, role in _named(section):
            if name in found:
                continue
            found[name] = _OF_ROLES.get(role, f"@c{numbered % _NUMBERED}")
            numbered += role not in _OF_ROLES
    return found


def _named(section: Section) -> list[tuple[str, str]]:
    match section:
        case ListSection() | PairSection():
            return [(row.name, row.role) for row in section.rows]
        case SourceSection():
            return [(source.name, "contender") for source in section.sources]
        case _:
            return []
