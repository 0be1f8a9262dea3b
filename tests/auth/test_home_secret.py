import stat
import threading
from pathlib import Path

import pytest

from shortlist.auth.home_secret import FILE, HomeSecret, open_home_secret
from shortlist.core.errors import BadSettings, StorageFailed


def key(secret: HomeSecret, purpose: str = "tests") -> bytes:
    return secret.derived(purpose).get_secret_value()


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def test_the_first_start_makes_a_secret_for_its_owner_alone(tmp_path: Path) -> None:
    open_home_secret(tmp_path / "home" / "secrets")

    folder = tmp_path / "home" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert len(bytes.fromhex((folder / FILE).read_text())) == 64
    assert names(folder) == [FILE]


def test_the_next_start_finds_the_same(tmp_path: Path) -> None:
    assert key(open_home_secret(tmp_path / "s")) == key(open_home_secret(tmp_path / "s"))


def test_two_homes_have_two_secrets(tmp_path: Path) -> None:
    assert key(open_home_secret(tmp_path / "one")) != key(open_home_secret(tmp_path / "two"))


def test_purposes_have_keys_of_their_own(tmp_path: Path) -> None:
    secret = open_home_secret(tmp_path / "s")

    assert len({key(secret, each) for each in ("access tokens", "refresh tokens", "api keys")}) == 3


def test_workers_that_start_at_once_agree(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    found: list[bytes] = []

    def start() -> None:
        together.wait()
        found.append(key(open_home_secret(tmp_path / "s")))

    workers = [threading.Thread(target=start) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert names(tmp_path / "s") == [FILE]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_that_others_may_read_stops_the_start(tmp_path: Path, mode: int) -> None:
    open_home_secret(tmp_path / "s")
    (tmp_path / "s" / FILE).chmod(mode)

    with pytest.raises(BadSettings, match="chmod 600"):
        open_home_secret(tmp_path / "s")


def test_a_folder_in_which_others_may_write_stops_the_start(tmp_path: Path) -> None:
    open_home_secret(tmp_path / "s")
    (tmp_path / "s").chmod(0o770)

    with pytest.raises(BadSettings, match="chmod 700"):
        open_home_secret(tmp_path / "s")


@pytest.mark.parametrize("written", ["", "abc", "00" * 31, "00" * 65, "secret" * 20, "zz" * 32])
def test_what_is_no_secret_stops_the_start_and_is_not_said(tmp_path: Path, written: str) -> None:
    open_home_secret(tmp_path / "s")
    (tmp_path / "s" / FILE).write_text(written)

    with pytest.raises(BadSettings, match="hexadecimal digits") as refused:
        open_home_secret(tmp_path / "s")

    assert not written or written not in str(refused.value)


def test_a_secret_of_ones_own_is_taken(tmp_path: Path) -> None:
    open_home_secret(tmp_path / "s")
    (tmp_path / "s" / FILE).write_text("0A" * 32)

    assert key(open_home_secret(tmp_path / "s")) == key(open_home_secret(tmp_path / "s"))


def test_a_folder_that_cannot_be_made_is_an_error_we_foresaw(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("a file")

    with pytest.raises(StorageFailed, match="cannot be used"):
        open_home_secret(tmp_path / "s")


def test_the_secret_is_in_no_repr(tmp_path: Path) -> None:
    secret = open_home_secret(tmp_path / "s")

    written = (tmp_path / "s" / FILE).read_text().strip()
    for each in (repr(secret), str(secret), repr(vars(secret)), repr(secret.derived("tests"))):
        assert written not in each
        assert repr(bytes.fromhex(written)) not in each
        assert repr(key(secret)) not in each
