"""Files that are replaced whole or not at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fasttwitch.errors import OutputError
from fasttwitch.whole_file import replace_file, write_file


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["rules.yaml"]


def test_a_link_stays_a_link_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "rules.yaml", tmp_path / "rules.yaml"
    real.write_bytes(b"old")
    link.symlink_to(real)
    replace_file(link, b"old", b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    """Whoever may write to the folder could replace it all the same: a rename does not ask."""
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(OutputError) as caught:
        replace_file(path, b"old", b"new")
    assert str(caught.value) == (
        f"{path} is read-only\n  = fix: make it writable, or use --diff to see what would change"
    )
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["rules.yaml"]


def test_what_somebody_else_has_written_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"theirs")
    with pytest.raises(OutputError) as caught:
        replace_file(path, b"old", b"new")
    assert str(caught.value) == (f"{path} has been changed by somebody else meanwhile\n  = fix: run the command again")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["rules.yaml"]


def test_a_file_that_is_gone_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    with pytest.raises(OutputError) as caught:
        replace_file(path, b"old", b"new")
    assert str(caught.value) == (f"cannot write to {path}: no such file or directory\n  = fix: nothing was changed")


def test_what_killed_runs_left_is_removed_and_what_runs_use_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"old")
    dead, alive = tmp_path / ".rules.yaml.4194303.00.partial", tmp_path / f".rules.yaml.{os.getpid()}.00.partial"
    dead.write_bytes(b"")
    alive.write_bytes(b"")
    replace_file(path, b"old", b"new")
    assert not dead.exists()
    assert alive.exists()


def test_a_new_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_file(path, [b"one", memoryview(b"two")])
    assert path.read_bytes() == b"onetwo"
    write_file(path, [b"three"])
    assert path.read_bytes() == b"three"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path, [b""])
    assert str(caught.value) == f"cannot write to {tmp_path}: it is a folder\n  = fix: give the path of a file"
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path / "no" / "a.bin", [b""])
    assert str(caught.value) == (
        f"cannot write to {tmp_path / 'no' / 'a.bin'}: there is no folder {tmp_path / 'no'}\n"
        "  = fix: make the folder first"
    )
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(OutputError, match="is read-only\n  = fix: make it writable, or choose another file"):
        write_file(path, [b"new"])
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def parts() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"cannot write to .*a.bin: no space left on device"):
        write_file(path, parts())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]
