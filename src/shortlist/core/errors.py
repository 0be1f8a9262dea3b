"""Everything that can go wrong, in five families.

ShortlistError
  Invalid        the request makes no sense            -> fix the request
    BadFile        a file cannot be read as what it was said to be
    BadLines       lines of a body are not what they are to be
    BadSettings    the settings are refused
    BadFilter      a filter cannot be read, or compares what cannot be compared
    BadPassword    a new password is too short, too long, or the login
    TooManyBadRows an import met more bad rows than it may
    TooLittleData  there is not enough to split, train or measure
  Denied         the caller may not do this            -> sign in, or ask for the scope
    NotSignedIn    nobody knows who the caller is
    MissingScope   the caller does not hold the scope that this needs
    NotYours       it belongs to another person, or to nobody
    WrongPassword  the password that is to be changed is another
    NobodysEvent   an application sends an event and does not say whose it is
    AccountDisabled an administrator has shut the account
    RegistrationClosed people cannot register by themselves here
  Missing        the thing does not exist              -> create it first
    UnknownUser    nobody by this id in the log
    UnknownItem    no item by this id
    UnknownDecision no decision by this id, or it was forgotten
    UnknownPlacement no placement by this name
    UnknownCursor  no page begins there
    UnknownBundle  no bundle by this id
    UnknownAccount nobody with this account
    UnknownKey     no API key by this id
    NoReport       the training of this bundle left no report
  Conflict       the thing is in another state         -> read it again
    FutureEvent    an event is from further ahead than clocks differ
    BadPlacement   a placement names an attribute, a source or an item that is not there
    LoginTaken     somebody has this login, or this user has an account
    ChangedMeanwhile somebody else changed it since it was read
  Unavailable    we cannot answer now                  -> retry later
    NoBundle       nothing has been trained yet
    DamagedBundle  a bundle's file is not what its manifest says
    NotInstalled   what it takes comes with an extra
    StorageFailed  the database or the disk refused
    Unconfirmed    nobody knows yet whether it is kept
    Overloaded     more is waiting than may
    TooManyRequests the caller asks more often than they may

A new error subclasses one family; exit codes and HTTP statuses follow from the family alone.
"""


class ShortlistError(Exception):
    """An error we foresaw. Its class name is the machine-readable code."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or type(self).__name__)


class Invalid(ShortlistError): ...  # noqa: N818  the families read as words


class Denied(ShortlistError): ...  # noqa: N818


class Missing(ShortlistError): ...  # noqa: N818


class Conflict(ShortlistError): ...  # noqa: N818


class Unavailable(ShortlistError): ...  # noqa: N818


class BadFile(Invalid):
    """A file cannot be read as what it was said to be."""


class BadLines(Invalid):
    """Lines of a body are not what they are to be; nothing of it was written."""


class BadSettings(Invalid):
    """The settings are refused."""


class BadFilter(Invalid):
    """A filter cannot be read."""

    def __init__(
        self, message: str = "", *, text: str = "", position: int = 0, reason: str = ""
    ) -> None:
        super().__init__(message)
        self.text = text
        """The filter as it was written."""
        self.position = position
        """The letter at which it goes wrong, from 0."""
        self.reason = reason or message
        """What is wrong and how to mend it, without the picture of the place."""


class BadPassword(Invalid):
    """The password cannot be used; take another."""


class TooManyBadRows(Invalid):
    """An import met more bad rows than it may; nothing of it was kept."""


class TooLittleData(Invalid):
    """There is not enough data to split, train or measure."""


class UnknownUser(Missing):
    """Nobody by this id is in the log."""


class NotSignedIn(Denied):
    """Send an API key (X-API-Key) or sign in (Authorization: Bearer)."""


class MissingScope(Denied):
    """The caller does not hold the scope that this needs."""


class NotYours(Denied):
    """What is asked for belongs to another person, or to nobody."""


class WrongPassword(Denied):
    """The current password is another."""


class NobodysEvent(Denied):
    """An application says whose an event is: give `user`, or the `session` of a visitor."""


class AccountDisabled(Denied):
    """The account is disabled; ask an administrator."""


class RegistrationClosed(Denied):
    """People cannot register by themselves here; ask an administrator for an account."""


class UnknownItem(Missing):
    """No item has this id."""


class UnknownDecision(Missing):
    """No decision has this id, or it was forgotten."""


class UnknownPlacement(Missing):
    """No placement has this name."""


class UnknownCursor(Missing):
    """The cursor is not one that was answered; begin again without it."""


class UnknownBundle(Missing):
    """No bundle has this id."""


class UnknownAccount(Missing):
    """Nobody has this account."""


class UnknownKey(Missing):
    """No API key has this id."""


class FutureEvent(Conflict):
    """An event is from the future; look at the sender's clock."""


class BadPlacement(Conflict):
    """A placement names an attribute, a source or an item that is not there."""


class LoginTaken(Conflict):
    """Somebody has this login, or this user has an account already."""


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read; read it again."""


class NoReport(Missing):
    """The training of this bundle left no report."""


class NoBundle(Unavailable):
    """Nothing has been trained yet; run `shortlist train`."""


class DamagedBundle(Unavailable):
    """A file of the bundle is not what its manifest says."""


class NotInstalled(Unavailable):
    """What this takes comes with an extra that is not installed."""


class StorageFailed(Unavailable):
    """The database or the disk refused."""


class Unconfirmed(Unavailable):
    """It is not known yet whether what was sent is kept; send it again with the same ids."""


class Overloaded(Unavailable):
    """More is waiting than may; send it again in a moment."""


class TooManyRequests(Unavailable):
    """More requests came than may; `retry_after` says in how many seconds to try again."""

    def __init__(self, said: str = "", *, retry_after: float = 1.0) -> None:
        super().__init__(said)
        self.retry_after = max(1, round(retry_after))
