"""A folder of results is all there, or as it was."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from fasttwitch.errors import OutputError
from fasttwitch.jobs import folders
from fasttwitch.jobs.folders import whole_folder


def write_run(folder: Path, **files: str) -> None:
    """Write a run as a job does: files, and a summary that lists them."""
    with whole_folder(folder) as partial:
        for name, content in files.items():
            (partial / name).write_text(content)
        (partial / "summary.json").write_text(json.dumps({"segments": [{"file": name} for name in files]}))


def stop_halfway(folder: Path) -> None:
    with whole_folder(folder) as partial:
        (partial / "vip").write_text("half")
        raise ZeroDivisionError


def write_to_a_full_disk(folder: Path) -> None:
    with whole_folder(folder), open("/dev/full", "w") as full:
        full.write("x")


def listing(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text() for one in folder.iterdir() if one.name != "summary.json"}


def test_a_new_folder_appears_with_its_parents(tmp_path: Path) -> None:
    write_run(tmp_path / "a" / "b", vip="1")
    assert listing(tmp_path / "a" / "b") == {"vip": "1"}
    assert [one.name for one in (tmp_path / "a").iterdir()] == ["b"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_an_earlier_run_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    if not can_exchange:
        monkeypatch.setattr(folders, "_exchange", lambda left, right: False)
    write_run(tmp_path / "out", vip="1", lapsed="2")
    write_run(tmp_path / "out", vip="3")
    assert listing(tmp_path / "out") == {"vip": "3"}
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_an_error_leaves_the_earlier_run(tmp_path: Path) -> None:
    write_run(tmp_path / "out", vip="1")
    with pytest.raises(ZeroDivisionError):
        stop_halfway(tmp_path / "out")
    assert listing(tmp_path / "out") == {"vip": "1"}
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    write_run(tmp_path, vip="1")
    assert listing(tmp_path) == {"vip": "1"}


def test_files_of_others_are_never_removed(tmp_path: Path) -> None:
    write_run(tmp_path / "out", vip="1")
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputError) as caught:
        write_run(tmp_path / "out", vip="2")
    assert str(caught.value) == (
        f"{tmp_path}/out holds other files, like `thesis.tex`, which a new run would remove\n"
        "  = fix: choose a folder of its own for the results"
    )
    assert listing(tmp_path / "out") == {"vip": "1", "thesis.tex": "years of work"}


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError) as caught:
        write_run(tmp_path / "out", vip="1")
    assert str(caught.value) == f"{tmp_path}/out is a file\n  = fix: choose a folder for the results"
    with pytest.raises(OutputError) as caught:
        write_run(tmp_path / "out" / "deeper", vip="1")
    assert str(caught.value) == (
        f"cannot write to {tmp_path}/out/deeper: file exists\n  = fix: a part of the path is a file"
    )


def test_what_a_killed_run_left_is_removed_and_what_a_live_one_writes_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = tmp_path / f".out.{gone.pid}.abc.partial"
    alive = tmp_path / f".out.{os.getpid()}.abc.partial"
    other = tmp_path / f".outer.{gone.pid}.abc.partial"
    for folder in (dead, alive, other):
        folder.mkdir()
        (folder / "vip").write_text("half")
    write_run(tmp_path / "out", vip="1")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([alive.name, other.name, "out"])


def test_a_full_disk_is_reported_and_changes_nothing(tmp_path: Path) -> None:
    """A limit on file sizes fails the same calls as a full disk, and needs no mount."""
    write_run(tmp_path / "out", vip="1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(OutputError) as caught:
            write_run(tmp_path / "out", vip="x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value) == (
        f"cannot write to {tmp_path}/out: file too large\n  = fix: the limit on file sizes is too low here"
    )
    assert listing(tmp_path / "out") == {"vip": "1"}
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_no_space_left_is_said_in_these_words(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_to_a_full_disk(tmp_path / "out")
    assert str(caught.value) == (
        f"cannot write to {tmp_path}/out: no space left on device\n  = fix: free some space, or write to another disk"
    )
    assert list(tmp_path.iterdir()) == []
