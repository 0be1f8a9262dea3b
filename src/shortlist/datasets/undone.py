"""Which events were taken back by a later one: a like that was undone, a rating that changed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def undone_by(
    pair: npt.NDArray[np.integer],
    kind: npt.NDArray[np.integer],
    take_backs: Sequence[tuple[int, int]],
) -> Places:
    """The place of the event that took each event back; the number of events where none did.

    Events stand in the order of time. `pair` tells apart who acted on what: only the same user's
    event on the same item takes something back, and the first that does counts. What takes an
    event back may be taken back itself (a rating that was changed twice): that brings nothing back.

    >>> import numpy as np
    >>> same_user_and_item, like, unlike = np.zeros(3, int), 0, 1
    >>> undone_by(same_user_and_item, np.array([like, unlike, like]), [(unlike, like)]).tolist()
    [1, 3, 3]
    """
    n = len(pair)
    found = np.full(n, n, np.int64)
    concerned = np.flatnonzero(np.isin(kind, np.unique(np.array(take_backs, np.int64))))
    if not len(concerned):
        return found
    _, group, size = np.unique(pair[concerned], return_inverse=True, return_counts=True)
    several = size[group] > 1
    place, group, kinds = concerned[several], group[several], kind[concerned[several]]
    key = group * np.int64(n) + place
    for by, of in take_backs:
        undoing, undone = np.sort(key[kinds == by]), np.flatnonzero(kinds == of)
        if not len(undoing):
            continue
        after = np.searchsorted(undoing, key[undone], side="right")
        next_one = undoing[np.minimum(after, len(undoing) - 1)]
        own = (after < len(undoing)) & (next_one // n == group[undone])
        taken = place[undone[own]]
        found[taken] = np.minimum(found[taken], next_one[own] % n)
    return found
