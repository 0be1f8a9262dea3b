"""Style sheets and scripts: read once, named by their content, kept by browsers for good."""

import mimetypes
from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

FOLDER: Final = Path(__file__).parent / "static"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
TYPES: Final = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}
"""Types that must be right on every machine, whatever it thinks of them."""

PATH: Final = "/static/{edition}/{name:path}"


class Files:
    """The files of a folder, and some that are made when they are first asked for.

    All of them stand under one name made from their contents, so that a module finds its
    neighbours beside it and a new release is another address.
    """

    def __init__(
        self,
        made: Mapping[str, Callable[[], bytes]] | None = None,
        folder: Path = FOLDER,
        *,
        of: str = "",
    ) -> None:
        """With what those that are made are made `of`, which is a part of their name."""
        found = sorted(each for each in folder.rglob("*") if each.is_file())
        self._files = {each.relative_to(folder).as_posix(): each.read_bytes() for each in found}
        self._made = dict(made or {})
        self._of = of

    @cached_property
    def edition(self) -> str:
        """What the files are, in a few letters."""
        mixed = blake2b(self._of.encode(), digest_size=6)
        for name, content in self._files.items():
            mixed.update(f"{name}\0{len(content)}\0".encode() + content)
        return mixed.hexdigest()

    def address(self, name: str) -> str:
        """Where a file is found. Raises KeyError for one that there is not."""
        if name not in self._files and name not in self._made:
            raise KeyError(name)
        return f"/static/{self.edition}/{name}"

    def answer(self, edition: str, name: str) -> Response:
        """A file; under the name of another edition the present one, and not to be kept."""
        if name in self._made and name not in self._files:
            self._files = {**self._files, name: self._made[name]()}
        content = self._files.get(name)
        if content is None:
            raise HTTPException(404)
        suffix = Path(name).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        kept = FOR_GOOD if edition == self.edition else "no-store"
        return Response(content, media_type=kind, headers={"Cache-Control": kept})
