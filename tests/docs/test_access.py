"""What the guide says of access is what is so."""

import re

from tests.docs.pages import page, tables

from shortlist.auth.scopes import OF_PEOPLE, Scope
from shortlist.auth.settings import AuthSettings

GUIDE = page("docs/guide/access.md")


def test_the_guide_lists_every_scope() -> None:
    (rows,) = tables(GUIDE.text)

    assert [row[0].strip("`") for row in rows] == list(Scope)


def test_the_guide_says_what_people_hold() -> None:
    said = GUIDE.text.partition("People hold")[2].partition(", for their own")[0]

    assert set(re.findall(r"`([\w:]+)`", said)) == OF_PEOPLE


def test_the_guide_says_the_numbers_of_the_settings() -> None:
    text, settings = " ".join(GUIDE.text.split()), AuthSettings()

    assert f"good for {settings.access_minutes} minutes (`auth.access_minutes`)" in text
    assert f"After {settings.lockout.failures} wrong passwords" in text
    assert f"shut for {settings.lockout.seconds} seconds" in text
    assert f"up to {settings.lockout.longest_seconds // 60} minutes" in text
    assert settings.key_grace_minutes == 60
