"""Which kernels a process gets, and what it says when it cannot have those it asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fasttwitch.kernels import cpu, load

ALL = frozenset([*cpu.WIDE_FEATURES, *cpu.TRANSPOSITION_FEATURES, "sse2", "avx2", "bmi2"])


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the features of a made-up processor, to be changed."""
    features = set(ALL)
    monkeypatch.setattr(cpu, "features", lambda: features)
    monkeypatch.delenv(load.FORCE, raising=False)
    return features


def test_the_best_variant_is_chosen_for_which_the_processor_has_all_it_needs(processor: set[str]) -> None:
    assert load.chosen() == "wide"
    processor.remove("avx512dq")
    assert load.chosen() == "avx2"
    processor.remove("bmi2")
    assert load.chosen() == "portable"


def test_a_processor_without_transposition_still_runs_wide_kernels(processor: set[str]) -> None:
    """Skylake has AVX-512 but neither GFNI nor VBMI."""
    processor -= set(cpu.TRANSPOSITION_FEATURES)
    assert load.chosen() == "wide"


def test_the_environment_forces_a_variant_and_an_argument_overrides_it(
    processor: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(load.FORCE, "portable")
    assert load.chosen() == "portable"
    assert load.chosen("wide") == "wide"


def test_an_unknown_variant_is_an_error(processor: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError) as asked:  # noqa: PT011
        load.chosen("fast")
    assert str(asked.value) == 'unknown kernels `fast`: use "wide", "avx2" or "portable"'
    monkeypatch.setenv(load.FORCE, "Wide")
    with pytest.raises(ValueError) as forced:  # noqa: PT011
        load.chosen()
    assert str(forced.value) == 'unknown kernels `Wide` (FASTTWITCH_KERNELS): use "wide", "avx2" or "portable"'


def test_wide_kernels_on_a_processor_without_them_are_an_error(processor: set[str]) -> None:
    """They would end the process with an illegal instruction."""
    processor -= {"avx512f", "avx512vl"}
    with pytest.raises(ValueError) as error:  # noqa: PT011
        load.chosen("wide")
    assert str(error.value) == 'this processor cannot run the wide kernels (no avx512f, avx512vl): use "avx2"'


def test_variants_live_in_one_process_and_are_loaded_once() -> None:
    portable = load.load("portable")
    assert portable.variant == "portable"
    assert load.load("portable") is portable
    if not cpu.missing_for(cpu.AVX2):
        assert load.load("avx2").variant == "avx2"
        assert load.load("avx2").run_blocks is portable.run_blocks
    if not cpu.missing_for(cpu.WIDE):
        wide = load.load("wide")
        assert wide.variant == "wide"
        assert wide.run_blocks is not portable.run_blocks
        assert wide.scratch_bytes(7, 2) == portable.scratch_bytes(7, 2)


def python(code: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a fresh interpreter that runs `code`."""
    return subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )


def test_numba_is_imported_when_kernels_are_loaded_and_not_before() -> None:
    """`import numba` costs a second: `--help` must not pay it."""
    code = "import sys, fasttwitch.kernels.load, fasttwitch.kernels.layout; print('numba' in sys.modules)"
    assert python(code).communicate()[0] == "False\n"


REPORT = """
import json, sys
from fasttwitch.kernels import cache, load
lines = []
kernels = load.load("portable", lines.append)
from fasttwitch.kernels import compare
hits = sum(compare.run_tests.stats.cache_hits.values())
print(json.dumps({"lines": lines, "hits": hits, "folder": str(cache.folder(''))}))
"""


@pytest.mark.slow
def test_two_processes_that_start_together_compile_once(tmp_path: Path) -> None:
    """Numba's own cache is unlocked: filled by two at once it can hand one function the code of another."""
    both = [python(REPORT, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2)]
    reports = [json.loads(process.communicate()[0]) for process in both]
    assert reports[0]["folder"] == reports[1]["folder"]
    assert sorted(report["hits"] for report in reports) == [0, 1]
    assert all(report["lines"][0].startswith("compiling the portable kernels") for report in reports)
    third = json.loads(python(REPORT, NUMBA_CACHE_DIR=str(tmp_path)).communicate()[0])
    assert third == {"lines": [], "hits": 1, "folder": reports[0]["folder"]}
