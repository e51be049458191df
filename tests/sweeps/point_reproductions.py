"""A mismatch of the point evaluator, made small: few rules, small ones, one customer of whom little is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.syntax import parse, print_expression
from tests.generators.profiles import plain_schema, shown
from tests.oracle.arrow import rows
from tests.oracle.instants import microseconds
from tests.oracle.interpreter import answers
from tests.oracle.kinds import World, kind_of
from tests.sweeps.point_verdicts import PointCase, PointMismatch
from tests.sweeps.point_ways import LATER, MAIN_WAYS, OTHER_WAYS, Asked, Way, by_base_row, by_mapping, by_row
from tests.sweeps.verdicts import LETTERS, SEGMENT, parts, shortened

MOST_TRIES = 300
WAYS: Mapping[str, Way] = {
    **MAIN_WAYS,
    **OTHER_WAYS,
    "row, an hour later": by_row,
    "base row, an hour later": by_base_row,
    "mapping, an hour later": by_mapping,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Rules and one customer; `differs` says how the way's answer to the last rule is wrong, "" if it is right."""

    tried: PointCase
    way: Way
    rules: Mapping[str, str]
    target: str
    table: pa.Table
    profile: Mapping[str, object]
    later: bool

    def with_rules(self, rules: Mapping[str, str]) -> "Attempt":
        """Return the attempt with other rules."""
        return Attempt(self.tried, self.way, rules, self.target, self.table, self.profile, self.later)

    def with_profile(self, profile: Mapping[str, object]) -> "Attempt":
        """Return the attempt with a customer of whom less is known."""
        table = profile_table([profile], plain_schema(self.tried.trial.shape.schema))
        return Attempt(self.tried, self.way, self.rules, self.target, table, profile, self.later)

    def differs(self) -> str:
        """Return both letters if they differ, or what was raised."""
        trial = self.tried.trial
        now = self.tried.now + LATER if self.later else self.tried.now
        trees = {name: parse(text) for name, text in self.rules.items()}
        world = World(trial.world.types, trees, trial.lists, microseconds(now))
        truth = answers(world, rows(self.table))[self.target][0]
        ruleset = ft.load_ruleset({**trial.document, "segments": dict(self.rules)})
        program = ft.compile(ruleset, trial.shape.schema)
        try:
            (match,) = self.way(Asked(program, self.table, [self.profile], [0], now, Random(1)))
        except Exception as error:
            return f"{LETTERS[truth]} against {type(error).__name__}: {error}"
        letter = "T" if self.target in match.segments else "U" if self.target in match.unknown else "F"
        return "" if letter == LETTERS[truth] else f"{LETTERS[truth]} against {letter}"


def reproduction(tried: PointCase, mismatch: PointMismatch) -> str:
    """Return the smallest rules and the smallest profile that still show a mismatch, to be read."""
    first = (
        f"{mismatch.way}: {mismatch.name}, row {mismatch.row} of table {mismatch.group}: "
        f"{shortened(mismatch.expected)} against {shortened(mismatch.found)}"
    )
    if mismatch.row < 0 or mismatch.way not in WAYS:
        return first
    group = tried.groups[mismatch.group]
    raised = mismatch.name not in tried.trial.rules
    whole = Attempt(
        tried,
        WAYS[mismatch.way],
        tried.trial.rules,
        list(tried.trial.rules)[-1] if raised else mismatch.name,
        group.table.slice(mismatch.row, 1),
        group.profiles[mismatch.row] or {},
        mismatch.way.endswith("an hour later"),
    )
    if not works(whole):
        return f"{first}\n  asked again alone, both agree"
    small = fewer_names(smaller_rules(fewer_rules(whole)))
    lines = [first, *(f"  rule   {name}: {shortened(text)}" for name, text in small.rules.items())]
    text = " ".join(small.rules.values())
    types = ", ".join(f"{field.name}: {field.type}" for field in tried.trial.shape.schema if field.name in text)
    lines.append(f"  profile {shown(small.profile)}")
    lines.append(f"  row     { {path: value for path, value in rows(small.table)[0].items() if path in text} }")
    lines.append(f"  {small.target} is {small.differs()}")
    lines.append(f"  types  {types}; now {tried.now.isoformat()}")
    return "\n".join(lines)


def works(attempt: Attempt) -> bool:
    """Return whether an attempt still shows a mismatch; one that cannot be made does not."""
    try:
        return attempt.differs() != ""
    except Exception:
        return False


def fewer_rules(attempt: Attempt) -> Attempt:
    """Return the attempt without rules that it does not need."""
    tries = 0
    size = len(attempt.rules) // 2 or 1
    alone = attempt.with_rules(closed(attempt.rules, {attempt.target}))
    if works(alone):
        return alone
    while size and tries < MOST_TRIES:
        names = [name for name in attempt.rules if name != attempt.target]
        shrunk = False
        for start in range(0, len(names), size):
            tries += 1
            kept = {*names[:start], *names[start + size :], attempt.target}
            smaller = attempt.with_rules(closed(attempt.rules, kept))
            if len(smaller.rules) < len(attempt.rules) and works(smaller):
                attempt, shrunk = smaller, True
                break
        if not shrunk:
            size //= 2
    return attempt


def closed(rules: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    """Return the wanted rules and those that they refer to."""
    needed = set(wanted)
    for name in reversed(list(rules)):  # each refers only to earlier ones
        if name in needed:
            needed |= set(SEGMENT.findall(rules[name]))
    return {name: text for name, text in rules.items() if name in needed}


def smaller_rules(attempt: Attempt) -> Attempt:
    """Return the attempt with every rule cut down to one of its parts, where that is enough."""
    world = attempt.tried.trial.world
    for _ in range(MOST_TRIES):
        smaller = next((one for one in cut_down(attempt, world) if works(one)), None)
        if smaller is None:
            return attempt
        attempt = smaller
    return attempt


def cut_down(attempt: Attempt, world: World) -> Iterator[Attempt]:
    """Yield the attempt with one part in the place of a rule, and with a segment's text in the place of its name."""
    for name, text in attempt.rules.items():
        for part in parts(parse(text)):
            try:
                fits = kind_of(part, world) == BOOL
            except Exception:
                fits = False
            if fits:
                changed = {**attempt.rules, name: print_expression(part)}
                yield attempt.with_rules(closed(changed, set(changed)))
    referred = {name for text in attempt.rules.values() for name in SEGMENT.findall(text)}
    for name in attempt.rules:
        if name not in referred and name != attempt.target:
            yield attempt.with_rules({other: text for other, text in attempt.rules.items() if other != name})


def fewer_names(attempt: Attempt) -> Attempt:
    """Return the attempt with a customer of whom less is known, where that is enough."""
    for name in list(attempt.profile):
        less = {other: value for other, value in attempt.profile.items() if other != name}
        try:
            smaller = attempt.with_profile(less)
        except ft.DataError:
            continue
        if works(smaller):
            attempt = smaller
    return attempt
