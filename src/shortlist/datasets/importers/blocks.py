"""A file as blocks of whole lines, in bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shortlist.core.errors import BadFile

BLOCK: Final = 4 << 20
"""Bytes read at a time, and the longest line that is read at all."""

_BOM: Final = b"\xef\xbb\xbf"
_FOREIGN: Final = {
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"\x1f\x8b": "compressed with gzip; unpack it first",
    b"PK\x03\x04": "a ZIP archive (or a spreadsheet); unpack it or save it as CSV",
    b"PAR1": "a Parquet file; say --format parquet",
}


@dataclass(frozen=True)
class Block:
    """Whole lines, each ended by a bare newline."""

    data: bytes
    first_line: int
    done: int
    """Bytes of the file read so far."""
    last: bool
    overlong: tuple[int, ...] = ()
    """Lines before `first_line` that were passed over for their length."""


def blocks(path: Path, *, size: int = BLOCK) -> Iterator[Block]:
    """Read a text file block by block. CRLF becomes a newline; a byte order mark is dropped.

    Raises BadFile where the file cannot be opened or is plainly not text.
    """
    try:
        with path.open("rb") as file:
            yield from _cut(path, file.read, size)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}") from error


def _cut(path: Path, read: Callable[[int], bytes], size: int) -> Iterator[Block]:
    rest, line, done, skipping = b"", 1, 0, False
    overlong: list[int] = []
    while chunk := read(size):
        if not done:
            _refuse_foreign(path, chunk)
        data = rest + (chunk if done else chunk.removeprefix(_BOM))
        done += len(chunk)
        if skipping:
            end = data.find(b"\n")
            if end < 0:
                rest = b""
                continue
            data, line, skipping = data[end + 1 :], line + 1, False
        cut = data.rfind(b"\n") + 1
        whole, rest = data[:cut], data[cut:]
        if whole:
            count = whole.count(b"\n")
            yield Block(_bare(whole), line, done, last=False, overlong=tuple(overlong))
            line, overlong = line + count, []
        if len(rest) >= size:
            overlong.append(line)
            rest, skipping = b"", True
    final = b"" if skipping or not rest else _bare(rest.removesuffix(b"\r") + b"\n")
    yield Block(final, line, done, last=True, overlong=tuple(overlong))


def _bare(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def _refuse_foreign(path: Path, chunk: bytes) -> None:
    for magic, what in _FOREIGN.items():
        if chunk.startswith(magic):
            raise BadFile(f"{path} is {what}")
