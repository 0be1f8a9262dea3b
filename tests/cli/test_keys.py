import json
import re
from pathlib import Path

import pytest
from tests.cli.shell import Shell, assert_refused

from shortlist.bootstrap import open_home
from shortlist.core.errors import NotSignedIn

KEY = r"sl_[0-9a-f]{16}_[\w-]{43}\n"
SHOP = ("keys", "create", "--name", "shop", "--scopes", "events:write,recommend:read")


def opens(home: Path, key: str) -> bool:
    try:
        return bool(open_home(home).auth.keys.caller(key.strip()))
    except NotSignedIn:
        return False


def test_a_new_key_is_printed_and_nothing_else(empty: Shell) -> None:
    made = empty(*SHOP)

    assert made.code == 0
    assert re.fullmatch(KEY, made.out)
    assert opens(empty.home, made.out)
    assert "not shown again" in made.err
    assert made.out[-44:-1] not in made.err


def test_spaces_between_scopes_do_not_matter(empty: Shell) -> None:
    made = empty("keys", "create", "--name", "shop", "--scopes", "events:write, items:read")

    assert opens(empty.home, made.out)


def test_the_list_has_no_secrets(empty: Shell) -> None:
    secret = empty(*SHOP).out[-44:-1]

    table, documents = empty("keys", "list"), empty("keys", "list", "--json")

    assert "shop" in table.out
    assert secret not in table.out + documents.out
    (key,) = json.loads(documents.out)
    assert key["scopes"] == ["events:write", "recommend:read"]
    assert (key["expires"], key["last_used"], key["revoked"]) == (None, None, None)
    assert set(key) == {"id", "name", "scopes", "created", "expires", "last_used", "revoked"}


def test_the_list_of_nothing_says_what_to_do(empty: Shell) -> None:
    assert "shortlist keys create" in empty("keys", "list").out


def test_a_key_expires_when_it_was_said_to(empty: Shell) -> None:
    empty(*SHOP, "--expires", "90d")

    (key,) = json.loads(empty("keys", "list", "--json").out)

    assert key["expires"] > key["created"]


def test_a_rotated_key_is_printed_and_nothing_else(empty: Shell) -> None:
    old = empty(*SHOP).out

    new = empty("keys", "rotate", old[3:19])
    newest = empty("keys", "rotate", old[3:19], "--grace", "0m")

    assert re.fullmatch(KEY, new.out)
    assert [opens(empty.home, each.out) for each in (new, newest)] == [False, True]
    assert not opens(empty.home, old)


def test_a_revoked_key_opens_nothing(empty: Shell) -> None:
    key = empty(*SHOP).out

    revoked = empty("keys", "revoke", key[3:19])

    assert revoked.code == 0
    assert not opens(empty.home, key)
    assert "revoked" in empty("keys", "list").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "--name", "a", "--scopes", "everything"), ("everything", "events:write")),
        (("create", "--name", "a", "--scopes", ""), ("recommend:read",)),
        (("create", "--name", "", "--scopes", "admin"), ("name",)),
        (("create", "--name", "a\nb", "--scopes", "admin"), ("name",)),
        (("create", "--name", "a", "--scopes", "admin", "--expires", "soon"), ("90d",)),
        (("create", "--name", "a", "--scopes", "admin", "--expires", "0d"), ("expired",)),
        (("revoke", "0123456789abcdef"), ("no key 0123456789abcdef",)),
        (("rotate", "0123456789abcdef"), ("no key 0123456789abcdef",)),
    ],
)
def test_what_cannot_be_done_is_said(
    empty: Shell, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_refused(empty("keys", *arguments), *words)


def test_a_secret_that_others_may_read_stops_the_command(empty: Shell) -> None:
    empty("keys", "list")
    (empty.home / "secrets" / "signing.key").chmod(0o644)

    assert_refused(empty(*SHOP), "chmod 600")
