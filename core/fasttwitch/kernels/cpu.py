"""What this processor can do, and which variant of the kernels suits it."""

import functools

WIDE, PORTABLE = "wide", "portable"
VARIANTS = (WIDE, PORTABLE)

# AVX-512 as every server since Skylake-SP and Zen 4 has it.
WIDE_FEATURES = ("avx512f", "avx512bw", "avx512dq", "avx512vl")

TRANSPOSITION_FEATURES = ("gfni", "avx512vbmi")  # Ice Lake and Zen 4 have these too


@functools.cache
def features() -> frozenset[str]:
    """Return the names, as LLVM spells them, of the features that this processor has."""
    from llvmlite import binding

    return frozenset(name for name, present in binding.get_host_cpu_features().items() if present)


@functools.cache
def name() -> str:
    """Return LLVM's name for this processor, such as "znver4"."""
    from llvmlite import binding

    return str(binding.get_host_cpu_name())


def missing_for_wide() -> tuple[str, ...]:
    """Return the features that the wide variant needs and this processor lacks."""
    return tuple(feature for feature in WIDE_FEATURES if feature not in features())


def best_variant() -> str:
    """Return the variant to use unless one is forced."""
    return PORTABLE if missing_for_wide() else WIDE
