"""A folder of results that is either all there or not there at all."""

import ctypes
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fasttwitch.errors import OutputError
from fasttwitch.whole_file import is_alive, reason_of

SUMMARY = "summary.json"

_PARTIAL = ".partial"
_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; it becomes `folder` when the block ends well, and vanishes when it does not.

    `folder` may be new, empty, or hold the results of an earlier run, which are then replaced in one step. A process
    that is killed leaves the earlier results, and a hidden folder beside them that the next run removes.

    Raises OutputError if anything cannot be written.
    """
    folder = Path(os.path.abspath(folder))
    try:
        _refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        partial = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}{_PARTIAL}")
        partial.mkdir()
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        yield partial
        _replace(folder, partial)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def cannot_write(folder: Path, error: OSError) -> OutputError:
    """Return the error to raise when the operating system refuses."""
    reason = reason_of(error.strerror or str(error))
    fixes = {
        "no space left on device": "free some space, or write to another disk",
        "file too large": "the limit on file sizes is too low here",
        "permission denied": "choose a folder you may write to",
        "read-only file system": "choose a folder you may write to",
        "not a directory": "a part of the path is a file",
        "file exists": "a part of the path is a file",
        "file name too long": "shorten the names of segments",
    }
    return OutputError(f"cannot write to {folder}: {reason}", fixes.get(reason, "nothing was written"))


def _refuse_foreign(folder: Path) -> None:
    """Raise OutputError if replacing `folder` would lose something that no earlier run put there."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is a file", "choose a folder for the results")
    ours = {SUMMARY, *_files_of(folder / SUMMARY)}
    foreign = sorted(one.name for one in folder.iterdir() if one.name not in ours)
    if foreign:
        message = f"{folder} holds other files, like `{foreign[0]}`, which a new run would remove"
        raise OutputError(message, "choose a folder of its own for the results")


def _files_of(summary: Path) -> list[str]:
    """Return the names of the files that an earlier run's summary lists."""
    try:
        document = json.loads(summary.read_bytes())
        return [str(one["file"]) for one in document["segments"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed runs left beside `folder`; folders of runs that are still alive stay."""
    for left in folder.parent.glob(f".{folder.name}.*{_PARTIAL}"):
        process = left.name.removeprefix(f".{folder.name}.").split(".")[0]
        if process.isdigit() and not is_alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _replace(folder: Path, partial: Path) -> None:
    """Put `partial` in the place of `folder`; afterwards `partial` holds what was there, or is gone."""
    if not folder.exists():
        partial.rename(folder)
    elif not _exchange(partial, folder):
        before = partial.with_name(f"{partial.name}.before")
        folder.rename(before)  # for a moment there is neither: no call of the standard library swaps two folders
        partial.rename(folder)
        shutil.rmtree(before, ignore_errors=True)


def _exchange(left: Path, right: Path) -> bool:
    """Return whether the two folders changed places in one step, which Linux can do."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError, TypeError):  # no such call, or not a system with one C library
        return False
    done = rename(_AT_CURRENT_FOLDER, os.fsencode(left), _AT_CURRENT_FOLDER, os.fsencode(right), _EXCHANGE)
    return bool(done == 0)
