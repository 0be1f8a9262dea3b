"""A data set in a file: where it lies, how it is imported, how past and future are parted."""

import os
import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from shortlist.core.errors import BadFile
from shortlist.evaluation.protocols import PROTOCOLS

FOLDER = Path(__file__).parent / "data"
"""The descriptions that come with the benchmark."""

GIVEN = "given"
"""The protocol of a data set that comes split."""


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True
    )


class Split(_Part):
    """Two files that say who chose what: users x items as SciPy sparse (.npz), or text (.txt) with
    a user a line, their number and then those of their items."""

    train: str
    test: str


class Description(_Part):
    """One data set."""

    name: str
    """The name of the file."""

    title: str
    """What it is called in the tables."""

    folder: str = ""
    """Where it lies, under SHORTLIST_DATASETS or absolute."""

    imports: tuple[tuple[str, ...], ...] = Field(default=(), alias="import")
    """Arguments of `shortlist import`, run one after another; {folder} stands for the folder."""

    simulate: tuple[str, ...] = ()
    """Arguments of `shortlist simulate`, instead of imports."""

    split: Split | None = None
    """A split that comes with the data, instead of imports."""

    protocols: tuple[str, ...] = (GIVEN,)
    """How past and future are parted: names of protocols of `shortlist evaluate`."""

    min_item_events: PositiveInt = 1
    """Events an item needs to be in the catalogue."""

    k: PositiveInt = 10
    """Where lists are cut."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if sum(map(bool, (self.imports, self.simulate, self.split))) != 1:
            raise ValueError("say one of import, simulate and [split]")
        known = [GIVEN] if self.split else list(PROTOCOLS)
        for each in self.protocols:
            if each not in known:
                raise ValueError(f"no protocol {each!r} for it; there are {', '.join(known)}")
        return self

    @property
    def path(self) -> Path:
        """The folder, found. Raises BadFile where it is not there."""
        found = Path(os.environ.get("SHORTLIST_DATASETS", "."), self.folder)
        if not found.is_dir():
            raise BadFile(f"{self.name}: there is no folder {found}; set SHORTLIST_DATASETS")
        return found


def describe(name: str) -> Description:
    """The data set of a name in this folder, or of a file anywhere.

    Raises BadFile where there is no such file or something is wrong in it.
    """
    file = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        said = tomllib.loads(file.read_text("utf-8"))
        return Description.model_validate({"name": file.stem, **said})
    except OSError:
        known = ", ".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise BadFile(f"there is no data set {name}; there are {known}") from None
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadFile(f"{file}: {error}") from None
