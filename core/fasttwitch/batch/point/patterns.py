"""Regular expressions asked of one string after the other: by google-re2 where it is installed, else by Arrow.

Both are RE2. Arrow is made for columns and takes some ten times as long for one string.
"""

from collections.abc import Callable

from fasttwitch.logic.patterns import matches

try:
    import re2  # type: ignore[import-untyped, unused-ignore]
except ImportError:  # pragma: no cover  # the tests have it, and call the other way by its name
    re2 = None

Finder = Callable[[str], bool]


def finder(pattern: str) -> Finder:
    """Return whether a pattern is found anywhere in a string."""
    found = quick_finder(pattern)
    return arrow_finder(pattern) if found is None else found


def arrow_finder(pattern: str) -> Finder:
    """Return the same by way of Arrow."""
    return lambda text: matches(text, pattern)


def quick_finder(pattern: str) -> Finder | None:
    """Return the same by google-re2; None where that is not installed, or takes not every pattern that Arrow takes."""
    if re2 is None:
        return None
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        search = re2.compile(pattern, options).search
    except re2.error:
        return None
    # Bytes: of a string it would also count the characters before a match.
    return lambda text: search(text.encode()) is not None
