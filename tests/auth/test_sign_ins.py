import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs
from tests.auth.opened import HERE, PASSWORD, WRONG, Opened, opened

from shortlist.auth.scopes import Role, Scope
from shortlist.core.errors import (
    AccountDisabled,
    NotSignedIn,
    RegistrationClosed,
    ShortlistError,
    TooManyRequests,
    WrongPassword,
)

DAY_SECONDS = 86_400


def said(call: Callable[[], object]) -> str:
    """The class and the words of what a call raises."""
    with pytest.raises(ShortlistError) as raised:
        call()
    return f"{type(raised.value).__name__}: {raised.value}"


def test_who_signs_in_is_known_by_the_token(each_desk: Opened) -> None:
    account = each_desk.register()

    caller = each_desk.auth.caller_of_token(each_desk.sign_in().access, HERE)

    assert (caller.kind, caller.id, caller.role) == ("person", account, Role.USER)
    assert caller.user == f"user-{account}"
    assert caller.may(Scope.RECOMMEND_READ)
    assert not caller.may(Scope.ITEMS_WRITE)


def test_case_does_not_matter_in_logins(desk: Opened) -> None:
    desk.register("Ada@Example.org")

    assert desk.sign_in("ADA@example.ORG")


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(desk: Opened) -> None:
    desk.register()

    wrong = said(lambda: desk.sign_in(password=WRONG))

    assert wrong == said(lambda: desk.sign_in("nobody"))
    assert wrong == said(lambda: desk.sign_in("no\x00body' OR 1=1 --"))
    assert wrong == "NotSignedIn: The login or the password is wrong."


def test_tokens_are_in_no_repr(desk: Opened) -> None:
    desk.register()

    tokens = desk.sign_in()

    assert tokens.access not in repr(tokens)
    assert tokens.refresh not in repr(tokens)


def test_an_access_token_is_good_for_a_quarter_of_an_hour(desk: Opened) -> None:
    desk.register()
    tokens = desk.sign_in()

    desk.clock.turn(tokens.access_seconds - 1)
    assert desk.auth.sign_ins.caller(tokens.access)
    desk.clock.turn(1)

    assert "expired" in said(lambda: desk.auth.sign_ins.caller(tokens.access))


def test_a_refresh_gives_two_new_tokens(each_desk: Opened) -> None:
    each_desk.register()
    first = each_desk.sign_in()
    each_desk.clock.turn(1000)

    second = each_desk.auth.sign_ins.refresh(first.refresh, HERE)
    third = each_desk.auth.sign_ins.refresh(second.refresh, HERE)

    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert each_desk.auth.sign_ins.caller(third.access)


def test_a_refresh_token_that_is_used_twice_ends_the_sign_in(each_desk: Opened) -> None:
    each_desk.register()
    other = each_desk.sign_in()
    stolen = each_desk.sign_in()
    newest = each_desk.auth.sign_ins.refresh(stolen.refresh, HERE)

    with capture_logs() as log:
        again = said(lambda: each_desk.auth.sign_ins.refresh(stolen.refresh, HERE))

    assert "used before" in again
    assert [each["event"] for each in log] == ["a refresh token was used twice"]
    assert stolen.refresh not in str(log)
    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(newest.access))
    assert "not good" in said(lambda: each_desk.auth.sign_ins.refresh(newest.refresh, HERE))
    assert each_desk.auth.sign_ins.caller(other.access)


def test_of_two_refreshes_at_once_exactly_one_wins(each_desk: Opened) -> None:
    each_desk.register()
    token = each_desk.sign_in().refresh
    together = threading.Barrier(4)
    won: list[str] = []
    lost: list[str] = []

    def refresh() -> None:
        together.wait()
        try:
            won.append(each_desk.auth.sign_ins.refresh(token, HERE).refresh)
        except NotSignedIn as error:
            lost.append(str(error))

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (len(won), len(lost)) == (1, 3)
    assert "not good" in said(lambda: each_desk.auth.sign_ins.refresh(won[0], HERE))


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.replace("_0_", "_1_"),
        lambda token: token.replace("_0_", "_00_"),
        lambda token: token.replace("_0_", "_\N{ARABIC-INDIC DIGIT ZERO}_"),
        lambda token: token.upper(),
        lambda token: token + "\n",
        lambda token: f"slr_{'0' * 32}_0_{token.rpartition('_')[2]}",
        lambda _: "",
        lambda _: "slr_" + "0" * 10_000,
    ],
)
def test_a_forged_refresh_token_does_nothing(desk: Opened, forge: Callable[[str], str]) -> None:
    desk.register()
    tokens = desk.sign_in()

    assert "not good" in said(lambda: desk.auth.sign_ins.refresh(forge(tokens.refresh), HERE))

    assert desk.auth.sign_ins.caller(tokens.access)
    assert desk.auth.sign_ins.refresh(tokens.refresh, HERE)


def test_a_sign_in_that_is_not_refreshed_is_over(desk: Opened) -> None:
    desk.register()
    tokens = desk.sign_in()
    assert tokens.refresh_seconds == 30 * DAY_SECONDS

    desk.clock.turn(tokens.refresh_seconds)

    assert "not good" in said(lambda: desk.auth.sign_ins.refresh(tokens.refresh, HERE))


def test_a_sign_in_is_over_however_often_it_is_refreshed(desk: Opened) -> None:
    desk.register()
    tokens = desk.sign_in()
    for _ in range(8):
        desk.clock.turn(20 * DAY_SECONDS)
        tokens = desk.auth.sign_ins.refresh(tokens.refresh, HERE)

    assert tokens.refresh_seconds == 20 * DAY_SECONDS
    desk.clock.turn(20 * DAY_SECONDS)

    assert "not good" in said(lambda: desk.auth.sign_ins.refresh(tokens.refresh, HERE))


def test_signing_out_takes_effect_at_once_and_here_alone(each_desk: Opened) -> None:
    each_desk.register()
    here, there = each_desk.sign_in(), each_desk.sign_in()

    each_desk.auth.sign_ins.sign_out(each_desk.auth.sign_ins.caller(here.access))

    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(here.access))
    assert "not good" in said(lambda: each_desk.auth.sign_ins.refresh(here.refresh, HERE))
    assert each_desk.auth.sign_ins.caller(there.access)


def test_signing_out_everywhere_takes_effect_at_once(each_desk: Opened) -> None:
    each_desk.register()
    each_desk.register("bob")
    here, there, bob = each_desk.sign_in(), each_desk.sign_in(), each_desk.sign_in("bob")

    each_desk.auth.sign_ins.sign_out_everywhere(each_desk.auth.sign_ins.caller(here.access))

    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(here.access))
    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(there.access))
    assert each_desk.auth.sign_ins.caller(bob.access)


def test_a_disabled_account_is_out_at_once(each_desk: Opened) -> None:
    account = each_desk.register()
    tokens = each_desk.sign_in()

    each_desk.auth.accounts.disable(account)

    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(tokens.access))
    assert "not good" in said(lambda: each_desk.auth.sign_ins.refresh(tokens.refresh, HERE))
    with pytest.raises(AccountDisabled):
        each_desk.sign_in()
    each_desk.auth.accounts.enable(account)
    assert each_desk.sign_in()
    assert "over" in said(lambda: each_desk.auth.sign_ins.caller(tokens.access))


def test_that_an_account_is_disabled_is_told_to_its_owner_only(desk: Opened) -> None:
    desk.auth.accounts.disable(desk.register())

    with pytest.raises(NotSignedIn):
        desk.sign_in(password=WRONG)


def test_a_new_role_asks_for_a_new_token(desk: Opened) -> None:
    account = desk.register()
    tokens = desk.sign_in()

    desk.auth.accounts.set_role(account, Role.ADMIN)

    assert "refresh" in said(lambda: desk.auth.sign_ins.caller(tokens.access))
    renewed = desk.auth.sign_ins.refresh(tokens.refresh, HERE)
    assert desk.auth.sign_ins.caller(renewed.access).admin


def test_a_new_password_ends_the_other_sign_ins(desk: Opened) -> None:
    desk.register()
    here, there = desk.sign_in(), desk.sign_in()
    new = SecretStr("a brand new password")

    desk.auth.accounts.change_password(desk.auth.sign_ins.caller(here.access), PASSWORD, new)

    assert desk.auth.sign_ins.caller(here.access)
    assert "over" in said(lambda: desk.auth.sign_ins.caller(there.access))
    assert "wrong" in said(desk.sign_in)
    assert desk.sign_in(password=new)


def test_a_password_is_changed_by_those_who_know_it(desk: Opened) -> None:
    desk.register()
    caller = desk.auth.sign_ins.caller(desk.sign_in().access)

    with pytest.raises(WrongPassword):
        desk.auth.accounts.change_password(caller, WRONG, SecretStr("a brand new password"))

    assert desk.sign_in()


def test_a_stolen_token_does_not_let_one_guess_the_password(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.register()
        caller = desk.auth.sign_ins.caller(desk.sign_in().access)
        new = SecretStr("a brand new password")

        def guess() -> None:
            desk.auth.accounts.change_password(caller, WRONG, new)

        answers = [said(guess).partition(":")[0] for _ in range(62)]

    assert set(answers[:60]) == {"WrongPassword"}
    assert answers[61] == "TooManyRequests"


def test_a_reset_ends_everything_and_what_was_locked(desk: Opened) -> None:
    account = desk.register()
    tokens = desk.sign_in()
    for _ in range(5):
        said(lambda: desk.sign_in(password=WRONG))
    new = SecretStr("a brand new password")

    desk.auth.accounts.reset_password(account, new)

    assert "over" in said(lambda: desk.auth.sign_ins.caller(tokens.access))
    assert desk.sign_in(password=new)


def test_five_wrong_passwords_shut_the_account_and_each_further_one_for_twice_as_long(
    each_desk: Opened,
) -> None:
    each_desk.register()

    waits = []
    for _ in range(5):
        assert "wrong" in said(lambda: each_desk.sign_in(password=WRONG))
    for _ in range(7):
        with pytest.raises(TooManyRequests) as shut:
            each_desk.sign_in()
        waits.append(shut.value.retry_after)
        each_desk.clock.turn(shut.value.retry_after)
        assert "wrong" in said(lambda: each_desk.sign_in(password=WRONG))

    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_the_right_password_opens_the_account_when_the_time_is_over(desk: Opened) -> None:
    desk.register()
    for _ in range(5):
        said(lambda: desk.sign_in(password=WRONG))
    desk.clock.turn(30)

    assert desk.sign_in()

    for _ in range(4):
        assert "wrong" in said(lambda: desk.sign_in(password=WRONG))
    assert desk.sign_in()


def test_who_is_signed_in_stays_so_while_the_account_is_shut(desk: Opened) -> None:
    desk.register()
    tokens = desk.sign_in()
    for _ in range(5):
        said(lambda: desk.sign_in(password=WRONG))

    assert desk.auth.sign_ins.caller(tokens.access)
    assert desk.auth.sign_ins.refresh(tokens.refresh, HERE)


def test_a_login_of_nobody_is_shut_like_somebodys(desk: Opened) -> None:
    desk.register()

    def tries(login: str) -> list[str]:
        return [said(lambda: desk.sign_in(login, WRONG)) for _ in range(7)]

    answers = {login: tries(login) for login in ("ada", "nobody")}

    assert answers["ada"] == answers["nobody"]
    assert "TooManyRequests" in answers["nobody"][-1]


def test_registration_can_be_closed(tmp_path: Path) -> None:
    with opened(tmp_path, registration="closed") as desk:
        with pytest.raises(RegistrationClosed):
            desk.register()

        desk.auth.accounts.create("ada", PASSWORD)

        assert desk.sign_in()


def test_who_registers_is_nobody_the_log_knows(desk: Opened) -> None:
    """Or else whoever came first could read what an imported log says of user 1."""
    first, second = desk.register("one"), desk.register("two")

    users = {desk.auth.accounts.get(each).user for each in (first, second)}

    assert users == {f"user-{first}", f"user-{second}"}


def test_an_account_has_only_so_many_sign_ins(tmp_path: Path) -> None:
    with opened(tmp_path, sign_ins=2) as desk:
        desk.register()
        tokens = []
        for _ in range(3):
            tokens.append(desk.sign_in())
            desk.clock.turn(1)

        assert "over" in said(lambda: desk.auth.sign_ins.caller(tokens[0].access))
        assert desk.auth.sign_ins.caller(tokens[1].access)
        assert desk.auth.sign_ins.caller(tokens[2].access)


def test_a_removed_account_is_out_at_once(desk: Opened) -> None:
    account = desk.register()
    tokens = desk.sign_in()

    desk.auth.accounts.remove(account)

    assert "over" in said(lambda: desk.auth.sign_ins.caller(tokens.access))
    assert "wrong" in said(desk.sign_in)


def test_the_hash_of_a_password_is_renewed_at_the_next_sign_in(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        account = desk.register()
        before = desk.auth.accounts.get(account).password
        desk.sign_in()
        assert desk.auth.accounts.get(account).password == before
    stronger = desk.auth.sign_ins._settings.passwords.model_copy(update={"passes": 3})

    with opened(tmp_path, settings=None, passwords=stronger) as desk:
        desk.sign_in()
        after = desk.auth.accounts.get(account).password

    assert "t=1" in before
    assert "t=3" in after
