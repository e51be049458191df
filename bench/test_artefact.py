"""Programs as files, one case at a time: `python -m pytest bench/test_artefact.py -k 10000`.

    save   write the file; the plans and the index are there already
    load   map it and check it; nothing is matched
    cold   load, and match the first customer; kernels are loaded, nothing of the program is

`extra_info` has the bytes of the file; for the rival, unpickling object graphs took 4 s at 10,000 rules.
"""

from pathlib import Path

import pyarrow as pa
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fasttwitch as ft
from bench import ours
from bench.workloads import NOW, base, segments

RULES = [100, 1_000, 10_000]


@pytest.fixture(scope="module")
def customers() -> pa.Table:
    return base("mixed", 1_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(scope="module", params=RULES)
def program(request: pytest.FixtureRequest, customers: pa.Table) -> ft.Program:
    compiled = ft.compile(ours.ruleset(segments(request.param)), customers.schema)
    compiled.match({})  # which loads the kernels, and lays the rules out
    return compiled


@pytest.fixture(scope="module")
def path(program: ft.Program, folder: Path) -> Path:
    path = folder / f"{len(program.names)}.ftp"
    program.save(path)
    return path


def test_save(benchmark: BenchmarkFixture, program: ft.Program, path: Path) -> None:
    benchmark.group = f"save {len(program.names)}"
    benchmark.pedantic(program.save, (path,), rounds=10, warmup_rounds=1)
    benchmark.extra_info["bytes"] = path.stat().st_size


def test_load(benchmark: BenchmarkFixture, program: ft.Program, path: Path) -> None:
    benchmark.group = f"load {len(program.names)}"
    benchmark.pedantic(ft.load_program, (path,), rounds=20)
    benchmark.extra_info["bytes"] = path.stat().st_size


def test_cold(benchmark: BenchmarkFixture, program: ft.Program, path: Path, customers: pa.Table) -> None:
    benchmark.group = f"load and match the first customer, {len(program.names)}"
    (profile,) = customers.slice(0, 1).to_pylist()

    def cold() -> tuple[str, ...]:
        return ft.load_program(path).match(profile, now=NOW).segments

    assert cold() == program.match(profile, now=NOW).segments
    benchmark.pedantic(cold, rounds=20)
