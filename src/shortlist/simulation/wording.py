"""Titles and descriptions whose words give an item's genres and latent nature away."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from shortlist.simulation.words import FILLER, GENRES, POLES

Floats = npt.NDArray[np.float64]

LENGTH = 16
"""Words in a description."""


def describe(
    genres: list[tuple[str, ...]], latent: Floats, rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """(titles, texts) of items with these genres and this latent nature (items x dimensions).

    Of a text's words four in ten are nouns of its genres, five in ten adjectives of its latent
    directions (each as often as the item lies far out on it), the rest tell nothing. Titles are
    unique: an adjective, a noun, and a number from the second of its name on.
    """
    titles: list[str] = []
    texts: list[str] = []
    used: Counter[str] = Counter()
    for names, nature in zip(genres, latent, strict=True):
        words = _text(names, nature, rng)
        title = f"{_adjective(nature, rng)} {_noun(names[:1], rng)}".title()
        used[title] += 1
        titles.append(title if used[title] == 1 else f"{title} {used[title]}")
        texts.append(" ".join(words))
    return titles, texts


def _text(names: tuple[str, ...], nature: Floats, rng: np.random.Generator) -> list[str]:
    sorts = rng.choice(3, LENGTH, p=(0.4, 0.5, 0.1))
    write = (
        lambda: _noun(names, rng),
        lambda: _adjective(nature, rng),
        lambda: _pick(FILLER, rng),
    )
    return [write[sort]() for sort in sorts]


def _noun(names: tuple[str, ...], rng: np.random.Generator) -> str:
    return _pick(GENRES[_pick(names, rng)], rng)


def _adjective(nature: Floats, rng: np.random.Generator) -> str:
    reach = np.cumsum(np.abs(nature))
    direction = int(np.searchsorted(reach, rng.random() * reach[-1], side="right"))
    direction = min(direction, len(nature) - 1)
    return _pick(POLES[direction][int(nature[direction] > 0)], rng)


def _pick(words: tuple[str, ...], rng: np.random.Generator) -> str:
    return words[int(rng.random() * len(words))]
