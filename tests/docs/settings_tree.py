"""Every setting there is, by its dotted path, from the models that define them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import BaseModel

from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.retrieval import SOURCES
from shortlist.settings import Settings

ANNOTATED = "rating"
"""The kind whose settings are written out in full."""


@dataclass(frozen=True)
class Line:
    """A setting or a table: what is said of it, and whether it has no default."""

    sentence: str
    unset: bool = False


def expected() -> dict[str, Line]:
    """What the file is to have, from the models themselves."""
    return dict(_of_model("", Settings()))


def _of_model(table: str, model: BaseModel) -> Iterator[tuple[str, Line]]:
    for name, field in type(model).model_fields.items():
        path = f"{table}.{name}".removeprefix(".")
        value, sentence = getattr(model, name), _one_line(field.description)
        yield path, Line(sentence, unset=value is None)
        if isinstance(value, BaseModel):
            yield from _of_model(path, value)
        if path == "kinds":
            yield from _of_kinds()
        if path == "training.sources":
            yield from _of_sources()


def _of_kinds() -> Iterator[tuple[str, Line]]:
    for name, kind in DEFAULT_KINDS.items():
        annotated = name == ANNOTATED
        yield f"kinds.{name}", Line(_one_line(KindSettings.__doc__) if annotated else "")
        if annotated:
            yield from _of_model(f"kinds.{name}", kind)


def _of_sources() -> Iterator[tuple[str, Line]]:
    for name, source in SOURCES.items():
        path = f"training.sources.{name}"
        said = _one_line((source.__doc__ or "").partition("\n\n")[0])
        for place, line in ((path, Line(said)), *_of_model(path, source())):
            yield place, replace(line, unset=line.unset or not source.usual)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
