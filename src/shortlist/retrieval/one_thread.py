"""Linear algebra on one thread: its sums then do not depend on how many there are."""

from contextlib import AbstractContextManager


def one_blas_thread() -> AbstractContextManager[object]:
    """While it lasts, BLAS works on one thread, and two fits give the same bits."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1, "blas")
    return limits
