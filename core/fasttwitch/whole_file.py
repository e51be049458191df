"""A file that is written in one step: whoever reads it finds all of the old bytes or all of the new."""

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from fasttwitch.errors import OutputError

_PARTIAL = ".partial"

Part = bytes | memoryview


def write_file(path: Path, parts: Iterable[Part]) -> None:
    """Write a file that may be new or be there; permissions of one that is there stay, and a link stays a link.

    A process that is killed leaves what was there, and a hidden file beside it that the next run removes.

    Raises OutputError if the file may not be written.
    """
    target = path.resolve()
    fix = "choose a file in a folder that you may write to"
    if path.is_dir():
        raise OutputError(f"cannot write to {path}: it is a folder", "give the path of a file")
    if not target.parent.is_dir():
        raise OutputError(f"cannot write to {path}: there is no folder {path.parent}", "make the folder first")
    try:
        _put(path, target, parts, lambda: None, "make it writable, or choose another file")
    except OSError as error:
        raise OutputError(f"cannot write to {path}: {reason_of(error.strerror or str(error))}", fix) from error


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write `after` to a file that holds `before`; its permissions stay, and a link stays a link.

    A process that is killed leaves the file as it was, and a hidden one beside it that the next run removes.

    Raises OutputError if the file may not be written, or no longer holds `before`.
    """
    target = path.resolve()

    def check() -> None:
        if target.read_bytes() != before:
            raise OutputError(f"{path} has been changed by somebody else meanwhile", "run the command again")

    try:
        target.stat()  # this writes no new file
        _put(path, target, [after], check, "make it writable, or use --diff to see what would change")
    except OSError as error:
        reason = reason_of(error.strerror or str(error))
        raise OutputError(f"cannot write to {path}: {reason}", "nothing was changed") from error


def reason_of(said: str) -> str:
    """Return what the operating system said, also out of what Arrow says about it."""
    match = re.search(r"\[errno \d+\] (.+)", said)
    return (match[1] if match else said.split("\n")[0]).lower()


def is_alive(process: int) -> bool:
    """Return whether a process of this number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put(path: Path, target: Path, parts: Iterable[Part], check: Callable[[], None], fix: str) -> None:
    """Write `target` beside itself, and put it in its place if `check` raises nothing.

    path  what people call it
    fix   what to do if it is read-only
    """
    there = target.stat() if target.exists() else None
    if there and not there.st_mode & 0o222:  # a rename would not ask
        raise OutputError(f"{path} is read-only", fix)
    _remove_abandoned(target)
    partial = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}{_PARTIAL}")
    try:
        _write(partial, parts, there)
        check()
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _write(partial: Path, parts: Iterable[Part], like: os.stat_result | None) -> None:
    """Write a new file, on the disk and not only on its way there, with owner and permissions of another."""
    with partial.open("xb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    if like is None:
        return
    with suppress(OSError, AttributeError):  # only the superuser may give files away, and not every system has owners
        os.chown(partial, like.st_uid, like.st_gid)
    partial.chmod(stat.S_IMODE(like.st_mode))


def _remove_abandoned(target: Path) -> None:
    """Remove what killed runs left beside `target`; files of runs that are still alive stay."""
    for left in target.parent.glob(f".{target.name}.*{_PARTIAL}"):
        process = left.name.removeprefix(f".{target.name}.").split(".")[0]
        if process.isdigit() and not is_alive(int(process)):
            left.unlink(missing_ok=True)
