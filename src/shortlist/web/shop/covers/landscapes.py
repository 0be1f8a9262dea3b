"""Places: mountains, towers, planets, houses."""

import math
from typing import Final

from shortlist.web.shop.covers.dice import Dice
from shortlist.web.shop.covers.palettes import Palette
from shortlist.web.shop.covers.shapes import area, block, circle, line, ring

GROUND: Final = 200
"""How far down scenes reach, of 300."""


def peaks(dice: Dice, colours: Palette) -> list[str]:
    """A way over mountains, under a sun."""
    found = [circle(dice.between(50, 150), dice.between(50, 85), dice.between(24, 36), colours.ink)]
    for depth, colour in enumerate((colours.warm, colours.deep, colours.deep)):
        base = 120 + 28 * depth
        tops = (base - dice.between(0, 62 - 14 * depth) for _ in range(6))
        points = [f"{step * 40} {top:g}" for step, top in enumerate(tops)]
        path = f"M0 {GROUND}L0 {base}L{'L'.join(points)}L200 {GROUND}z"
        found.append(area(path, colour, 0.75 if depth == 1 else 1))
    return found


def towers(dice: Dice, colours: Palette) -> list[str]:
    """Towers under a moon, far away."""
    x = dice.between(60, 140)
    found = [circle(x, 66, 40, colours.warm), circle(x + 16, 58, 34, colours.ground)]
    found += stars(dice, colours, 12)
    for place in range(7):
        left, width = place * 30 - 6, dice.between(18, 32)
        top = dice.between(96, 160)
        found.append(block(left, top, width, GROUND - top, colours.deep))
        half = width / 2
        found.append(
            area(
                f"M{left - 3} {top}l{half + 3:g}-{dice.between(18, 40)} {half + 3:g} 99z",
                colours.deep,
            )
        )
    return found


def planet(dice: Dice, colours: Palette) -> list[str]:
    """A planet with a ring, among stars."""
    x, y, r = dice.between(78, 124), dice.between(84, 112), dice.between(36, 50)
    turn = dice.whole(-32, 32)
    found = stars(dice, colours, 22)
    found.append(circle(x, y, r, colours.deep))
    found.append(area(f"M{x - r} {y}a{r} {r} 0 0 0 {2 * r} 0z", colours.ground, 0.35))
    oval = f'cx="{x}" cy="{y}" rx="{r * 1.75:g}" ry="{r * 0.42:g}"'
    spin = f'transform="rotate({turn} {x} {y})"'
    found.append(f'<ellipse {oval} {spin} fill="none" stroke="{colours.warm}" stroke-width="5"/>')
    found.append(area(f"M{x - r * 0.98:g} {y - 4}a{r} {r} 0 0 1 {r * 1.96:g} 0z", colours.deep))
    found.append(
        circle(dice.between(24, 60), dice.between(26, 54), dice.between(5, 11), colours.warm)
    )
    return found


def march(dice: Dice, colours: Palette) -> list[str]:
    """A low sun over lines that march."""
    found = [circle(dice.between(60, 140), 100, dice.between(42, 56), colours.warm)]
    for step in range(5):
        y = 108 + step * 21
        path = f"M0 {y}" + "".join(f"l12.5-{9 + 2 * step} 12.5 {9 + 2 * step}" for _ in range(8))
        found.append(area(f"{path}V{GROUND}H0z", colours.deep, 0.5 + 0.12 * step))
    return found


def mesas(dice: Dice, colours: Palette) -> list[str]:
    """A wide land with a low sun and a cactus."""
    found = [circle(dice.between(60, 150), 96, dice.between(38, 52), colours.warm)]
    left, width = dice.between(0, 50), dice.between(56, 84)
    found.append(area(f"M{left - 14} 150l14-46h{width}l14 46z", colours.deep, 0.7))
    found.append(area(f"M{left + 96} 152l9-30h{width * 0.7:g}l10 30z", colours.deep, 0.85))
    found.append(block(0, 148, 200, 52, colours.deep))
    x = dice.between(30, 165)
    found.append(line(f"M{x} 186V116M{x} 158h-13v-19M{x} 148h13v-23", colours.ink, 8))
    return found


def stars(dice: Dice, colours: Palette, number: int) -> list[str]:
    """Some stars."""
    return [
        circle(dice.between(6, 194), dice.between(6, 190), dice.between(0.8, 2.2), colours.ink, 0.9)
        for _ in range(number)
    ]


def horizon(dice: Dice, colours: Palette) -> list[str]:
    """A sun that goes down over water."""
    x, y, r = dice.between(70, 130), dice.between(104, 122), dice.between(44, 60)
    found = [circle(x, y, r, colours.warm), block(0, 126, 200, 74, colours.deep)]
    for step in range(6):
        width = r * (1.5 - 0.18 * step) + dice.between(-12, 12)
        found.append(block(x - width / 2, 133 + 11 * step, width, 3.6, colours.warm, 0.85))
    return found


def windows(dice: Dice, colours: Palette) -> list[str]:
    """A house at night, and who is still up."""
    left, top = dice.between(14, 40), dice.between(30, 64)
    found = [block(left, top, 132, GROUND - top, colours.deep)]
    lit = dice.whole(0, 14)
    for place in range(15):
        x, y = left + 14 + place % 3 * 38, top + 14 + place // 3 * 30
        on = place == lit or dice.share() < 0.22
        found.append(block(x, y, 26, 19, colours.warm if on else colours.ground, 1 if on else 0.55))
    found.append(circle(174, dice.between(30, 60), dice.between(9, 15), colours.warm))
    return found


def stairs(dice: Dice, colours: Palette) -> list[str]:
    """Steps, a door, and light behind it."""
    up = dice.whole(0, 1)
    found = [circle(150 if up else 50, 60, dice.between(40, 58), colours.warm)]
    for step in range(8):
        x = step * 25 if up else 175 - step * 25
        found.append(
            block(x, 176 - step * 16, 25, 24 + step * 16, colours.deep, 0.55 + step * 0.055)
        )
    door = 150 if up else 12
    found.append(area(f"M{door} 65v-34a18 18 0 0 1 36 0v34z", colours.ground))
    return found


def orbits(dice: Dice, colours: Palette) -> list[str]:
    """Small bodies on their ways around a large one."""
    x, y = dice.between(60, 140), dice.between(84, 124)
    found = stars(dice, colours, 10)
    for step in range(4):
        r, turn = 34 + 22 * step, dice.between(0, math.tau)
        found.append(ring(x, y, r, colours.deep, 2.5))
        at_x, at_y = round(x + r * math.cos(turn), 1), round(y + r * math.sin(turn), 1)
        found.append(
            circle(at_x, at_y, dice.between(4, 9), colours.ink if step % 2 else colours.warm)
        )
    found.append(circle(x, y, dice.between(17, 23), colours.warm))
    return found


def plain(dice: Dice, colours: Palette) -> list[str]:
    """A plain of lines that run to a low sun."""
    x, level = dice.between(70, 130), 122
    found = [circle(x, level - 8, dice.between(46, 60), colours.warm)]
    found += [block(0, 86 + 11 * step, 200, 2 + step, colours.ground) for step in range(4)]
    found.append(block(0, level, 200, GROUND - level, colours.deep))
    found += [
        line(f"M{x} {level}L{100 + 52 * side} 200", colours.ink, 1.2, 0.7) for side in range(-6, 7)
    ]
    found += [
        line(f"M0 {level + step * step * 5}h200", colours.ink, 1.2, 0.7) for step in range(1, 4)
    ]
    return found
