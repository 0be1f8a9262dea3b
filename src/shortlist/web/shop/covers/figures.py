"""Things and signs: faces, teeth, a keyhole, music."""

import math
from typing import Final

from shortlist.web.shop.covers.dice import Dice
from shortlist.web.shop.covers.palettes import Palette
from shortlist.web.shop.covers.shapes import area, circle, line, ring

GROUND: Final = 200
"""How far down scenes reach, of 300."""


def slashes(dice: Dice, colours: Palette) -> list[str]:
    """Something is on its way, fast: a disc and slanting stripes."""
    x, y = dice.between(60, 140), dice.between(62, 100)
    found = [circle(x, y, dice.between(42, 58), colours.warm)]
    for _ in range(dice.whole(5, 7)):
        at, width = dice.between(-60, 190), dice.between(5, 22)
        path = f"M{at} 200L{at + 110} 0h{width}L{at + width} 200z"
        found.append(area(path, dice.one_of([colours.deep, colours.ground]), 0.92))
    return found


def bubbles(dice: Dice, colours: Palette) -> list[str]:
    """Round things in many sizes."""
    found = []
    for _ in range(9):
        r = dice.between(8, 40)
        colour = dice.one_of([colours.deep, colours.warm, colours.ink])
        x, y = dice.between(15, 185), dice.between(20, 165)
        found.append(circle(x, y, r, colour, 0.9))
        found.append(circle(x - r * 0.3, y - r * 0.3, r * 0.22, colours.ground, 0.8))
    return found


def kites(dice: Dice, colours: Palette) -> list[str]:
    """Balloons that rise."""
    found = []
    for place in range(4):
        x, y = 32 + 45 * place + dice.between(-8, 8), dice.between(38, 110)
        r = dice.between(17, 28)
        colour = [colours.deep, colours.warm, colours.ink, colours.deep][place]
        found.append(
            line(f"M{x} {y + r}q{dice.between(-14, 14)} 50 0 {190 - y - r:g}", colours.ink, 1.4)
        )
        found.append(f'<ellipse cx="{x}" cy="{y}" rx="{r * 0.84:g}" ry="{r}" fill="{colour}"/>')
    return found


def confetti(dice: Dice, colours: Palette) -> list[str]:
    """A wide grin among confetti."""
    y = dice.between(80, 104)
    found = [area(f"M38 {y}h124a62 62 0 0 1-124 0z", colours.deep)]
    found.append(area(f"M52 {y}h96a48 20 0 0 1-96 0z", colours.warm))
    for _ in range(16):
        x, top, turn = dice.between(8, 186), dice.between(8, 190), dice.whole(0, 90)
        colour = dice.one_of([colours.ink, colours.warm, colours.deep])
        shape = f'x="{x}" y="{top}" width="7" height="3.5" fill="{colour}"'
        found.append(f'<rect {shape} transform="rotate({turn} {x} {top})"/>')
    return found


def blinds(dice: Dice, colours: Palette) -> list[str]:
    """Light through blinds, and somebody in front of it."""
    slope = dice.between(-26, 26)
    found = [
        area(f"M0 {top}L200 {top + slope:g}v9L0 {top + 9}z", colours.warm, 0.5 + 0.04 * place)
        for place, top in enumerate(range(-20, 210, 21))
    ]
    x = dice.between(70, 130)
    brim = f"M{x - 34} 92q34-16 68 0l-8 5h-52z"
    found.append(area(f"M{x - 44} 200c0-46 20-58 44-58s44 12 44 58z", colours.ground))
    found.append(circle(x, 108, 25, colours.ground))
    found.append(area(brim, colours.ground))
    found.append(area(f"M{x - 20} 92q2-26 20-26t20 26z", colours.ground))
    return found


def lens(dice: Dice, colours: Palette) -> list[str]:
    """Somebody looked closely."""
    x, y = dice.between(82, 118), dice.between(86, 106)
    found = [circle(x, y, 74, colours.deep), circle(x, y, 60, colours.ground)]
    found += [ring(x, y, 20 + 9 * step, colours.deep, 2.2, 0.8) for step in range(4)]
    found.append(circle(x, y, 17, colours.warm))
    found.append(
        area(f"M{x - 42} {y - 34}a54 54 0 0 1 36-20l3 9a45 45 0 0 0-31 17z", colours.ink, 0.75)
    )
    return found


def faces(dice: Dice, colours: Palette) -> list[str]:
    """Two that turn to each other, or away."""
    gap, y = dice.between(-14, 22), dice.between(84, 110)
    left, right = 100 - gap, 100 + gap
    found = [
        area(f"M{left} {y - 66}a66 66 0 0 0 0 132z", colours.deep),
        area(f"M{right} {y - 66}a66 66 0 0 1 0 132z", colours.warm),
    ]
    small = dice.between(12, 22)
    found.append(circle(left - 24, y - dice.between(-10, 20), small, colours.warm))
    found.append(circle(right + 24, y - dice.between(-10, 20), small, colours.deep))
    return found


def teeth(dice: Dice, colours: Palette) -> list[str]:
    """Something with teeth, and an eye."""
    upper, lower = ["M0 0"], [f"M0 {GROUND}"]
    for step in range(8):
        x = step * 28.6
        upper.append(f"L{x:g} 24L{x + 14.3:g} {dice.between(48, 86)}")
        lower.append(f"L{x:g} 184L{x + 14.3:g} {dice.between(122, 156)}")
    found = [circle(100, 102, dice.between(26, 34), colours.warm)]
    found.append(
        f'<ellipse cx="100" cy="102" rx="{dice.between(4, 8)}" ry="24" fill="{colours.ground}"/>'
    )
    found.append(area(f"{''.join(upper)}L200 0z", colours.deep))
    found.append(area(f"{''.join(lower)}L200 {GROUND}z", colours.deep))
    return found


def waves(dice: Dice, colours: Palette) -> list[str]:
    """Music, as lines that swing."""
    found = [circle(dice.between(50, 150), dice.between(60, 120), 46, colours.deep)]
    for step in range(6):
        y, swing = 44 + 23 * step, dice.between(12, 34)
        path = f"M-10 {y}q35-{swing} 70 0t70 0t70 0t70 0"
        found.append(line(path, colours.warm if step % 2 else colours.ink, 3.4))
    for _ in range(4):
        x, low = dice.between(20, 180), dice.between(40, 165)
        found.append(f'<ellipse cx="{x}" cy="{low}" rx="9" ry="6.6" fill="{colours.ink}"/>')
        found.append(line(f"M{x + 8:g} {low}v-32", colours.ink, 2.4))
    return found


def keyhole(dice: Dice, colours: Palette) -> list[str]:
    """A door that is not open."""
    found = [ring(100, 96, 30 + 17 * step, colours.deep, 9, 1 - step * 0.17) for step in range(5)]
    found.append(circle(100, 86, dice.between(18, 24), colours.warm))
    found.append(area(f"M91 96h18l{dice.between(9, 17)} 58h-54z", colours.warm))
    return found


def hearts(dice: Dice, colours: Palette) -> list[str]:
    """Two that overlap."""
    y, apart = dice.between(84, 106), dice.between(24, 38)
    found = [
        circle(100 - apart, y, 56, colours.deep, 0.94),
        circle(100 + apart, y, 56, colours.warm, 0.86),
    ]
    size = dice.between(0.7, 1.1)
    heart = "M0 14C-26-4-14-22 0-10 14-22 26-4 0 14z"
    found.append(
        f'<path d="{heart}" transform="translate(100 {y}) scale({size})" fill="{colours.ground}"/>'
    )
    return found


def spiral(dice: Dice, colours: Palette) -> list[str]:
    """Something that draws one in."""
    x, y, turns = dice.between(84, 116), dice.between(84, 112), dice.between(3, 4.6)
    points = []
    for step in range(90):
        angle, r = step / 90 * turns * math.tau, 3 + step * 0.96
        points.append(f"{x + r * math.cos(angle):.1f} {y + r * math.sin(angle):.1f}")
    found = [circle(x, y, 92, colours.deep, 0.55), line(f"M{'L'.join(points)}", colours.warm, 7)]
    found.append(circle(x, y, 9, colours.ink))
    return found


def mosaic(dice: Dice, colours: Palette) -> list[str]:
    """Quarters of discs, laid as tiles."""
    found = []
    for place in range(16):
        x, y = place % 4 * 50, place // 4 * 50
        colour = dice.one_of([colours.deep, colours.warm, colours.ink, colours.ground])
        corner = dice.whole(0, 3)
        path = (
            f"M{x} {y}h50a50 50 0 0 1-50 50z",
            f"M{x + 50} {y}v50a50 50 0 0 1-50-50z",
            f"M{x + 50} {y + 50}h-50a50 50 0 0 1 50-50z",
            f"M{x} {y + 50}v-50a50 50 0 0 1 50 50z",
        )[corner]
        found.append(area(path, colour))
    return found


def arches(dice: Dice, colours: Palette) -> list[str]:
    """Arches within arches."""
    x = dice.between(80, 120)
    found = []
    for step, wide in enumerate(range(96, 20, -19)):
        colour = (colours.deep, colours.warm, colours.ground, colours.deep)[step % 4]
        arch = f"v-{104 - step * 8}a{wide} {wide} 0 0 1 {2 * wide} 0"
        found.append(area(f"M{x - wide} {GROUND}{arch}V{GROUND}z", colour))
    return found


def burst(dice: Dice, colours: Palette) -> list[str]:
    """Rays from one point."""
    x, y, rays = dice.between(76, 124), dice.between(80, 116), dice.whole(9, 13)
    found = []
    for ray in range(rays):
        start = ray / rays * math.tau
        ends = [start + share * math.tau / rays for share in (0, 0.5)]
        points = [f"{x + 240 * math.cos(end):.0f} {y + 240 * math.sin(end):.0f}" for end in ends]
        found.append(area(f"M{x} {y}L{points[0]}L{points[1]}z", colours.deep, 0.8))
    found += [circle(x, y, dice.between(34, 46), colours.warm), circle(x, y, 15, colours.ground)]
    return found


def paths(dice: Dice, colours: Palette) -> list[str]:
    """Two lines that meet."""
    bend, meet = dice.between(20, 70), dice.between(70, 130)
    found = [circle(meet, 74, dice.between(26, 36), colours.warm)]
    for side, colour in ((-1, colours.deep), (1, colours.ink)):
        path = f"M{100 + side * 84} 210C{100 + side * bend} 150 {meet + side * 60} 130 {meet} 74"
        found.append(line(path, colour, 9))
    return found
