"""A placement's recipe as it is written in the settings."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shortlist.slate import PlacementSettings


def as_toml(recipe: PlacementSettings) -> str:
    r"""What differs from the defaults, as TOML.

    >>> print(as_toml(PlacementSettings(size=12, sources={"als": 80}, filter='"Drama" in genres')))
    size = 12
    filter = "\"Drama\" in genres"
    sources = { "als" = 80 }
    """
    document = recipe.model_dump(mode="json", exclude_defaults=True)
    fields = [name for name in type(recipe).model_fields if name in document]
    fields.sort(
        key=lambda name: ("size", "filter").index(name) if name in ("size", "filter") else 2
    )
    return "\n".join(f"{name} = {_value(document[name])}" for name in fields)


def in_words(recipe: PlacementSettings) -> list[str]:
    """What sets a placement apart, a few words each.

    >>> in_words(PlacementSettings(size=12, diversity=0.3, sources={"als": 80, "ease": 5}))
    ['12 items', '2 sources', 'diversity 0.3']
    """
    said = [f"{recipe.size} items" if recipe.size != 1 else "1 item"]
    if recipe.sources:
        said.append(_number(len(recipe.sources), "source"))
    if recipe.filter:
        said.append("a filter")
    said += [
        _number(len(each), name)
        for name, each in (("boost", recipe.boosts), ("pin", recipe.pins), ("cap", recipe.caps))
        if each
    ]
    if recipe.diversity:
        said.append(f"diversity {recipe.diversity:g}")
    if recipe.exploration:
        said.append(f"explores ({recipe.exploration.policy})")
    if recipe.repeat.policy != "never":
        said.append("repeats")
    if recipe.fatigue:
        said.append("rests what is shown in vain")
    return said


def _number(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _value(value: Any) -> str:
    """A value on one line; what is unset has no form in TOML and is left out."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pairs(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value if each is not None) + "]"
    return json.dumps(value)


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if value is not None:
            yield f"{json.dumps(name)} = {_value(value)}"
