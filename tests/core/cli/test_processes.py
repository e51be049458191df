"""Real processes: imports, signals, kills, pipes and terminals."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PATIENCE_SECONDS = 300  # a busy machine may have to compile the kernels first
COMMAND = [sys.executable, "-m", "fasttwitch.cli.main"]
RULES = "version: 1\nlanguage: cel/1\nsegments:\n" + "".join(
    f"  s{number}: ltv > {number}.0\n" for number in range(100)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    rows = 20_000
    table = pa.table({"customer_id": pa.array(range(rows)), "ltv": pa.array([float(row % 100) for row in range(rows)])})
    pq.write_table(table, tmp_path / "customers.parquet")
    return tmp_path


def audience(folder: Path) -> list[str]:
    return [*COMMAND, "audience", f"{folder}/rules.yaml", f"{folder}/customers.parquet", "--out", f"{folder}/out"]


def start_and_wait_for_writing(folder: Path) -> subprocess.Popen[str]:
    """Return a job that is in the middle of its files: one of them cannot be finished before we say so."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *audience(folder)[3:]], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not list(folder.glob(".out.*.partial/s1.parquet")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


# The command itself, with a pause between files so that a signal meets it at work.
SLOW = """
import sys, time
from fasttwitch.cli.main import main
from fasttwitch.jobs import audience
write = audience.write_ids
audience.write_ids = lambda *arguments: (write(*arguments), time.sleep(0.3))
main()
"""


def test_help_imports_neither_numba_nor_pyarrow_nor_numpy() -> None:
    code = (
        "import sys\n"
        "from fasttwitch.cli.main import cli\n"
        "for command in ([], ['audience'], ['check'], ['demo'], ['doctor'], ['fmt'], ['schema'], ['test']):\n"
        "    cli.main([*command, '--help'], standalone_mode=False)\n"
        "print(sorted({'numba', 'pyarrow', 'numpy', 'yaml', 'polars'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    )
    assert done.stderr == "[]\n"


def test_control_c_leaves_nothing_behind(folder: Path) -> None:
    process = start_and_wait_for_writing(folder)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err) == (130, "\ninterrupted: nothing was changed\n")
    assert sorted(one.name for one in folder.iterdir()) == ["customers.parquet", "rules.yaml"]


def test_a_request_to_stop_leaves_nothing_behind(folder: Path) -> None:
    process = start_and_wait_for_writing(folder)
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 143
    assert sorted(one.name for one in folder.iterdir()) == ["customers.parquet", "rules.yaml"]


def test_a_kill_leaves_the_earlier_results_and_the_next_run_cleans_up(folder: Path) -> None:
    earlier = {"vip.parquet": b"ids", "summary.json": b'{"segments": [{"file": "vip.parquet"}]}'}
    (folder / "out").mkdir()
    for name, content in earlier.items():
        (folder / "out" / name).write_bytes(content)
    process = start_and_wait_for_writing(folder)
    process.kill()
    process.communicate(timeout=PATIENCE_SECONDS)
    assert {one.name: one.read_bytes() for one in (folder / "out").iterdir()} == earlier
    assert len(list(folder.glob(".out.*.partial"))) == 1
    subprocess.run(audience(folder), check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    assert sorted(one.name for one in folder.iterdir()) == ["customers.parquet", "out", "rules.yaml"]
    assert len(json.loads((folder / "out" / "summary.json").read_text())["segments"]) == 100


def test_a_disk_that_fills_up_ends_with_four(folder: Path) -> None:
    """A small file system of our own where that is allowed, else a limit on file sizes."""
    script = (
        f"mkdir {folder}/disk && mount -t tmpfs -o size=300k tmpfs {folder}/disk 2>/dev/null || exit 99; "
        f'"$@" --out {folder}/disk/out; code=$?; ls -A {folder}/disk; exit $code'
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *audience(folder)[:-2]],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    if done.returncode in (1, 99) and "Parquet" not in done.stderr and "disk" not in done.stderr:
        pytest.skip("mounting is not allowed here")
    assert done.returncode == 4
    assert done.stderr == (
        f"error: cannot write to {folder}/disk/out: no space left on device\n"
        "  = fix: free some space, or write to another disk\n"
    )
    assert done.stdout == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize(
    "command", [["schema"], ["check", "rules.yaml"], ["check", "rules.yaml", "--json"], ["--help"]]
)
def test_an_answer_that_finds_no_room_ends_with_four(folder: Path, command: list[str]) -> None:
    """`fasttwitch schema > file` on a full disk: 1 would mean that rules are wrong."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, *command], stdout=full, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert (done.returncode, done.stderr) == (
        4,
        "error: the answer cannot be printed: no space left on device\n"
        "  = fix: free some space, or send it elsewhere\n",
    )


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" | head -n 1', "sh", *COMMAND, "check", f"{folder}/rules.yaml"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.stdout, done.stderr) == ("ok: 100 segments\n", "")


def on_a_terminal(command: list[str], **environment: str) -> str:
    """Return everything that a command shows on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdout=slave, stderr=slave, env={**os.environ, "TERM": "xterm", **environment})
    os.close(slave)
    patience = threading.Timer(PATIENCE_SECONDS, process.kill)
    patience.start()
    shown = b""
    while True:
        try:
            part = os.read(master, 65_536)
        except OSError:  # the other end has closed
            break
        if not part:
            break
        shown += part
    process.wait()
    patience.cancel()
    os.close(master)
    return shown.decode()


def test_a_terminal_gets_colours_and_progress(folder: Path) -> None:
    shown = on_a_terminal(audience(folder), NO_COLOR="")
    assert "\x1b[36m" in shown
    assert "reading customers ..." in shown
    assert "writing audiences" in shown


def test_no_color_is_honoured(folder: Path) -> None:
    check = [*COMMAND, "check", f"{folder}/rules.yaml"]
    assert on_a_terminal(check, NO_COLOR="").startswith("\x1b[32mok\x1b[0m: 100 segments\r\n")
    assert on_a_terminal(check, NO_COLOR="1").startswith("ok: 100 segments\r\n")


def test_two_runs_at_once_leave_one_of_the_two(folder: Path) -> None:
    processes = [subprocess.Popen(audience(folder), stdout=subprocess.DEVNULL) for _ in range(2)]
    assert {process.wait(PATIENCE_SECONDS) for process in processes} <= {0, 4}
    assert len(list((folder / "out").glob("*.parquet"))) == 100
    assert sorted(one.name for one in folder.iterdir()) == ["customers.parquet", "out", "rules.yaml"]
