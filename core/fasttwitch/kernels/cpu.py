"""What this processor can do, and which variant of the kernels suits it."""

import functools

WIDE, AVX2, PORTABLE = "wide", "avx2", "portable"
VARIANTS = (WIDE, AVX2, PORTABLE)  # the best first

# AVX-512 as every server since Skylake-SP and Zen 4 has it; below it Haswell, and Zen.
WIDE_FEATURES = ("avx512f", "avx512bw", "avx512dq", "avx512vl")
_NEEDED = {WIDE: WIDE_FEATURES, AVX2: ("avx2", "bmi2"), PORTABLE: ()}

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


def missing_for(variant: str) -> tuple[str, ...]:
    """Return the features that a variant needs and this processor lacks."""
    return tuple(feature for feature in _NEEDED[variant] if feature not in features())


def runnable() -> tuple[str, ...]:
    """Return the variants that this processor can run, the best first."""
    return tuple(variant for variant in VARIANTS if not missing_for(variant))


def best_variant() -> str:
    """Return the variant to use unless one is forced."""
    return runnable()[0]
