"""The point evaluator against the slow truth and against bulk evaluation, one trial at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table
from tests.generators.profiles import plain_schema, said_profiles, thinned
from tests.generators.trials import Trial
from tests.oracle.arrow import rows
from tests.oracle.instants import microseconds, moment
from tests.oracle.interpreter import Truth, answers
from tests.oracle.kinds import Row, World
from tests.sweeps.point_ways import LATER, MAIN_WAYS, OTHER_WAYS, Asked, Way
from tests.sweeps.verdicts import LETTERS, accepted, case

SPARSE = 5  # one customer more in so many, of whom little is known
OTHERS_EACH = (4, 1)  # of the other ways, for each group: all have their turn over many schemas
FEW = 40  # customers whom the other ways are asked about
FEW_PAIRS = 60_000  # so many of them with their rules at most


@dataclass(frozen=True, slots=True)
class PointMismatch:
    """Two answers that differ.

    way     how the program was asked; "bulk" for bulk evaluation
    group   which of the case's tables
    row     of that table, -1 if no row is to blame
    """

    way: str
    name: str
    group: int
    row: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Group:
    """Customers of one table.

    profiles  each as a mapping, None for one whom no mapping can say
    truths    what each segment says of each
    """

    table: pa.Table
    rows: list[Row]
    profiles: list[Mapping[str, object] | None]
    truths: Mapping[str, Sequence[Truth]]

    def named(self, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the segments that are true, and those that are unknown, in the order of the rules."""
        return (
            tuple(name for name, truth in self.truths.items() if truth[row] is True),
            tuple(name for name, truth in self.truths.items() if truth[row] is None),
        )


@dataclass(frozen=True, slots=True)
class PointCase:
    """A trial, its customers, and the truth about them."""

    trial: Trial
    world: World
    groups: tuple[Group, ...]
    now: datetime


@dataclass(slots=True)
class Compared:
    """How much has been compared.

    pairs     of a rule and a customer
    answers   pairs, once for each way that was asked
    unsaid    customers of whom no mapping can say what the table holds
    letters   how often rules were true, false and unknown
    """

    pairs: int = 0
    answers: int = 0
    unsaid: int = 0
    true: int = 0
    unknown: int = 0


def point_case(trial: Trial, random: Random) -> tuple[PointCase, int]:
    """Return a trial with its customers and the truth, and how many of its rules were refused for their size."""
    kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
    refused = len(trial.rules) - len(kept.trial.rules)
    trial = replace(kept.trial, table=trial.table)
    world = trial.world
    schema = trial.shape.schema
    data = rows(trial.table)
    profiles = said_profiles(random, data, schema)
    groups = [Group(trial.table, data, profiles, answers(world, data))]
    sparse = [thinned(random, profile) for profile in profiles[::SPARSE] if profile is not None]
    sparse.append({})
    table = profile_table(sparse, plain_schema(schema))
    told = rows(table)
    groups.append(Group(table, told, list(sparse), answers(world, told)))
    return PointCase(trial, world, tuple(groups), moment(trial.shape.now)), refused


def check_point(tried: PointCase, random: Random, compared: Compared) -> list[PointMismatch]:
    """Return where bulk evaluation or any way to ask about single customers differs from the slow truth."""
    program = ft.compile(ft.load_ruleset(tried.trial.document), tried.trial.shape.schema)
    found: list[PointMismatch] = []
    for number, group in enumerate(tried.groups):
        found += against_bulk(program, group, number, tried.now)
        who = [row for row, profile in enumerate(group.profiles) if profile is not None]
        compared.pairs += len(group.truths) * len(group.rows)
        compared.unsaid += len(group.rows) - len(who)
        compared.true += sum(list(truths).count(True) for truths in group.truths.values())
        compared.unknown += sum(list(truths).count(None) for truths in group.truths.values())
        for name, way in MAIN_WAYS.items():
            # Whom no mapping can say, a base can.
            asked = range(len(group.rows)) if name == "base row" else who
            found += against_truth(name, way, program, group, number, list(asked), tried.now, random, compared)
        few = min(FEW, len(who), FEW_PAIRS // max(len(group.truths), 1))
        some = sorted(random.sample(who, few))
        for name in random.sample(list(OTHER_WAYS), OTHERS_EACH[number]):
            found += against_truth(name, OTHER_WAYS[name], program, group, number, some, tried.now, random, compared)
        if number == 0:
            found += an_hour_later(tried, program, group, number, some, random, compared)
    return found


def against_bulk(program: ft.Program, group: Group, number: int, now: datetime) -> Iterator[PointMismatch]:
    """Yield where bulk evaluation says something else: of those for whom a rule is true, and of the unknown."""
    falses = program.draft({f"not-{name}": f'!segment("{name}")' for name in program.names})
    true = program.select(group.table, now=now, threads=1)
    false = falses.select(group.table, now=now, threads=1)
    for name, truths in group.truths.items():
        wanted = pa.array([truth is True for truth in truths], pa.bool_())
        refused = pa.array([truth is False for truth in truths], pa.bool_())
        for mask, right in ((true.mask(name), wanted), (false.mask(f"not-{name}"), refused)):
            if not mask.equals(right):
                pairs = zip(mask.to_pylist(), right.to_pylist(), strict=True)
                row = next(row for row, (one, other) in enumerate(pairs) if one != other)
                yield PointMismatch("bulk", name, number, row, LETTERS[truths[row]], "another letter")


def against_truth(
    name: str,
    way: Way,
    program: ft.Program,
    group: Group,
    number: int,
    who: list[int],
    now: datetime,
    random: Random,
    compared: Compared,
) -> list[PointMismatch]:
    """Return where one way of asking differs from the slow truth."""
    asked = Asked(program, group.table, [group.profiles[row] or {} for row in who], who, now, random)
    try:
        matches = way(asked)
    except Exception as error:  # whatever it is, the sweep goes on and tells it
        row = culprit(way, asked)
        return [PointMismatch(name, "every rule", number, row, "an answer", f"{type(error).__name__}: {error}")]
    compared.answers += len(who) * len(group.truths)
    found = []
    for row, match in zip(who, matches, strict=True):
        expected = group.named(row)
        if (match.segments, match.unknown) != expected or match.now != now or match.digest != program.digest:
            found += list(differing(name, group, number, row, match))
    return found


def culprit(way: Way, asked: Asked) -> int:
    """Return the first customer about whom the way cannot be asked alone, or -1."""
    for place, row in enumerate(asked.rows[:200]):
        alone = replace(asked, profiles=[asked.profiles[place]], rows=[row])
        try:
            way(alone)
        except Exception:
            return row
    return -1


def differing(way: str, group: Group, number: int, row: int, match: ft.Match) -> Iterator[PointMismatch]:
    """Yield each rule that a match judges wrongly; or what else is wrong with it."""
    wrong = False
    true, unknown = set(match.segments), set(match.unknown)
    for name, truths in group.truths.items():
        letter = "both" if name in true & unknown else "T" if name in true else "U" if name in unknown else "F"
        if letter != LETTERS[truths[row]]:
            wrong = True
            yield PointMismatch(way, name, number, row, LETTERS[truths[row]], letter)
    if not wrong:
        right = "each name once, in the order of the rules, the program's digest, the instant asked for"
        told = f"{match.segments!r} {match.unknown!r} {match.digest} {match.now}"
        yield PointMismatch(way, "the whole match", number, row, right, told[:300])


def an_hour_later(
    tried: PointCase,
    program: ft.Program,
    group: Group,
    number: int,
    who: list[int],
    random: Random,
    compared: Compared,
) -> list[PointMismatch]:
    """Return where the same rows, asked again an hour later, differ from the slow truth of that hour."""
    later = tried.now + LATER
    world = replace(tried.world, now=microseconds(later), compiled={})
    truths = answers(world, [group.rows[row] for row in who])
    base = program.encode(group.table, threads=1)
    found: list[PointMismatch] = []
    for place, row in enumerate(who):
        right = (
            tuple(name for name, truth in truths.items() if truth[place] is True),
            tuple(name for name, truth in truths.items() if truth[place] is None),
        )
        prepared = program.row(group.profiles[row] or {})
        for way, one in (("row", prepared), ("base row", base.row(row)), ("mapping", group.profiles[row] or {})):
            program.match(one, now=tried.now)
            match = program.match(one, now=later)
            if (match.segments, match.unknown) != right:
                wrong = sorted(set(match.segments) ^ set(right[0]) | set(match.unknown) ^ set(right[1]))
                name = wrong[0] if wrong else "the whole match"
                found.append(
                    PointMismatch(f"{way}, an hour later", name, number, row, str(right)[:200], str(match)[:200])
                )
    compared.pairs += len(who) * len(truths)
    compared.answers += 3 * len(who) * len(truths)
    return found
