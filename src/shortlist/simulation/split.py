"""Train, then validation, then test, by time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.core.times import Instant


@dataclass(frozen=True)
class Split:
    """Training takes what is before `validation`, validation what is from it to before `test`."""

    validation: Instant
    test: Instant


def split_by_time(
    times: npt.NDArray[np.int64], train: float = 0.7, validation: float = 0.15
) -> Split:
    """The instants before which those shares of the times lie; the rest is the test's.

    Raises Invalid where the shares leave nothing for one of the three, TooLittleData where there
    are too few distinct times to give each of them one.
    """
    if not (train > 0 and validation > 0 and train + validation < 1):
        raise Invalid(
            f"shares {train} and {validation} leave nothing to train, validate or test on"
        )
    ordered = np.sort(times)
    at = [int(len(ordered) * share) for share in (train, train + validation)]
    if len(ordered) < 3 or not ordered[0] < ordered[at[0]] < ordered[at[1]]:
        raise TooLittleData(f"{len(ordered)} events cannot be split three ways by time")
    return Split(validation=int(ordered[at[0]]), test=int(ordered[at[1]]))
