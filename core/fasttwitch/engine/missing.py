"""What people are told who ask for a segment that a program does not have."""

from collections.abc import Iterable

from fasttwitch.batch.stored_values import visible
from fasttwitch.errors import DataError
from fasttwitch.logic.names import nearest


def no_such_segment(name: str, known: Iterable[str]) -> DataError:
    """Return the error that names the segment, and the one that was probably meant."""
    meant = nearest(name, known)
    return DataError(f"there is no segment `{visible(name)}`", f"did you mean `{meant}`?" if meant else "")


def other_schema() -> DataError:
    """Return what is wrong with a program that cannot stand in for another."""
    return DataError(
        "the program was compiled for another schema than the one in force", "compile it for `engine.program.schema`"
    )
