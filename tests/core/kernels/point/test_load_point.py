"""Which point kernels a process runs on."""

import pytest

from fasttwitch.kernels import cpu
from fasttwitch.kernels.point import load
from fasttwitch.kernels.point.load import load_point


def test_kernels_are_loaded_once() -> None:
    assert load_point("portable") is load_point("portable")


def test_a_variant_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r'^unknown kernels `fast`: use "wide", "avx2" or "portable"$'):
        load_point("fast")


def rooms(variant: str) -> list[str]:
    return list(load.rooms_of(variant).values())


def test_without_permutes_of_bytes_the_wide_kernels_verify_like_those_of_avx2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skylake has AVX-512, but neither VBMI nor VBMI2."""
    monkeypatch.setattr(cpu, "features", lambda: {*cpu.WIDE_FEATURES, "avx2", "bmi2"})
    assert rooms("wide") == ["verify_avx2", "deposit_bmi2", "writing_portable"]


def test_portable_kernels_use_nothing_special() -> None:
    assert rooms("portable") == ["verify_portable", "deposit_portable", "writing_portable"]


def test_a_processor_whose_deposit_is_slow_uses_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zen 2 has BMI2, and takes some 250 cycles for the instruction."""
    monkeypatch.setattr(cpu, "features", lambda: {"avx2", "bmi2"})
    monkeypatch.setattr(cpu, "name", lambda: "znver2")
    assert rooms("avx2") == ["verify_avx2", "deposit_portable", "writing_portable"]
    monkeypatch.setattr(cpu, "name", lambda: "znver3")
    assert rooms("avx2") == ["verify_avx2", "deposit_bmi2", "writing_portable"]
