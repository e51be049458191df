"""What a run of the suite adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.conformance.suite import Skip
from tests.conformance.ways import WAYS, Result

NOTHING = Skip("", frozenset())


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of cases: claimed, passed among those, and how many were run and right in each way."""

    total: int
    claimed: int
    passed: int
    ways: Mapping[str, int]


def tally(results: Mapping[str, Mapping[str, Result]], skips: Mapping[str, Skip]) -> Tally:
    """Return the sums over all cases; a case that is skipped in one way only is claimed in the others."""
    claimed = {name: ways for name, ways in results.items() if name not in skips or skips[name].ways}
    kept = {name: _kept(ways, skips.get(name, NOTHING)) for name, ways in claimed.items()}
    passed = [name for name, ways in kept.items() if all(not result.wrong for result in ways.values())]
    right = {way: sum(way in ways and not ways[way].wrong for ways in kept.values()) for way in WAYS}
    return Tally(len(results), len(claimed), len(passed), right)


def sentence(found: Tally) -> str:
    """Return the line that the README shows."""
    return (
        f"Official CEL conformance tests of scalars, strings and mathematics: passed {found.passed:,} of "
        f"{found.claimed:,} claimed, {found.total:,} in all ({found.ways['folded']:,} as constants, "
        f"{found.ways['lifted']:,} over columns, {found.ways['nulls']:,} over columns with nulls)."
    )


def claimed_failures(results: Mapping[str, Mapping[str, Result]], skips: Mapping[str, Skip]) -> list[str]:
    """Return what is wrong with cases that are claimed, a line each."""
    lines = []
    for name, ways in results.items():
        if name not in skips or skips[name].ways:
            kept = _kept(ways, skips.get(name, NOTHING))
            lines += [f"{name}, {way}: {result.wrong}" for way, result in kept.items() if result.wrong]
    return lines


def unneeded_skips(results: Mapping[str, Mapping[str, Result]], skips: Mapping[str, Skip]) -> list[str]:
    """Return the skips of what would pass, a line each."""
    lines = []
    for name, skip in skips.items():
        ways = results[name]
        if not skip.ways and all(not result.wrong for result in ways.values()):
            lines.append(f"{name} passes")
        lines += [f"{name} passes when {way}" for way in sorted(skip.ways) if way in ways and not ways[way].wrong]
        lines += [f"{name} is never run {way}" for way in sorted(skip.ways) if way not in ways]
    return lines


def _kept(ways: Mapping[str, Result], skip: Skip) -> dict[str, Result]:
    return {way: result for way, result in ways.items() if way not in skip.ways}
