"""Any table, in any of the formats tables come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from shortlist.core.errors import BadFile, Invalid
from shortlist.datasets.importers.batch import Batches
from shortlist.datasets.importers.delimited import read_delimited
from shortlist.datasets.importers.dialect import Dialect, Encoding
from shortlist.datasets.importers.json_lines import read_json_lines
from shortlist.datasets.importers.parquet import read_parquet

Format = Literal["csv", "parquet", "jsonl"]

_SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".dat": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


@dataclass(frozen=True)
class TableFile:
    """A file that holds a table. What is not said follows from the file's name."""

    path: Path
    format: Format | None = None
    separator: str | None = None
    encoding: Encoding = "utf-8"

    def read(self, wanted: Sequence[str]) -> Batches:
        """The wanted columns, batch by batch.

        Raises BadFile for a file that is missing, not of its format, or lacks a column.
        """
        if not self.path.is_file():
            raise BadFile(f"there is no file {self.path}")
        match self._format:
            case "parquet":
                return read_parquet(self.path, wanted)
            case "jsonl":
                return read_json_lines(self.path, wanted)
            case "csv":
                return read_delimited(self.path, self._dialect, wanted)

    @property
    def _format(self) -> Format:
        format_ = self.format or _SUFFIXES.get(self.path.suffix.lower())
        if format_ is None:
            known = ", ".join(_SUFFIXES)
            raise Invalid(
                f"the name of {self.path} does not tell its format (it would by {known}): "
                "say --format csv, parquet or jsonl"
            )
        return format_

    @property
    def _dialect(self) -> Dialect:
        by_name = "\t" if self.path.suffix.lower() == ".tsv" else ","
        separator = (self.separator or by_name).replace("\\t", "\t")
        if '"' in separator or "\n" in separator:
            raise Invalid(f"{separator!r} cannot separate fields")
        return Dialect(separator, quoting=len(separator) == 1, encoding=self.encoding)
