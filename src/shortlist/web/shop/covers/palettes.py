"""Colours of covers, by the mood of a category."""

from typing import Final, NamedTuple


class Palette(NamedTuple):
    """Four colours that go together; the ink can be read on the ground."""

    ground: str
    deep: str
    warm: str
    ink: str


NIGHT: Final = (
    Palette("#14213d", "#24407a", "#fca311", "#f7f3e8"),
    Palette("#0f2a30", "#1f6f78", "#f2c14e", "#eef7f4"),
    Palette("#1d1b31", "#4b3f8f", "#f26a8d", "#f6effa"),
)
BLOOD: Final = (
    Palette("#1a0f12", "#6b1220", "#d7263d", "#f7e9e3"),
    Palette("#12130f", "#3b3a2a", "#c1440e", "#f3ecd8"),
    Palette("#1b1020", "#5c1a44", "#e0485a", "#fbe8ea"),
)
SUN: Final = (
    Palette("#f6b042", "#e4572e", "#fff1cf", "#2d1509"),
    Palette("#f2d0a4", "#c6613f", "#7a2e1d", "#331108"),
    Palette("#ffce54", "#2d7dd2", "#f45b69", "#241a06"),
)
MEADOW: Final = (
    Palette("#dfe8c8", "#3f7d58", "#f2a541", "#173022"),
    Palette("#bfe3d0", "#1d7874", "#ee6c4d", "#0b2b2a"),
    Palette("#cfe4f2", "#2f6690", "#f4a259", "#0f2638"),
)
ROSE: Final = (
    Palette("#f7d6d0", "#c9485b", "#7b2d43", "#3b0f1d"),
    Palette("#f3c9d8", "#8e4a84", "#f08a5d", "#321231"),
    Palette("#fbe3c8", "#e26d5c", "#723d46", "#3a1418"),
)
PAPER: Final = (
    Palette("#efe6d6", "#2f2a3a", "#c8553d", "#1f1a26"),
    Palette("#e6e1d3", "#52616b", "#d08c3f", "#1c242a"),
    Palette("#e9dfe0", "#6a4c5b", "#3d7068", "#26161e"),
)
SMOKE: Final = (
    Palette("#202124", "#4a4d52", "#d9c27e", "#f2eee3"),
    Palette("#262220", "#57504a", "#c9ada7", "#f5eee6"),
    Palette("#1b2226", "#46565e", "#e0b84c", "#eef1ee"),
)
VIOLET: Final = (
    Palette("#2b1b4d", "#6a3fa0", "#f4b860", "#f5ecff"),
    Palette("#17304b", "#3f88a5", "#f2d7a0", "#eef6fb"),
    Palette("#3a1d4a", "#8f4f9f", "#74d3ae", "#fbeffd"),
)

MOODS: Final = {
    "action": (*BLOOD, *SUN[:1], *NIGHT[:1]),
    "adventure": (*SUN, *MEADOW),
    "animation": (*MEADOW, *ROSE[:1], *SUN[2:]),
    "children": (*MEADOW, *SUN),
    "comedy": (*SUN, *ROSE[2:], *MEADOW[2:]),
    "crime": (*SMOKE, *BLOOD[2:], *PAPER[1:2]),
    "documentary": PAPER,
    "drama": (*PAPER, *ROSE[:1], *MEADOW[2:], *NIGHT[1:2]),
    "fantasy": (*VIOLET, *MEADOW[1:2], *NIGHT[1:2]),
    "film-noir": SMOKE,
    "horror": BLOOD,
    "musical": (*ROSE, *VIOLET[:1], *SUN[2:]),
    "mystery": (*VIOLET, *SMOKE[2:], *NIGHT[1:2]),
    "romance": ROSE,
    "sci-fi": (*NIGHT, *VIOLET, *PAPER[1:2]),
    "thriller": (*NIGHT, *BLOOD[2:], *SMOKE[2:]),
    "war": (*SMOKE, *PAPER[:2], *BLOOD[1:2]),
    "western": SUN,
}
"""By categories that films have; others take the mood their name falls on."""

OTHERS: Final = (NIGHT, SUN, MEADOW, ROSE, PAPER, VIOLET)
