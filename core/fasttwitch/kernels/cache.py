"""Where compiled kernels are kept between processes, and the lock under which they are written.

Numba's own cache does not notice when a function that another one inlines has changed, nor when Numba itself has, and
two processes that fill it at once can cross-wire it. So the folder's name holds a fingerprint of all that matters, and
whoever compiles or loads a kernel holds a lock on that folder.
"""

import contextlib
import functools
import hashlib
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from fasttwitch.kernels import cpu

PREFIX = "fasttwitch-kernels-"
KEPT_SECONDS = 30 * 24 * 3600  # folders of other versions disappear when unused for a month


@functools.cache
def folder(room: str) -> Path | None:
    """Return the folder for this version of the kernels on this processor; None if nowhere can be written.

    `NUMBA_CACHE_DIR` if set; else beside the package; else the user's cache folder.

    room  a folder of kernels that is compiled and kept apart, "" for all that stand beside this file
    """
    for parent in _parents():
        place = parent / (PREFIX + fingerprint(room))
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                (place / "used").touch()
                _forget_unused(parent)
                return place
    warnings.warn("compiled kernels cannot be kept: set NUMBA_CACHE_DIR to a folder that can be written", stacklevel=2)
    return None


@functools.cache
def fingerprint(room: str) -> str:
    """Return a digest of the kernels' sources, of what compiles them, and of the processor."""
    digest = hashlib.sha256(room.encode())
    here = Path(__file__).parent
    for source in [*sorted(here.glob("*.py")), *(sorted((here / room).glob("*.py")) if room else ())]:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    versions = [f"{package} {metadata.version(package)}" for package in ("numba", "llvmlite", "numpy")]
    digest.update("\n".join([sys.version, *versions, cpu.name(), *sorted(cpu.features())]).encode())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def locked(room: str) -> Iterator[Path | None]:
    """Hold the folder's lock across processes and yield the folder."""
    place = folder(room)
    if place is None:
        yield None
        return
    with (place / "lock").open("w") as lock:
        _lock(lock.fileno())
        yield place  # closing the file releases the lock


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # gives up after ten seconds: ask again
                return
    else:
        import fcntl

        with contextlib.suppress(OSError):  # a file system without locks: as before, at the user's risk
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def _parents() -> Iterator[Path]:
    configured = os.environ.get("NUMBA_CACHE_DIR")
    if configured:
        yield Path(configured)
        return
    yield Path(__file__).parent / "__pycache__"
    user = os.environ.get("XDG_CACHE_HOME")
    if user:
        yield Path(user) / "fasttwitch"
    else:
        with contextlib.suppress(RuntimeError):  # no home
            yield Path.home() / ".cache" / "fasttwitch"


def _forget_unused(parent: Path) -> None:
    now = time.time()
    for other in parent.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            if now - (other / "used").stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
