"""Fuzz single customers: only typed errors, in the words of bulk evaluation, or its answers.

    python tests/fuzz/fuzz_profiles.py --profiles 1000000 --seed 1
    python tests/fuzz/fuzz_profiles.py --terms 10000000          # search terms that never come twice

For each profile, `match`, `row` and `match_many` raise the DataError that `profile_table` raises for the same profile,
or answer as a bulk run over that table does. A profile that breaks this is printed, and the run goes on; exits with 1.
"""

import argparse
import reprlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeAlias, TypeVar

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

import fasttwitch as ft  # noqa: E402
from fasttwitch.batch.profiles import profile_table  # noqa: E402
from tests.fuzz.search_terms import fuzz_terms  # noqa: E402
from tests.generators.rubbish import SCHEMA, wild_profile  # noqa: E402

NOW = datetime(2026, 2, 1, tzinfo=UTC)
BATCH = 500  # profiles that one bulk run judges
SHOWN, SHOWN_EACH = 30, 2  # kinds of broken promises that are printed, and how many of each


class Short(reprlib.Repr):
    """Shows any value in a few characters, also one that cannot be told."""

    def repr1(self, x: Any, level: int) -> str:
        """Return a few characters."""
        try:
            return super().repr1(x, level)
        except Exception as error:
            return f"<{type(x).__name__}: {type(error).__name__}>"


SHORT = Short()
SHORT.maxdict, SHORT.maxstring, SHORT.maxother, SHORT.maxlong = 30, 60, 90, 60
Profile: TypeAlias = Mapping[Any, object]
T = TypeVar("T")
Names: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
RULES = {
    "nobody": "false",
    "everybody": "true",
    "grown": "age >= 18 && !(age > 99)",
    "scores": "score in [0, 5, 7, 9223372036854775807] || score < -1",
    "points": "points > 3u || points == 200u",
    "visits": "visits >= 9223372036854775808u || visits == 0u",
    "half": "half > 0.1 || half == 65504.0",
    "rates": "rate == 0.1 || rate > 3.0",
    "value": "ltv > 500.0 || !(ltv <= 0.0)",
    "nan": "ltv != ltv || math.isNaN(rate)",
    "zero": "1.0 / ltv < 0.0",
    "agreed": "opt_in",
    "metal": 'tier in ["gold", "silver"]',
    "letters": 'tier.startsWith("a") || tier.contains("\\u00fc") || tier.endsWith("b")',
    "pattern": 'tier.matches("^[a-z]+$") && note.size() < 200',
    "noted": 'note.lowerAscii() == "gold" || note.contains("no")',
    "version": 'semver(note) >= "1.0.0"',
    "numeric": "int(tier) > 3",
    "towns": 'city == "DE" || city > "b"',
    "levels": "level == 3 || level > 100",
    "seen": "now - seconds < days(30)",
    "seen_long_ago": 'micros < timestamp("1970-01-01T00:00:00Z")',
    "night": 'nanos.getHours("Europe/Berlin") < 6',
    "newer": "micros > nanos",
    "young": 'born > date("2000-01-01")',
    "same_day": "born == born64",
    "long": "length > hours(1) || fine_length > minutes(1)",
    "cheap": "price < 5.00 || price in [0.01, 100]",
    "amounts": "amount == 1.5 || amount > 1000",
    "there": 'address.zip == "42" || address.zip.size() > 100',
    "address": "address != null && !has(address.geo)",
    "north": "address.geo.lat > 2.0",
    "moved": "now - address.since < days(365)",
    "sum": "age + int(points) > 100 || score * 2 > 9",
    "product": "score * score >= 0",
    "bucket": 'bucket(tier, "salt", 100) < 50',
    "fallback": 'coalesce(tier, "none") == "none"',
    "known": 'isKnown(age > 3) && isTrue(segment("agreed")) || segment("young")',
    "unknown": "!isKnown(ltv > 0.0 && score > 0)",
    "choice": 'opt_in ? age > 30 : tier == "gold"',
}


@dataclass(slots=True)
class Fuzzed:
    """What came of the profiles so far.

    said   how often each kind of error was told, by its words without the values
    kinds  how often each kind of promise was broken
    """

    profiles: int = 0
    refused: int = 0
    broken: int = 0
    said: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def program_of_all() -> ft.Program:
    """Return a program whose rules read every attribute that rules can read, but one."""
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": RULES}), SCHEMA)


def told(ask: Callable[[], T]) -> T | str:
    """Return the answer, or the words of the error; an error of another class is named by its class."""
    try:
        answer = ask()
    except ft.DataError as error:
        return str(error)
    except Exception as error:
        return f"!{type(error).__name__}: {error}"
    return answer


def refusal(profiles: Sequence[Profile]) -> str:
    """Return what bulk evaluation says is wrong with profiles, "" if nothing is; "!" and more if it fails itself."""
    try:
        profile_table(profiles, SCHEMA)
    except ft.DataError as error:
        return str(error)
    except Exception as error:
        return f"!{type(error).__name__}: {error}"
    return ""


def known(profile: Profile) -> dict[str, object]:
    """Return the profile without the names that the schema lacks."""
    return {name: value for name, value in profile.items() if isinstance(name, str) and name in SCHEMA.names}


def words(text: str) -> str:
    """Return the plain words of a text: not the values in it."""
    return " ".join(word for word in text.split() if word.strip("!:,;").isalpha())[:60]


class Judge:
    """Puts profiles to a program, gathers those that are answered, and lets a bulk run judge them together."""

    def __init__(self, program: ft.Program, random: Random) -> None:
        self.program, self.random, self.found = program, random, Fuzzed()
        self.answered: list[tuple[dict[str, object], Names]] = []
        self.falses = program.draft({f"not-{name}": f'!segment("{name}")' for name in program.names})

    def judge(self, profile: Profile) -> None:
        """Ask about one profile in some way."""
        program = self.program
        self.found.profiles += 1
        ignore = self.random.random() < 0.3
        extra = "ignore" if ignore else "error"
        seen = known(profile) if ignore else profile
        match self.random.randrange(3):
            case 0:
                answer = told(lambda: program.match(program.row(profile, extra=extra), now=NOW))
            case 1:
                answer = told(lambda: program.match_many([profile], now=NOW, extra=extra)[0])
            case _:
                answer = told(lambda: program.match(profile, now=NOW, extra=extra))
        wrong = answer if isinstance(answer, str) else ""
        expected = refusal([seen]) if wrong else ""
        if wrong != expected or wrong.startswith("!"):
            self.broken(profile, expected or "an answer", wrong)
        elif wrong:
            self.found.refused += 1
            self.found.said[words(wrong.split("\n")[0])] += 1
        else:
            assert isinstance(answer, ft.Match)
            self.answered.append((dict(seen), (answer.segments, answer.unknown)))
            if len(self.answered) >= BATCH:
                self.settle()

    def judge_many(self, profiles: Sequence[Profile]) -> None:
        """Ask about several profiles at once, some of which may be wrong."""
        self.found.profiles += len(profiles)
        answer = told(lambda: self.program.match_many(list(profiles), now=NOW))
        expected = refusal(profiles)
        if isinstance(answer, str):
            if answer != expected or answer.startswith("!"):
                self.broken(list(profiles), expected or "an answer", answer)
        elif expected:
            self.broken(list(profiles), expected, "an answer")
        else:
            assert not isinstance(answer, ft.Match)
            pairs = zip(profiles, answer, strict=True)
            self.answered += [(dict(profile), (match.segments, match.unknown)) for profile, match in pairs]

    def settle(self) -> None:
        """Compare the answers that were given with those of bulk evaluation."""
        waiting, self.answered = self.answered, []
        try:
            table = profile_table([profile for profile, _ in waiting], SCHEMA)
        except Exception as error:
            for profile, _ in waiting:
                expected = refusal([profile])
                if expected:
                    self.broken(profile, expected, "an answer")
            if len(waiting) == 1:
                return
            self.broken("some profile", f"{type(error).__name__}: {error}", "an answer")
            return
        true = self.program.select(table, now=NOW, threads=1)
        false = self.falses.select(table, now=NOW, threads=1)
        chosen = {name: true.mask(name).to_pylist() for name in self.program.names}
        refused = {name: false.mask(f"not-{name}").to_pylist() for name in self.program.names}
        for row, (profile, found) in enumerate(waiting):
            right = (
                tuple(name for name in chosen if chosen[name][row]),
                tuple(name for name in chosen if not chosen[name][row] and not refused[name][row]),
            )
            if found != right:
                differing = {*found[0]} ^ {*right[0]} | {*found[1]} ^ {*right[1]}
                self.broken(profile, f"{right}", f"{found}, which differ in {sorted(differing)}")

    def broken(self, profile: object, expected: str, found: str) -> None:
        """Count a broken promise, and tell the first ones of each kind."""
        self.found.broken += 1
        kind = f"{words(expected)[:30]} / {words(found)[:30]}"
        self.found.kinds[kind] += 1
        if self.found.kinds[kind] <= SHOWN_EACH and len(self.found.kinds) <= SHOWN:
            shown = SHORT.repr(dict(profile) if isinstance(profile, Mapping) else profile)
            print(f"broken by {shown}\n  expected {expected[:400]}\n  found    {found[:400]}", flush=True)


def fuzz(profiles: int, seed: int) -> Fuzzed:
    """Return what came of so many random profiles."""
    random = Random(f"profiles/{seed}")
    judge = Judge(program_of_all(), random)
    begun = time.perf_counter()
    while judge.found.profiles < profiles:
        if random.randrange(50) == 0:
            judge.judge_many([wild_profile(random) for _ in range(random.randint(0, 5))])
        else:
            judge.judge(wild_profile(random))
        if judge.found.profiles % 100_000 == 0:
            print(f"{judge.found.profiles:,} profiles, {time.perf_counter() - begun:.0f} s", flush=True)
    judge.settle()
    found = judge.found
    print(
        f"{found.profiles:,} profiles: {found.refused:,} refused in {len(found.said)} ways of saying it, "
        f"{found.broken} promises broken, in {time.perf_counter() - begun:.0f} s (seed {seed})"
    )
    for kind, count in found.kinds.most_common(SHOWN):
        print(f"  {count:,} times: {kind}")
    return found


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--terms", type=int, default=0, help="instead: so many distinct search terms")
    parser.add_argument("--trace", action="store_true", help="with --terms: count bytes by tracemalloc, which is slow")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # half surrogates are printed, too
    if options.terms:
        return fuzz_terms(options.terms, options.seed, options.trace)
    return 1 if fuzz(options.profiles, options.seed).broken else 0


if __name__ == "__main__":
    sys.exit(main())
