"""Covers: drawn alike each time, with a title that has room, and without a harmful word."""

import re
from xml.dom.minidom import parseString

import pytest

from shortlist.serving.cards import Card
from shortlist.web.shop.covers.cover import cover, fitted
from shortlist.web.shop.covers.dice import Dice
from shortlist.web.shop.covers.palettes import MOODS, OTHERS, Palette
from shortlist.web.shop.covers.scenes import OTHERS as OTHER_SCENES
from shortlist.web.shop.covers.scenes import SCENES, TELLING, Scene

ALL_SCENES = {each.__name__: each for group in (*SCENES.values(), OTHER_SCENES) for each in group}
ALL_COLOURS = {each for mood in (*MOODS.values(), *OTHERS) for each in mood}


def drawn(title: str = "Alien", year: int | None = 1979, *categories: str) -> str:
    return str(cover(Card("1", title, year, categories)))


def test_a_cover_is_the_same_each_time_and_another_for_another() -> None:
    assert drawn("Alien") == drawn("Alien")
    assert drawn("Alien") != drawn("Aliens")


@pytest.mark.parametrize("scene", ALL_SCENES.values(), ids=ALL_SCENES)
def test_a_scene_is_sound_whatever_the_dice_say(scene: Scene) -> None:
    colours = Palette("#000", "#111", "#222", "#fff")
    for seed in range(40):
        shapes = "".join(scene(Dice(str(seed)), colours))
        parseString(f"<svg>{shapes}</svg>")
        assert "nan" not in shapes
        assert "style=" not in shapes


@pytest.mark.parametrize("categories", [(), ("Sci-Fi",), ("Gadgets",), ("Kitchen", "Garden")])
def test_every_kind_of_thing_has_a_cover(categories: tuple[str, ...]) -> None:
    parseString(drawn("Alien", 1979, *categories))


def test_every_telling_category_has_scenes_and_colours() -> None:
    assert set(TELLING) == set(SCENES) == set(MOODS)


@pytest.mark.parametrize(
    "title", ["</text><script>", "a & b", "'\"<>", "\x07", "", "\U0001d54f" * 50, "Ünï"]
)
def test_a_title_is_only_words(title: str) -> None:
    svg = drawn(title)

    assert "<script" not in svg
    parseString(svg.replace("\x07", ""))


@pytest.mark.parametrize(
    "title", ["Up", "Alien", "Transamerica", "The Lord of the Rings " * 9, "x" * 400, "a b " * 90]
)
def test_a_title_has_room(title: str) -> None:
    size, lines = fitted(title)

    assert all(len(each) * size * 0.57 <= 174 for each in lines)
    assert 212 + size * 0.82 + (len(lines) - 1) * size * 1.08 <= 296


def test_a_short_title_is_written_large_and_whole() -> None:
    assert fitted("Up") == (27, ["Up"])
    assert fitted("x" * 400)[1][0].endswith("…")


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", sorted(ALL_COLOURS))
def test_the_title_can_be_read_on_its_ground(colours: Palette) -> None:
    light, dark = sorted((luminance(colours.ink), luminance(colours.ground)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_dice_fall_alike_on_every_machine() -> None:
    dice = Dice("Alien\x001979")

    assert [dice.whole(1, 6) for _ in range(5)] == [
        Dice("Alien\x001979").whole(1, 6),
        *[dice_at(n) for n in range(1, 5)],
    ]


def dice_at(place: int) -> int:
    dice = Dice("Alien\x001979")
    return [dice.whole(1, 6) for _ in range(place + 1)][-1]


def test_a_year_is_shown_where_there_is_one() -> None:
    assert ">1979<" in drawn("Alien", 1979)
    assert not re.search(r">\d{4}<", drawn("Alien", None))
