"""The secret of a home, made at the first start, and the keys that are derived from it."""

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

from pydantic import SecretBytes

from shortlist.core.errors import BadSettings, StorageFailed
from shortlist.storage.bundles.durable import sync_folder

FILE: Final = "signing.key"
SHORTEST: Final = 32
LONGEST: Final = 64
"""Bytes; BLAKE2b takes keys of up to 64."""


class HomeSecret:
    """The secret. It is never used itself: each purpose has a key of its own."""

    def __init__(self, secret: SecretBytes) -> None:
        self._secret = secret

    def derived(self, purpose: str) -> SecretBytes:
        """The key for a purpose (a word of at most 16 letters); it tells nothing of the others."""
        mixed = blake2b(key=self._secret.get_secret_value(), person=purpose.encode())
        return SecretBytes(mixed.digest())


def open_home_secret(folder: Path) -> HomeSecret:
    """Read the secret of a home, making it where there is none.

    Raises BadSettings for one that is too short or that others may read, and StorageFailed where
    it can be neither read nor made.
    """
    path = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        _check_access(folder, path)
        return HomeSecret(_read(path))
    except OSError as error:
        raise StorageFailed(f"The secret {path} cannot be used: {error.strerror}.") from None


def _make(path: Path) -> None:
    """Put a whole new secret in place, unless another process was faster."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(LONGEST) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
    sync_folder(path.parent)


def _check_access(folder: Path, path: Path) -> None:
    if os.name != "posix":
        return
    if path.stat().st_mode & 0o077:
        raise BadSettings(f"Others may read the secret {path}: run `chmod 600 {path}`.")
    if folder.stat().st_mode & 0o022:
        raise BadSettings(f"Others may replace the secret in {folder}: run `chmod 700 {folder}`.")


def _read(path: Path) -> SecretBytes:
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        secret = b""
    if not SHORTEST <= len(secret) <= LONGEST:
        raise BadSettings(
            f"The secret {path} is not {2 * SHORTEST} to {2 * LONGEST} hexadecimal digits: write "
            "some (`openssl rand -hex 64`), or remove it and a new one is made. Either signs "
            "everyone out and ends all API keys."
        )
    return SecretBytes(secret)
