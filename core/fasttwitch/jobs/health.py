"""What can be wrong with an installation, and how to find out."""

import math
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

_NEEDED = {"numpy": (2, 1), "numba": (0, 62), "pyarrow": (19,), "pyyaml": (6, 0), "click": (8, 1)}
_PROBE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    state  "ok", "warn" (works, could be better) or "fail"
    fix    what to do about it, "" if nothing need be done
    """

    what: str
    state: str
    found: str
    fix: str = ""


def examine(say: Callable[[str], None]) -> tuple[Finding, ...]:
    """Return what was found, most basic things first; `say` gets lines while kernels are compiled."""
    findings = [_python(), _packages()]
    if any(one.state == "fail" for one in findings):
        return tuple(findings)  # the rest would fail for the same reason, with worse messages
    looks: dict[str, Callable[[], Finding]] = {
        "processor": _processor,
        "kernels": lambda: _kernels(say),
        "cache": _cache,
        "threads": _threads,
        "yaml": _yaml,
        "time zones": _zones,
        "memory": _memory,
        "answers": _answers,
    }
    for what, look in looks.items():
        if what == "answers" and any(one.state == "fail" for one in findings):
            findings.append(Finding(what, "warn", "not compared: mend the above first"))
            continue
        try:
            findings.append(look())
        except Exception as error:  # a doctor must not die of what the patient has
            findings.append(Finding(what, "fail", f"{type(error).__name__}: {error}", "please report this"))
    return tuple(findings)


def _python() -> Finding:
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.maxsize < 2**40:
        return Finding("python", "fail", f"{found}, 32 bits", "use a 64-bit Python")
    return Finding("python", "ok", found)


def _packages() -> Finding:
    shown, old, missing = [], [], []
    for name, least in _NEEDED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        shown.append(f"{name} {found}")
        if tuple(int(part) for part in found.split(".")[: len(least)] if part.isdigit()) < least:
            old.append(f"{name}>={'.'.join(map(str, least))}")
    if missing:
        return Finding("packages", "fail", f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    if old:
        return Finding("packages", "fail", ", ".join(shown), f"pip install -U {' '.join(f'{one!r}' for one in old)}")
    return Finding("packages", "ok", ", ".join(shown))


def _processor() -> Finding:
    from fasttwitch.kernels import cpu

    return Finding("processor", "ok", f"{cpu.name()}, {os.cpu_count()} logical processors")


def _kernels(say: Callable[[str], None]) -> Finding:
    from fasttwitch.kernels import cpu
    from fasttwitch.kernels.load import FORCE, load
    from fasttwitch.kernels.point.load import load_point

    start = time.perf_counter()
    try:
        kernels = load(progress=say)
        load_point(progress=say)
    except ValueError as error:
        return Finding("kernels", "fail", str(error), f"unset {FORCE}")
    loaded = f"loaded in {time.perf_counter() - start:.1f} s"
    if os.environ.get(FORCE):
        return Finding("kernels", "warn", f"{kernels.variant}, forced by {FORCE}; {loaded}", f"unset {FORCE}")
    missing = cpu.missing_for(cpu.WIDE)
    why = f"this processor has no {', '.join(missing)}" if missing else "the best for this processor"
    return Finding("kernels", "ok", f"{kernels.variant}: {why}; {loaded}")


def _cache() -> Finding:
    from fasttwitch.kernels import cache

    folder = cache.folder("")
    if folder is None:
        fix = "set NUMBA_CACHE_DIR to a folder that can be written"
        return Finding("cache", "warn", "none: every process compiles its kernels anew", fix)
    files = [one for one in folder.rglob("*") if one.is_file()]
    size = sum(one.stat().st_size for one in files) / 2**20
    return Finding("cache", "ok", f"{len(files)} files, {size:.1f} MiB in {folder}")


def _threads() -> Finding:
    from fasttwitch.pool import default_threads

    threads, processors = default_threads(), os.cpu_count() or 1
    quota = _processor_quota()
    if quota is not None and quota < threads:
        fix = f"pass --threads {max(1, math.floor(quota))}"
        return Finding("threads", "warn", f"{threads}, but this container may use {quota:g} processors", fix)
    note = "" if threads == processors else f" of {processors} processors: the rest is not for this process"
    return Finding("threads", "ok", f"{threads}{note}")


def _processor_quota() -> float | None:
    """Return how many processors a Linux container may keep busy, or None if there is no limit."""
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            limit, period = file.read().split()
        return None if limit == "max" else int(limit) / int(period)
    except (OSError, ValueError):
        return None


def _yaml() -> Finding:
    import yaml

    if hasattr(yaml, "CSafeLoader"):
        return Finding("yaml", "ok", "reader in C")
    fix = "install PyYAML from a wheel, or build it with libyaml"
    return Finding("yaml", "warn", "reader in Python: rulesets load some twenty times slower", fix)


def _zones() -> Finding:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        return Finding("time zones", "fail", "there is no zone `Europe/Berlin`", "pip install tzdata")
    return Finding("time zones", "ok", "found")


def _memory() -> Finding:
    """Read a block that no cache holds, a few times: bulk runs cannot be faster than this."""
    import numpy as np

    try:
        block = np.ones(_PROBE_BYTES // 8, np.int64)
    except MemoryError:
        return Finding("memory", "warn", f"less than {_PROBE_BYTES >> 20} MiB free", "close other programs")
    best = math.inf
    for _ in range(3):
        start = time.perf_counter()
        block.max()
        best = min(best, time.perf_counter() - start)
    rate = _PROBE_BYTES / best / 1e9
    found = f"one thread reads {rate:.1f} GB/s"
    return Finding("memory", "ok", found) if rate > 2 else Finding("memory", "warn", found, "is the machine busy?")


def _answers() -> Finding:
    """Compare a small ruleset's answers with NumPy's, over enough rows for several blocks and a ragged end."""
    import numpy as np
    import pyarrow as pa

    import fasttwitch as ft

    draw = np.random.default_rng(7)
    rows = 10_007
    ltv, orders = draw.normal(500, 300, rows), draw.integers(0, 9, rows, dtype=np.int32)
    nulls, tier = draw.random(rows) < 0.1, draw.integers(0, 3, rows)
    names = np.array(["bronze", "silver", "gold"])
    table = pa.table({"ltv": pa.array(ltv, mask=nulls), "orders": orders, "tier": names[tier]})
    expected = {
        "high": ~nulls & (ltv > 500),
        "not_high": ~nulls & ~(ltv > 500),
        "vip": ~nulls & (ltv > 500) & (tier == 2) & (orders >= 3),
        "either": (orders * 2 > 9) | (~nulls & (ltv < 100)),
    }
    rules = {
        "high": "ltv > 500",
        "not_high": '!segment("high")',
        "vip": 'segment("high") && tier == "gold" && orders >= 3',
        "either": "orders * 2 > 9 || ltv < 100",
    }
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules})
    audiences = ft.compile(ruleset, table.schema).select(table)
    wrong = [name for name, mask in expected.items() if not np.array_equal(audiences.mask(name).to_numpy(False), mask)]
    if wrong:
        return Finding("answers", "fail", f"wrong for {', '.join(wrong)}", "please report this")
    return Finding("answers", "ok", f"{len(expected)} segments of {rows:,} customers agree with NumPy")
