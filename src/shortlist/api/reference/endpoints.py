"""An OpenAPI document as what the page of the reference says: endpoints, fields, types."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

Document = Mapping[str, Any]

METHODS: Final = ("get", "post", "put", "patch", "delete")
OWN: Final = "#/components/schemas/"
FRAMEWORKS: Final = frozenset({"HTTPValidationError", "ValidationError"})
"""Types that the framework describes and that are never answered: errors are problem documents."""


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a type."""

    name: str
    type: str
    types: Sequence[str]
    """The names of the types of ours in it."""
    required: bool
    meaning: str
    place: str = ""
    """Where a parameter stands: path, query or header."""


@dataclass(frozen=True)
class Endpoint:
    """One method of one path."""

    id: str
    method: str
    path: str
    group: str
    meaning: str
    open: bool
    """Whether nothing has to be shown to call it."""
    parameters: Sequence[Field]
    takes: str
    """The type of the body; empty for none."""
    example: str
    """A body as JSON."""
    answers: Sequence[tuple[str, str]]
    """Status and type of each success."""


@dataclass(frozen=True)
class Type:
    """A type of bodies and answers."""

    name: str
    meaning: str
    fields: Sequence[Field]


def endpoints_of(document: Document) -> list[Endpoint]:
    """Every endpoint, in the order of the document."""
    return [
        _endpoint(document, path, method, operations[method])
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]


def types_of(document: Document) -> list[Type]:
    """Every type that has fields, by name."""
    found = document.get("components", {}).get("schemas", {})
    return [
        Type(name, schema.get("description", ""), _fields(schema))
        for name, schema in sorted(found.items())
        if name not in FRAMEWORKS and "properties" in schema
    ]


def type_of(schema: Document) -> str:
    """A schema in a few words.

    >>> type_of({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list of string, or null'
    >>> type_of({"$ref": "#/components/schemas/Item"}), type_of({"enum": ["a", "b"]})
    ('Item', '"a" or "b"')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(OWN)
    for kind in ("anyOf", "oneOf"):
        if kind in schema:
            return ", or ".join(dict.fromkeys(type_of(each) for each in schema[kind]))
    if "const" in schema:
        return orjson.dumps(schema["const"]).decode()
    if "enum" in schema:
        return " or ".join(orjson.dumps(each).decode() for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))


def _endpoint(document: Document, path: str, method: str, operation: Document) -> Endpoint:
    body = _first(operation.get("requestBody", {}))
    answers = operation.get("responses", {})
    return Endpoint(
        id=operation.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        group=next(iter(operation.get("tags", ())), "others"),
        meaning=operation.get("description", ""),
        open=not operation.get("security"),
        parameters=[_parameter(each) for each in operation.get("parameters", ())],
        takes=type_of(body) if body else "",
        example=_example(document, body),
        answers=[
            (status, type_of(schema) if (schema := _first(answer)) else "no content")
            for status, answer in answers.items()
            if status.startswith("2")
        ],
    )


def _parameter(told: Document) -> Field:
    schema = told.get("schema", {})
    meaning = told.get("description") or _described(schema)
    return Field(
        told["name"],
        type_of(schema),
        list(_named(schema)),
        bool(told.get("required")),
        meaning + _default(schema),
        told["in"],
    )


def _fields(schema: Document) -> list[Field]:
    required = schema.get("required", ())
    return [
        Field(name, type_of(own), list(_named(own)), name in required, _described(own))
        for name, own in schema["properties"].items()
    ]


def _described(schema: Document) -> str:
    """What is said of a schema, or of the first of its alternatives of which something is."""
    alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return str(schema.get("description") or next(filter(None, map(_described, alternatives)), ""))


def _default(schema: Document) -> str:
    found = schema.get("default")
    return "" if found is None else f" Default: {orjson.dumps(found).decode()}."


def _named(schema: Document) -> Iterator[str]:
    """The types of ours that a schema names."""
    if "$ref" in schema:
        yield type_of(schema)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), schema.get("items", {})):
        if each:
            yield from _named(each)


def _first(holder: Document) -> Document:
    """The schema of the first content of a body or an answer; nothing where there is none."""
    contents: Mapping[str, Any] = holder.get("content", {})
    first: Document = next(iter(contents.values()), {})
    found: Document = first.get("schema", {})
    return found


def _example(document: Document, body: Document) -> str:
    name = type_of(body) if "$ref" in body else ""
    schemas = document.get("components", {}).get("schemas", {})
    examples = schemas.get(name, {}).get("examples", ())
    return orjson.dumps(examples[0], option=orjson.OPT_INDENT_2).decode() if examples else ""
