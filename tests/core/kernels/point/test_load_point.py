"""Which point kernels a process runs on."""

import pytest

from fasttwitch.kernels import cpu
from fasttwitch.kernels.point import load
from fasttwitch.kernels.point.load import load_point


def test_kernels_are_loaded_once() -> None:
    assert load_point("portable") is load_point("portable")


def test_a_variant_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r'^unknown kernels `fast`: use "wide" or "portable"$'):
        load_point("fast")


def test_without_permutes_of_bytes_the_wide_kernels_verify_like_the_portable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skylake has AVX-512, but neither VBMI nor VBMI2."""
    known = cpu.features()
    monkeypatch.setattr(cpu, "features", lambda: known - {"avx512vbmi", "avx512vbmi2"})
    siblings = load._siblings("wide")
    portable = load._siblings("portable")
    assert siblings["verify"] is portable["verify"]
    assert siblings["write_bits"] is portable["write_bits"]
    assert (siblings["deposit"] is portable["deposit"]) == ("bmi2" not in known)
