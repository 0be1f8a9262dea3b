"""A cover: a scene in the colours of its mood, and the title under it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from shortlist.serving.cards import Card
from shortlist.web.shop.covers.dice import Dice
from shortlist.web.shop.covers.palettes import MOODS, OTHERS, Palette
from shortlist.web.shop.covers.scenes import OTHERS as OTHER_SCENES
from shortlist.web.shop.covers.scenes import SCENES, TELLING, Scene

KEPT: Final = 5_000
"""Covers that a process remembers, of about two kilobytes each."""

SIZES: Final = ((27, 2), (22, 3), (18, 4), (15, 5))
"""Sizes of letters, and the lines that have room in each."""

WIDE: Final = 172
"""Width that a line may have, of 200."""

_ALSO: Final = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
"""Another title behind the title: a cover has room for one."""

SECOND: Final = 0.35
"""How often the second of two telling categories is drawn, so that no row is of one picture."""

LETTER: Final = 0.57
"""Width of a letter of the title's face, as a share of its size, on average."""


def cover(card: Card) -> Markup:
    """The cover of an item as SVG. Those who cannot see it miss nothing: its title stands by it."""
    return _drawn(card.title, card.year, tuple(card.categories))


@lru_cache(maxsize=KEPT)
def _drawn(title: str, year: int | None, categories: tuple[str, ...]) -> Markup:
    dice = Dice(f"{title}\0{year}")
    scene, moods = _kind(categories, dice)
    colours: Palette = dice.one_of(moods)
    inside = [
        f'<rect width="200" height="300" fill="{colours.ground}"/>',
        *scene(dice, colours),
        f'<rect y="200" width="200" height="100" fill="{colours.ground}"/>',
        f'<rect y="199" width="200" height="2.5" fill="{colours.ink}"/>',
        *_title(title, year, colours),
    ]
    head = '<svg class="cover" viewBox="0 0 200 300" aria-hidden="true" focusable="false">'
    return Markup(f"{head}{''.join(inside)}</svg>")  # noqa: S704  the words in it are escaped


def _kind(categories: Sequence[str], dice: Dice) -> tuple[Scene, Sequence[Palette]]:
    """The scene and the colours of the category that says most, or now and then the next."""
    known = {each.casefold() for each in categories}
    telling = [each for each in TELLING if each in known][:2]
    if telling:
        name = telling[-1] if dice.share() < SECOND else telling[0]
        return dice.one_of(SCENES[name]), MOODS[name]
    of_category = Dice(categories[0].casefold()) if categories else dice
    return of_category.one_of(OTHER_SCENES), of_category.one_of(OTHERS)


def _title(title: str, year: int | None, colours: Palette) -> list[str]:
    size, lines = fitted(_ALSO.sub("", title) or title)
    face = 'font-family="Fraunces, Georgia, serif" font-weight="650"'
    top = 212 + size * 0.82
    told = [
        f'<text x="14" y="{top + place * size * 1.08:.1f}" {face} font-size="{size}" '
        f'fill="{colours.ink}">{escape(each)}</text>'
        for place, each in enumerate(lines)
    ]
    if year is not None and top + (len(lines) - 1) * size * 1.08 < 274:
        told.append(
            '<text x="14" y="290" font-family="Inter, sans-serif" font-weight="600" font-size="10" '
            f'letter-spacing="1.5" fill="{colours.ink}" opacity="0.8">{year}</text>'
        )
    return told


def fitted(title: str) -> tuple[int, list[str]]:
    """The size of letters in which a title has room, and its lines; the last one may be cut."""
    for size, most in SIZES:
        width = WIDE / (size * LETTER)
        lines = _wrapped(title, width)
        if len(lines) <= most and all(len(each) <= width for each in lines):
            return size, lines
    size, most = SIZES[-1]
    width = int(WIDE / (size * LETTER))
    lines = [each if len(each) <= width else f"{each[: width - 1]}…" for each in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: width - 1].rstrip()}…"]
    return size, lines


def _wrapped(title: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines
