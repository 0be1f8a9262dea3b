"""Everything that can go wrong, in five families.

ShortlistError
  Invalid        the request makes no sense            -> fix the request
    BadFile        a file cannot be read as what it was said to be
    BadSettings    the settings are refused
    TooManyBadRows an import met more bad rows than it may
    TooLittleData  there is not enough to split, train or measure
  Denied         the caller may not do this            -> sign in, or ask for the scope
  Missing        the thing does not exist              -> create it first
    UnknownUser    nobody by this id in the log
    UnknownBundle  no bundle by this id
  Conflict       the thing is in another state         -> read it again
  Unavailable    we cannot answer now                  -> retry later
    NoBundle       nothing has been trained yet
    DamagedBundle  a bundle's file is not what its manifest says
    StorageFailed  the database or the disk refused

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


class BadSettings(Invalid):
    """The settings are refused."""


class TooManyBadRows(Invalid):
    """An import met more bad rows than it may; nothing of it was kept."""


class TooLittleData(Invalid):
    """There is not enough data to split, train or measure."""


class UnknownUser(Missing):
    """Nobody by this id is in the log."""


class UnknownBundle(Missing):
    """No bundle has this id."""


class NoBundle(Unavailable):
    """Nothing has been trained yet; run `shortlist train`."""


class DamagedBundle(Unavailable):
    """A file of the bundle is not what its manifest says."""


class StorageFailed(Unavailable):
    """The database or the disk refused."""
