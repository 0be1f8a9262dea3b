import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.auth.opened import HERE, Opened, opened

from shortlist.auth.api_keys import FORM
from shortlist.auth.scopes import Scope
from shortlist.auth.settings import RateSettings
from shortlist.core.errors import Invalid, NotSignedIn, TooManyRequests, UnknownKey

SCOPES = ["recommend:read", "events:write"]


def assert_refused(desk: Opened, text: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        desk.auth.keys.caller(text)
    assert not text or text not in str(refused.value)


def test_a_key_opens_what_its_scopes_say(each_desk: Opened) -> None:
    issued = each_desk.auth.keys.create("shop", SCOPES)

    caller = each_desk.auth.caller_of_key(issued.text, HERE)

    assert (caller.kind, caller.id, caller.user) == ("key", issued.key.id, None)
    assert caller.may(Scope.EVENTS_WRITE)
    assert not caller.may(Scope.EVENTS_READ)
    assert not caller.admin


def test_admin_is_all_of_them(desk: Opened) -> None:
    issued = desk.auth.keys.create("till", ["admin"])

    caller = desk.auth.keys.caller(issued.text)

    assert all(caller.may(each) for each in Scope)


def test_a_key_says_what_it_is(desk: Opened) -> None:
    issued = desk.auth.keys.create("shop", SCOPES)

    assert re.fullmatch(r"sl_[0-9a-f]{16}_[\w-]{43}", issued.text)
    assert issued.text.startswith(f"sl_{issued.key.id}_")


def test_the_secret_is_kept_nowhere(desk: Opened, tmp_path: Path) -> None:
    with capture_logs() as log:
        issued = desk.auth.keys.create("shop", SCOPES)
        desk.auth.keys.caller(issued.text)
        secret = issued.text[-43:]
        said = [repr(issued), str(issued), repr(desk.auth.keys.all()), str(log)]
        desk.auth.keys.rotate(issued.key.id)
        said += [repr(desk.auth.keys.all()), str(log), repr(desk.auth)]

    assert not [each for each in said if secret in each or issued.key.hash in each]
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or secret.encode() not in file.read_bytes()


@pytest.mark.parametrize("scopes", [[], ["all"], ["admin", "events"], ["Admin"]])
def test_there_are_no_other_scopes(desk: Opened, scopes: list[str]) -> None:
    with pytest.raises(Invalid, match="recommend:read"):
        desk.auth.keys.create("shop", scopes)


def test_a_scope_that_is_named_twice_is_held_once(desk: Opened) -> None:
    issued = desk.auth.keys.create("shop", ["items:read", "events:write", "items:read"])

    assert issued.key.scopes == "events:write items:read"


def test_a_key_is_good_until_it_expires(desk: Opened) -> None:
    issued = desk.auth.keys.create("shop", SCOPES, seconds=60)

    desk.clock.turn(59)
    assert desk.auth.keys.caller(issued.text)
    desk.clock.turn(1)

    assert_refused(desk, issued.text)


def test_a_key_cannot_be_made_that_has_expired(desk: Opened) -> None:
    with pytest.raises(Invalid, match="expired"):
        desk.auth.keys.create("shop", SCOPES, seconds=0)


def test_a_revoked_key_is_refused_at_once(each_desk: Opened) -> None:
    issued = each_desk.auth.keys.create("shop", SCOPES)
    other = each_desk.auth.keys.create("till", SCOPES)

    each_desk.auth.keys.revoke(issued.key.id)
    each_desk.auth.keys.revoke(issued.key.id)

    assert_refused(each_desk, issued.text)
    assert each_desk.auth.keys.caller(other.text)


def test_of_a_rotated_key_the_old_secret_is_good_for_a_while(each_desk: Opened) -> None:
    old = each_desk.auth.keys.create("shop", SCOPES)

    new = each_desk.auth.keys.rotate(old.key.id)

    assert each_desk.auth.keys.caller(new.text) == each_desk.auth.keys.caller(old.text)
    each_desk.clock.turn(3600)
    assert_refused(each_desk, old.text)
    assert each_desk.auth.keys.caller(new.text)


def test_a_rotation_can_end_the_old_secret_at_once(desk: Opened) -> None:
    old = desk.auth.keys.create("shop", SCOPES)

    new = desk.auth.keys.rotate(old.key.id, grace_seconds=0)

    assert_refused(desk, old.text)
    assert desk.auth.keys.caller(new.text)


def test_a_rotated_key_that_is_revoked_ends_with_both_secrets(desk: Opened) -> None:
    old = desk.auth.keys.create("shop", SCOPES)
    new = desk.auth.keys.rotate(old.key.id)

    desk.auth.keys.revoke(old.key.id)

    assert_refused(desk, old.text)
    assert_refused(desk, new.text)
    with pytest.raises(UnknownKey):
        desk.auth.keys.rotate(old.key.id)


def test_a_key_that_is_not_there_is_neither_rotated_nor_revoked(desk: Opened) -> None:
    with pytest.raises(UnknownKey):
        desk.auth.keys.rotate("0" * 16)
    with pytest.raises(UnknownKey):
        desk.auth.keys.revoke("0" * 16)


def test_every_letter_of_a_key_counts(desk: Opened) -> None:
    text = desk.auth.keys.create("shop", SCOPES).text
    for place in range(len(text)):
        other = "a" if text[place] != "a" else "b"
        assert_refused(desk, text[:place] + other + text[place + 1 :])


def test_the_secret_of_one_key_does_not_open_another(desk: Opened) -> None:
    one = desk.auth.keys.create("shop", SCOPES)
    other = desk.auth.keys.create("till", ["admin"])

    assert_refused(desk, f"sl_{other.key.id}_{one.text[-43:]}")


@pytest.mark.parametrize(
    "text", ["", "sl_", "\x00", "é" * 64, "sl_" + "0" * 16 + "_" + "x" * 43, "sl_" * 10_000]
)
def test_what_is_no_key_is_refused(desk: Opened, text: str) -> None:
    assert_refused(desk, text)


def test_what_follows_a_key_is_part_of_it(desk: Opened) -> None:
    text = desk.auth.keys.create("shop", SCOPES).text

    for more in ("\n", " ", "=", "x"):
        assert_refused(desk, text + more)
        assert FORM.fullmatch(text + more) is None


def test_a_key_of_another_home_is_refused(tmp_path: Path) -> None:
    """The database alone is not enough: what it holds is keyed by the secret of the home."""
    with opened(tmp_path) as desk:
        text = desk.auth.keys.create("shop", SCOPES).text
    (tmp_path / "secrets").rename(tmp_path / "lost")

    with opened(tmp_path) as desk:
        assert_refused(desk, text)


def test_the_last_use_is_written_after_a_while_and_at_the_end(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        issued = desk.auth.keys.create("shop", SCOPES)
        desk.clock.turn(7)
        desk.auth.keys.caller(issued.text)
        before = desk.auth.keys.get(issued.key.id).last_used

    with opened(tmp_path) as again:
        after = again.auth.keys.get(issued.key.id).last_used

    assert before is None
    assert after == desk.clock.now()


def test_a_key_that_is_refused_is_not_used(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        issued = desk.auth.keys.create("shop", SCOPES)
        assert_refused(desk, f"sl_{issued.key.id}_{'x' * 43}")

    with opened(tmp_path) as again:
        assert again.auth.keys.get(issued.key.id).last_used is None


def test_a_key_may_ask_so_often(tmp_path: Path) -> None:
    rates = RateSettings(keys="3/minute")
    with opened(tmp_path, rates=rates) as desk:
        text = desk.auth.keys.create("shop", SCOPES).text
        other = desk.auth.keys.create("till", SCOPES).text
        for _ in range(3):
            desk.auth.caller_of_key(text, HERE)

        with pytest.raises(TooManyRequests) as refused:
            desk.auth.caller_of_key(text, HERE)

        assert 1 <= refused.value.retry_after <= 60
        assert desk.auth.caller_of_key(other, HERE)


def test_who_shows_bad_keys_is_told_to_wait_and_those_with_good_ones_are_not(
    tmp_path: Path,
) -> None:
    rates = RateSettings(failures="3/minute")
    with opened(tmp_path, rates=rates) as desk:
        text = desk.auth.keys.create("shop", SCOPES).text
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                desk.auth.caller_of_key("sl_bad", HERE)

        with pytest.raises(TooManyRequests):
            desk.auth.caller_of_key("sl_bad", HERE)

        assert desk.auth.caller_of_key(text, HERE)
        with pytest.raises(NotSignedIn):
            desk.auth.caller_of_key("sl_bad", "192.0.2.2")
