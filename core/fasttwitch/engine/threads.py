"""How many threads a question may take."""

from fasttwitch.errors import DataError
from fasttwitch.pool import MOST_THREADS, default_threads


def checked_threads(threads: int | None) -> int:
    """Return a number of threads: all processors if none is given.

    Errors: DataError for what is no number from 1 to MOST_THREADS.
    """
    if threads is None:
        return default_threads()
    if not hasattr(threads, "__index__") or not 1 <= threads <= MOST_THREADS:
        raise DataError(f"`threads` is {threads!r}", f"give a number from 1 to {MOST_THREADS}")
    return threads
