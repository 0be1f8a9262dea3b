"""A placement's recipe as a form: what is in the fields, what they mean, what is wrong with each.

Fields are named by their place in the recipe, `boosts.0.filter`, and a problem by its field. A form
has one row more of boosts, pins and caps than are filled in; rows that are empty do not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from shortlist.core.errors import BadFilter, ShortlistError
from shortlist.slate import PlacementSettings, compile_filter

Typed = dict[str, str]

SINGLE: Final = (
    "size",
    "filter",
    "diversity",
    "diversity_by",
    "repeat.policy",
    "repeat.days",
    "fatigue.after",
    "fatigue.days",
    "exploration.policy",
    "exploration.epsilon",
    "exploration.temperature",
    "exploration.slots",
)
BOOST: Final = ("filter", "how", "by")
PIN: Final = ("item", "position", "filter")
CAP: Final = ("attribute", "at_most")
ROWS: Final[Mapping[str, tuple[str, ...]]] = {"boosts": BOOST, "pins": PIN, "caps": CAP}
"""Lists of a recipe, and the fields of their rows."""

SOURCE: Final = "sources."
EXCLUDES: Final = "excludes."
"""What stands before a kind of events in the name of its box."""

AS_KINDS_SAY: Final = "excludes"
"""The box that leaves the excluded kinds to the settings of the kinds."""

CHOSEN_BEFORE: Final = frozenset({"how"})
"""Fields of a row that are never empty, so that they do not make a row."""

LONGEST: Final = 4_000


@dataclass(frozen=True)
class RecipeForm:
    """What stands in the form."""

    fields: Typed
    rows: Mapping[str, Sequence[Typed]]
    sources: Typed
    kinds: frozenset[str] | None
    """Kinds that exclude; None where that is left to the settings of the kinds."""
    explain: bool = False

    @classmethod
    def of(cls, recipe: PlacementSettings) -> "RecipeForm":
        """The form of a recipe."""
        document = recipe.model_dump(mode="json")
        fields = {name: _text(_at(document, name)) for name in SINGLE}
        boosts = [_boost(each) for each in document["boosts"]]
        others = {
            name: [{key: _text(each[key]) for key in ROWS[name]} for each in document[name]]
            for name in ("pins", "caps")
        }
        kinds = recipe.exclude_kinds
        return cls(
            fields,
            {"boosts": boosts, **others},
            {name: str(quota) for name, quota in recipe.sources.items()},
            None if kinds is None else frozenset(kinds),
            recipe.explain,
        )

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "RecipeForm":
        """The form as it was sent."""
        known = {name: value.strip()[:LONGEST] for name, value in sent.items()}
        kinds = frozenset(_behind(known, EXCLUDES))
        return cls(
            {name: known.get(name, "").replace("\r\n", "\n") for name in SINGLE},
            {name: _rows(known, name, keys) for name, keys in ROWS.items()},
            {name: value for name, value in _behind(known, SOURCE).items() if value},
            None if AS_KINDS_SAY in known else kinds,
            "explain" in known,
        )

    def recipe(self) -> PlacementSettings:
        """What it means. Raises ValidationError."""
        return PlacementSettings.model_validate(self._document())

    def _document(self) -> dict[str, Any]:
        found: dict[str, Any] = {"sources": self.sources, "explain": self.explain}
        for name in ("size", "filter", "diversity", "diversity_by"):
            if self.fields[name]:
                found[name] = self.fields[name]
        if self.kinds is not None:
            found["exclude_kinds"] = sorted(self.kinds)
        for group in ("repeat", "fatigue", "exploration"):
            if told := self._group(group):
                found[group] = told
        found["boosts"] = [
            {"filter": each["filter"], **({each["how"]: each["by"]} if each["by"] else {})}
            for each in self.rows["boosts"]
        ]
        for name in ("pins", "caps"):
            found[name] = [
                {key: value for key, value in each.items() if value} for each in self.rows[name]
            ]
        return found

    def _group(self, group: str) -> dict[str, Any]:
        """The fields of a table that are filled in, and apply to its policy."""
        told: dict[str, Any] = {
            name.removeprefix(f"{group}."): value
            for name, value in self.fields.items()
            if name.startswith(f"{group}.") and value
        }
        policy = told.get("policy", "")
        if group == "exploration":
            if not policy:
                return {}
            told.pop({"epsilon": "temperature", "softmax": "epsilon"}.get(policy, ""), None)
            if "slots" in told:
                told["slots"] = [each.strip() for each in told["slots"].split(",")]
        elif group == "repeat" and policy != "after":
            told.pop("days", None)
        return told


@dataclass(frozen=True)
class Reading:
    """A form that was read: the recipe, or what is wrong with which field."""

    form: RecipeForm
    recipe: PlacementSettings | None
    problems: Mapping[str, str] = field(default_factory=dict)


def reading(form: RecipeForm) -> Reading:
    """Read a form: its recipe, or what is wrong with each field."""
    try:
        return Reading(form, form.recipe())
    except ValidationError as error:
        found: dict[str, str] = {}
        for each in error.errors(include_url=False):
            place = field_of(each["loc"])
            said = _filter_said(str(each["input"])) if each["type"] == "bad_filter" else each["msg"]
            found.setdefault(place, said)
        return Reading(form, None, found)


def told(complaints: Iterator[tuple[str, ShortlistError]]) -> dict[str, str]:
    """What a catalogue has against a recipe, by field."""
    return {where: _said(error) for where, error in complaints}


def field_of(place: Sequence[int | str]) -> str:
    """The field that a place in a recipe is typed into.

    >>> field_of(("boosts", 0, "factor")), field_of(("exploration", "epsilon", "slots", 1))
    ('boosts.0.by', 'exploration.slots')
    >>> field_of(("sources", "als")), field_of(("repeat",))
    ('sources.als', 'repeat.days')
    """
    match place:
        case ("boosts", at, "factor" | "add"):
            return f"boosts.{at}.by"
        case ("boosts", at):
            return f"boosts.{at}.by"
        case ("exploration", _, name, *_):
            return f"exploration.{name}"
        case ("repeat",):
            return "repeat.days"
        case _:
            return ".".join(str(each) for each in place)


def _filter_said(text: str) -> str:
    try:
        compile_filter(text)
    except BadFilter as error:
        return _said(error)
    return "This filter cannot be read."


def _said(error: ShortlistError) -> str:
    """What is wrong, at which letter, with a picture of the place."""
    if isinstance(error, BadFilter):
        return f"At letter {error.position + 1}: {error}"
    return str(error)


def _boost(boost: Mapping[str, Any]) -> Typed:
    how = "add" if boost["add"] is not None else "factor"
    return {"filter": boost["filter"], "how": how, "by": _text(boost[how])}


def _rows(sent: Mapping[str, str], name: str, keys: tuple[str, ...]) -> list[Typed]:
    """The rows that are filled in, in their order."""
    within = _behind(sent, f"{name}.")
    places = sorted(
        {int(place) for place in (each.split(".")[0] for each in within) if place.isdecimal()}
    )
    rows = [{key: within.get(f"{place}.{key}", "") for key in keys} for place in places]
    return [each for each in rows if any(each[key] for key in keys if key not in CHOSEN_BEFORE)]


def _behind(sent: Mapping[str, str], beginning: str) -> Typed:
    return {
        name.removeprefix(beginning): value
        for name, value in sent.items()
        if name.startswith(beginning)
    }


def _at(document: Any, name: str) -> Any:
    for step in name.split("."):
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _text(value: Any) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
