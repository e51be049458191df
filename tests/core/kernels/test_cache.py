"""Where compiled kernels are kept."""

import os
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from fasttwitch.kernels import cache

KERNELS = Path(cache.__file__).parent


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """The folder is found once a process: forget it before and after."""
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


def only_writable(monkeypatch: pytest.MonkeyPatch, *writable: Path) -> None:
    """Make the system refuse to create folders anywhere else, whoever runs the tests."""
    allowed = Path.mkdir

    def mkdir(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if not any(parent in self.parents for parent in writable):
            raise PermissionError(13, "Permission denied", str(self))
        allowed(self, mode, parents=True, exist_ok=True)

    monkeypatch.setattr(Path, "mkdir", mkdir)


def test_numbas_own_setting_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert cache.folder("") == tmp_path / f"fasttwitch-kernels-{cache.fingerprint('')}"


def test_else_the_folder_stands_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert cache.folder("") == KERNELS / "__pycache__" / f"fasttwitch-kernels-{cache.fingerprint('')}"


def test_else_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only install, as containers have it."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    only_writable(monkeypatch, tmp_path)
    assert cache.folder("") == tmp_path / "fasttwitch" / f"fasttwitch-kernels-{cache.fingerprint('')}"


def test_else_nowhere_with_one_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "closed"))
    only_writable(monkeypatch)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert cache.folder("") is None
        assert cache.folder("") is None
        with cache.locked("") as folder:
            assert folder is None
    assert [str(warning.message) for warning in caught] == [
        "compiled kernels cannot be kept: set NUMBA_CACHE_DIR to a folder that can be written"
    ]


def test_folders_that_nobody_used_for_a_month_disappear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name, days in [("fasttwitch-kernels-old", 31), ("fasttwitch-kernels-new", 29), ("somebody-else", 99)]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "used").touch()
        os.utime(tmp_path / name / "used", (time.time() - days * 86_400,) * 2)
    used = cache.folder("")
    assert used is not None
    assert {path.name for path in tmp_path.iterdir()} == {"fasttwitch-kernels-new", "somebody-else", used.name}


def test_one_holder_of_the_lock_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File locks belong to open files: two threads exclude each other as two processes do."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    events: list[str] = []
    holding = threading.Event()

    def other() -> None:
        holding.wait()
        with cache.locked(""):
            events.append("second")

    thread = threading.Thread(target=other)
    thread.start()
    with cache.locked(""):
        holding.set()
        thread.join(0.2)  # the other one has every chance to come in
        events.append("first")
    thread.join()
    assert events == ["first", "second"]


def test_the_fingerprint_changes_with_any_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba does not see changes in functions that another file inlines."""
    for source in KERNELS.glob("*.py"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    fingerprint = cache.fingerprint.__wrapped__
    before = fingerprint("")
    assert fingerprint("") == before
    (tmp_path / "layout.py").write_text((tmp_path / "layout.py").read_text() + "\n")
    assert fingerprint("") != before


def test_a_room_of_kernels_has_a_fingerprint_of_its_own_sources_and_of_what_it_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "point").mkdir()
    for source in (tmp_path / "layout.py", tmp_path / "point" / "flat.py"):
        source.write_text("")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    fingerprint = cache.fingerprint.__wrapped__
    outer, inner = fingerprint(""), fingerprint("point")
    (tmp_path / "point" / "flat.py").write_text("\n")
    assert fingerprint("") == outer
    assert fingerprint("point") != inner
    inner = fingerprint("point")
    (tmp_path / "layout.py").write_text("\n")
    assert fingerprint("") != outer
    assert fingerprint("point") != inner
