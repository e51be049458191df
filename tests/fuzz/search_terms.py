"""Search terms that never come twice: what is remembered of them stays bounded, and no answer is wrong."""

import gc
import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pyarrow as pa

import fasttwitch as ft

NOW = datetime(2026, 2, 1, tzinfo=UTC)
BOUND_BYTES = 128 << 20  # for two columns, each with what is forgotten and not yet given back
CHECKED_EVERY = 997
SCHEMA = pa.schema({"term": pa.string(), "place": pa.dictionary(pa.int32(), pa.string()), "age": pa.int64()})
RULES = {
    "named": 'term in ["shoes", "red shoes", "t5"] || place == "t7"',
    "shoes": 'term.contains("shoe") && !term.startsWith("blue")',
    "digits": 'term.matches("[0-9]{3}$") || place.endsWith("0")',
    "short": "term.size() < 12",
    "number": "int(term) > 5",
    "sorted": 'term < "m" && place >= "t5"',
    "young": 'age < 30 && term.lowerAscii() != "x"',
    "both": "term == place",
}


def terms(count: int, random: Random) -> Iterator[str]:
    """Yield so many strings, all different: short and long ones, letters of one to four bytes."""
    words = ("shoes", "red shoe", "blue shoes", "t", "", "Z\u00fcrich ", "\U0001f45f", "x" * 300, "y" * 70)
    for number in range(count):
        yield f"{random.choice(words)}{number}"


def fuzz_terms(count: int, seed: int, trace: bool) -> int:
    """Ask about customers who all searched for something else; return 1 if memory grows or an answer is wrong."""
    random = Random(f"terms/{seed}")
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": RULES}), SCHEMA)
    falses = program.draft({f"not-{name}": f'!segment("{name}")' for name in program.names})
    sampled: list[tuple[dict[str, object], ft.Match]] = []
    for number in range(1000):
        program.match({"term": f"warm {number}", "place": "t5", "age": 3}, now=NOW)
    gc.collect()
    if trace:
        tracemalloc.start()
    start = most = resident()
    begun = time.perf_counter()
    latest = "t0"
    for number, term in enumerate(terms(count, random)):
        profile: dict[str, object] = {"term": term, "age": number % 60}
        if number % 3 == 0:
            profile["place"] = latest
        latest = term
        match = program.match(profile, now=NOW)
        if number % CHECKED_EVERY == 0:
            sampled.append((profile, match))
        if number % 50_000 == 0:
            most = max(most, resident())
        if number % 1_000_000 == 999_999:
            print(
                f"{number + 1:,} terms, {(most - start) / 2**20:.1f} MiB more, {time.perf_counter() - begun:.0f} s",
                flush=True,
            )
    most = max(most, resident())
    traced = tracemalloc.get_traced_memory()[1] if trace else 0
    grown = traced or most - start
    # Not before: bulk evaluation remembers strings, too.
    wrong = settle(program, falses, sampled)
    print(
        f"{count:,} distinct terms: {grown / 2**20:.1f} MiB more at most ({'traced' if trace else 'resident'}), "
        f"{len(sampled):,} answers compared with bulk evaluation, {wrong} wrong, "
        f"{(time.perf_counter() - begun) / max(count, 1) * 1e6:.1f} us each (seed {seed})"
    )
    return 1 if wrong or grown > BOUND_BYTES else 0


def settle(program: ft.Program, falses: ft.Program, sampled: list[tuple[dict[str, object], ft.Match]]) -> int:
    """Return how many of the answers differ from those of bulk evaluation; tells the first."""
    if not sampled:
        return 0
    table = pa.table(
        {
            name: pa.array([profile.get(name) for profile, _ in sampled], SCHEMA.field(name).type)
            for name in SCHEMA.names
        }
    )
    true, false = program.select(table, now=NOW, threads=1), falses.select(table, now=NOW, threads=1)
    wrong = 0
    for name in program.names:
        chosen, refused = true.mask(name).to_pylist(), false.mask(f"not-{name}").to_pylist()
        for (profile, match), yes, no in zip(sampled, chosen, refused, strict=True):
            if (name in match.segments, name in match.unknown) != (yes, not yes and not no):
                wrong += 1
                if wrong < 4:
                    print(f"wrong: `{RULES[name]}` for {profile}: bulk says {yes} and {no}, the match {match!r}")
    return wrong


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
