"""What administrators type into forms, read and checked."""

from typing import Annotated, Any, Final

import orjson
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from shortlist.core.errors import Invalid
from shortlist.web.forms import Form

LARGEST: Final = 50_000
"""Letters of a document."""

Text = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]
Number = (
    Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
)
Scalar = Annotated[bool, Field(strict=True)] | Number | Text
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
_ATTRIBUTES: Final = TypeAdapter(
    Annotated[
        dict[Name, Scalar | Annotated[list[Scalar], Field(max_length=1_000)]],
        Field(max_length=200),
    ]
)


def attributes_of(form: Form, field: str = "attributes") -> dict[str, Any]:
    """Numbers, texts, flags and lists of them by name, typed as JSON. Raises Invalid.

    The limits are those of the API.
    """
    text = form.fields.get(field, "").strip() or "{}"
    if len(text) > LARGEST:
        raise Invalid(f"The attributes have at most {LARGEST:,} letters.")
    try:
        return _ATTRIBUTES.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise Invalid(f"The attributes are not JSON: {error}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(each) for each in first["loc"][:1])
        raise Invalid(f"Attribute {where or '(all)'}: {first['msg']}.") from None


def as_json(document: object) -> str:
    """A document as it is shown to be edited."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
