"""Walks of single customers against the slow truth: after each step, which segments were entered and left, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import Any

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table, wrong_values
from tests.generators.profiles import plain_schema, said_profiles, shown
from tests.generators.trials import Trial
from tests.oracle.arrow import rows
from tests.oracle.instants import microseconds, moment
from tests.oracle.interpreter import Truth, answers
from tests.sweeps.verdicts import accepted, case

WALKS = 4  # of each trial, each from a customer of its own; they share a clock, so that the slow truth is made once
MOST_CHANGED = 3  # attributes in a step, mostly one
PAUSES = (1, 1_000_000, 3_600_000_000, 86_400_000_000, 30 * 86_400_000_000, 400 * 86_400_000_000)  # µs
STILL = 3  # of four steps, time stands still

Profile = Mapping[str, object]


@dataclass(slots=True)
class Walked:
    """How much has been compared.

    changes  of customers, step by step and from any earlier one, each judged by all rules
    pairs    of a rule and a step
    moves    segments entered and left
    """

    changes: int = 0
    pairs: int = 0
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What a customer is after a step.

    changes  what the step has changed, absent names being null
    at       µs since 1970 UTC
    """

    profile: Profile
    changes: dict[str, object]
    at: int


def check_walks(trial: Trial, random: Random, steps: int, walked: Walked, walks: int = WALKS) -> list[str]:
    """Return where the deltas of random walks differ from those of the slow truth, in words."""
    kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
    trial = replace(kept.trial, table=trial.table)
    schema = plain_schema(trial.shape.schema)
    said = [one for one in said_profiles(random, rows(trial.table), trial.shape.schema) if one is not None]
    if not said:
        return []
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    pauses = [0 if random.randrange(4) < STILL else random.choice(PAUSES) for _ in range(steps)]
    clock = list(accumulate(pauses, initial=trial.shape.now))
    drawn = [drawn_walk(random, said, schema, clock) for _ in range(walks)]
    truths = truths_of(trial, [step for walk in drawn for step in walk], schema)
    wrong: list[str] = []
    for number, walk in enumerate(drawn):
        own = truths[number * len(clock) : (number + 1) * len(clock)]
        wrong += differences(program, walk, own, random, walked)
    return wrong


def drawn_walk(random: Random, said: Sequence[Profile], schema: Any, clock: Sequence[int]) -> list[Step]:
    """Return a customer step by step; the first step changes nothing."""
    walk = [Step(dict(random.choice(said)), {}, clock[0])]
    while len(walk) < len(clock):
        before = walk[-1]
        other = random.choice(said)
        names = random.sample(schema.names, min(random.choice((0, 1, 1, 1, 1, 2, MOST_CHANGED)), len(schema.names)))
        changes = {name: other.get(name) for name in names}
        profile = {**before.profile, **changes}
        if wrong_values(profile, schema):
            continue  # names of other classes
        walk.append(Step(profile, changes, clock[len(walk)]))
    return walk


def truths_of(trial: Trial, walk: Sequence[Step], schema: Any) -> list[Mapping[str, Truth]]:
    """Return what each segment says after each step."""
    told = rows(profile_table([step.profile for step in walk], schema))
    found: list[Mapping[str, Truth]] = [{}] * len(walk)
    still = trial.world
    by_instant: dict[int, list[int]] = {}
    for place, step in enumerate(walk):
        by_instant.setdefault(step.at, []).append(place)
    for at, places in by_instant.items():
        world = replace(still, now=at, compiled={})  # which know the instant that they were made for
        truths = answers(world, [told[place] for place in places])
        for number, place in enumerate(places):
            found[place] = {name: truth[number] for name, truth in truths.items()}
    return found


def differences(
    program: ft.Program, walk: Sequence[Step], truths: Sequence[Mapping[str, Truth]], random: Random, walked: Walked
) -> list[str]:
    """Return where one walk differs, in words: `advance` step by step, `delta` of neighbours and of any two steps."""
    wrong: list[str] = []
    row = program.row(walk[0].profile)
    row, first = program.advance(row, {}, now=moment(walk[0].at))
    if first:
        wrong.append(f"the first step changes something: {first}")
    for place, step in enumerate(walk[1:], 1):
        before = walk[place - 1]
        row, advanced = program.advance(row, step.changes, now=moment(step.at))
        now, since = moment(step.at), moment(before.at)
        near = program.delta(before.profile, step.profile, now=now, since=since)
        far = random.randrange(place)
        apart = program.delta(walk[far].profile, row, now=now, since=moment(walk[far].at))
        for way, origin, delta in (("advance", place - 1, advanced), ("delta", place - 1, near), ("far", far, apart)):
            found = judged(program, delta, walk[origin], step, truths[origin], truths[place])
            wrong += [f"{way}: {one}" for one in found]
        for delta in (advanced, apart):
            walked.changes += 1
            walked.pairs += len(program.names)
            walked.moves += len(delta.entered) + len(delta.left)
    return wrong


def judged(
    program: ft.Program, delta: ft.Delta, before: Step, after: Step, was: Mapping[str, Truth], now: Mapping[str, Truth]
) -> list[str]:
    """Return what is wrong with one delta."""
    entered = tuple(name for name in program.names if now[name] is True and was[name] is not True)
    left = tuple(name for name in program.names if was[name] is True and now[name] is not True)
    if (delta.entered, delta.left, bool(delta)) != (entered, left, bool(entered or left)):
        return [f"+{delta.entered} -{delta.left} and not +{entered} -{left}: {_told(before, after)}"]
    wrong = []
    for name, cause in delta.causes.items():
        if not cause.attributes and not cause.clock:
            wrong.append(f"{name} has no cause")
        if cause.clock and before.at == after.at:
            wrong.append(f"{name} by the clock that stands still")
        same = [one for one in cause.attributes if _part(before.profile, one) is _part(after.profile, one)]
        if same:
            wrong.append(f"{name} by {same}, which are as they were")
    if (microseconds(delta.since), microseconds(delta.now)) != (before.at, after.at):
        wrong.append(f"instants {delta.since} and {delta.now}")
    return [f"{one}: {_told(before, after)}" for one in wrong]


def _told(before: Step, after: Step) -> str:
    return f"{shown(before.profile)} at {moment(before.at)} to {shown(after.profile)} at {moment(after.at)}"


def _part(profile: Profile, name: str) -> object:
    """Return the top-level value that an attribute is a part of."""
    return profile.get(name.partition(".")[0])
