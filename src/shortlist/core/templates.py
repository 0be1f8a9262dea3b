"""Templates, drawn with everything that came out of data escaped."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


class Templates:
    """The templates of a folder. A name that is not given is an error, not an empty place."""

    def __init__(
        self,
        package: str,
        folder: str,
        *,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self._environment = Environment(
            loader=PackageLoader(package, folder),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._environment.filters.update(filters or {})
        self._environment.globals.update(known or {})

    def draw(self, name: str, context: Mapping[str, Any]) -> str:
        """A template, with what it is about."""
        return self._environment.get_template(name).render(context)
