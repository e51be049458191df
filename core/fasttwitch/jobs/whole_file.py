"""A file that is replaced in one step: whoever reads it finds all of the old text or all of the new."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from fasttwitch.errors import OutputError
from fasttwitch.jobs.folders import is_alive, reason_of

_PARTIAL = ".partial"


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write `after` to a file that holds `before`; its permissions stay, and a link stays a link.

    A process that is killed leaves the file as it was, and a hidden one beside it that the next run removes.

    Raises OutputError if the file may not be written, or no longer holds `before`.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode
        if not mode & 0o222:  # a rename would not ask
            raise OutputError(f"{path} is read-only", "make it writable, or use --diff to see what would change")
        _remove_abandoned(target)
        partial = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}{_PARTIAL}")
        try:
            _write(partial, after, target)
            if target.read_bytes() != before:
                raise OutputError(f"{path} has been changed by somebody else meanwhile", "run the command again")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        reason = reason_of(error.strerror or str(error))
        raise OutputError(f"cannot write to {path}: {reason}", "nothing was changed") from error


def _write(partial: Path, data: bytes, target: Path) -> None:
    """Write a new file, on the disk and not only on its way there, with the owner and permissions of `target`."""
    like = target.stat()
    with partial.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError, AttributeError):  # only the superuser may give files away, and not every system has owners
        os.chown(partial, like.st_uid, like.st_gid)
    partial.chmod(stat.S_IMODE(like.st_mode))


def _remove_abandoned(target: Path) -> None:
    """Remove what killed runs left beside `target`; files of runs that are still alive stay."""
    for left in target.parent.glob(f".{target.name}.*{_PARTIAL}"):
        process = left.name.removeprefix(f".{target.name}.").split(".")[0]
        if process.isdigit() and not is_alive(int(process)):
            left.unlink(missing_ok=True)
