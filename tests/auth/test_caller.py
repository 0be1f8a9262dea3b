import pytest

from shortlist.auth.caller import Caller
from shortlist.auth.scopes import Scope

SHOP = Caller.key("k1", "events:write")
ADA = Caller.person("a1", role="user", user="u1", sign_in="s1")
ROOT = Caller.person("a2", role="admin", user="u2", sign_in="s2")

OF_PEOPLE = {"recommend:read", "events:write", "events:read", "decisions:read", "items:read"}


@pytest.mark.parametrize("scope", Scope)
def test_who_may_do_what(scope: Scope) -> None:
    assert SHOP.may(scope) == (scope == "events:write")
    assert ADA.may(scope) == (scope in OF_PEOPLE)
    assert ROOT.may(scope)
    assert Caller.key("k2", "admin").may(scope)


def test_a_person_has_their_own_data_and_nobody_elses() -> None:
    assert ADA.owns("u1")
    assert not ADA.owns("u2")
    assert not ADA.owns(None)
    assert not ADA.owns("")


def test_applications_and_administrators_have_everyones() -> None:
    assert SHOP.owns("u1")
    assert ROOT.owns("u1")


def test_a_scope_that_there_is_not_is_held_by_nobody() -> None:
    assert not ROOT.may("everything")
