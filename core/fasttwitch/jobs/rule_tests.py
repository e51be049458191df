"""The test job: a document's own tests, run by the engine that will run its segments.

All customers of one instant go into one table, so a thousand tests are a run or two.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.errors import Problem, RulesetError
from fasttwitch.explanation.answers import FALSE, TRUE, UNKNOWN, Rule, paths_of
from fasttwitch.explanation.explained import Explanation
from fasttwitch.jobs.profile_schema import add_misspelt, problem_in, schema_of_profiles
from fasttwitch.ruleset import Ruleset, in_order
from fasttwitch.ruleset.model import Example
from fasttwitch.ruleset.naming import reads_the_clock

EXPLAINED = 100  # failures that are explained; who has more of them will mend these first
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEANING = {"in": (TRUE,), "out": (FALSE, UNKNOWN), "unknown": (UNKNOWN,)}


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold.

    expected  "in", "out" or "unknown"
    got       "true", "false" or "unknown"
    rules     the segment's, then those of the segments that decided it; none past the first failures
    values    of the attributes that those rules read, in the words of a document
    """

    segment: str
    expected: str
    got: str
    rules: tuple[Rule, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What was expected, and what came instead."""
        if self.expected == "unknown":
            return f"expected `{self.segment}` to be unknown, but its rule is {self.got}"
        where = "in" if self.expected == "in" else "out of"
        return f"expected {where} `{self.segment}`, but its rule is {self.got}"


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test.

    number   counts from 1
    line     where it stands
    answers  of the segments that it expects something of: "true", "false" or "unknown"
    """

    __test__ = False  # pytest: this is not yours

    number: int
    name: str
    line: int
    answers: Mapping[str, str]
    failures: tuple[Failure, ...]

    @property
    def title(self) -> str:
        """What to call it."""
        return self.name or f"test {self.number}"


@dataclass(frozen=True, slots=True)
class TestReport:
    """What came of all tests.

    out_unknown  expectations of `out` that hold because a rule is unknown, not false
    types        where the types of attributes come from, in words
    now          the instant of tests that give none
    """

    __test__ = False

    file: str
    results: tuple[TestResult, ...]
    out_unknown: int
    warnings: tuple[str, ...]
    types: str
    now: datetime
    seconds: float

    @property
    def failed(self) -> int:
        """How many tests have failed."""
        return sum(bool(one.failures) for one in self.results)

    @property
    def expectations(self) -> int:
        """How many expectations there are in all tests."""
        return sum(len(one.answers) for one in self.results)


@dataclass(frozen=True, slots=True)
class TestRequest:
    """Which tests to run.

    schema  of a file of customers; None: types are told from the document
    types   where the types come from, in words
    chosen  numbers of the tests to run, from 0
    """

    __test__ = False

    ruleset: Ruleset
    schema: pa.Schema | None
    types: str
    chosen: Sequence[int]


def choose(ruleset: Ruleset, part: str) -> list[int]:
    """Return the numbers, from 0, of the tests with `part` in their name or in the name of a segment they expect."""
    part = part.lower()
    return [
        number
        for number, one in enumerate(ruleset.tests)
        if any(part in name.lower() for name in (one.name or f"test {number + 1}", *_expectations(one)))
    ]


def run_tests(request: TestRequest, tell: Callable[[str, int, int], None]) -> TestReport:
    """Return what came of the tests.

    Raises RulesetError where rules are wrong, or profiles do not hold what attributes need.
    """
    start = time.perf_counter()
    whole = request.ruleset
    examples = [whole.tests[number] for number in request.chosen]
    tested = tuple(dict.fromkeys(name for one in examples for name in _expectations(one)))
    ruleset = whole.only(tested)
    tell("compile", 0, 0)
    schema, types = request.schema, request.types
    guessed: tuple[str, ...] = ()
    problems: list[Problem] = []
    if schema is None:
        found = schema_of_profiles(whole, ruleset, problems)
        schema, guessed = found.schema, found.guessed
        types = _types_in_words(guessed)
        for example in examples:
            add_misspelt(example, found.named, problems)
        examples = [_typed(example, schema) for example in examples]
    for example in examples:
        for one in wrong_values(example.profile, schema, written=True):
            problems.append(problem_in(example, one.attribute, one.message, one.fix))
    if problems:
        raise RulesetError(in_order(problems))
    runs = _Runs(ruleset, schema, examples, guessed)
    tell("evaluate", 0, 0)
    answers = runs.answers({name: f'segment("{name}")' for name in tested}, range(len(examples)))
    failures = {
        (number, name): answers[name][number]
        for number, example in enumerate(examples)
        for name, expected in _expectations(example).items()
        if answers[name][number] not in _MEANING[expected]
    }
    explained = _explained(runs, list(failures)[:EXPLAINED], failures)
    results = tuple(
        TestResult(
            number=request.chosen[at] + 1,
            name=example.name,
            line=example.place.line,
            answers={name: answers[name][at] for name in _expectations(example)},
            failures=tuple(
                Failure(name, expected, failures[at, name], *explained.get((at, name), ((), {})))
                for name, expected in _expectations(example).items()
                if (at, name) in failures
            ),
        )
        for at, example in enumerate(examples)
    )
    warnings = _warnings(whole, examples, answers)
    out_unknown = sum(answers[name][at] == UNKNOWN for at, one in enumerate(examples) for name in one.outside)
    return TestReport(whole.name, results, out_unknown, warnings, types, runs.now, time.perf_counter() - start)


def _expectations(example: Example) -> dict[str, str]:
    """Return what is expected of each segment, in the order in, out, unknown."""
    return {
        name: what
        for what, names in (("in", example.inside), ("out", example.outside), ("unknown", example.unknown))
        for name in names
    }


def _types_in_words(guessed: Sequence[str]) -> str:
    return "the ruleset's `attributes`" + (" and the tests' profiles" if guessed else "")


def _typed(example: Example, schema: pa.Schema) -> Example:
    """Return an example without the attributes that have no type: null, or told to be misspelt."""
    return replace(example, profile={name: example.profile[name] for name in example.profile if name in schema.names})


class _Runs:
    """Questions to the customers of the tests, each instant's in one table."""

    def __init__(
        self, ruleset: Ruleset, schema: pa.Schema, examples: Sequence[Example], guessed: Sequence[str]
    ) -> None:
        self.ruleset = ruleset
        self.examples = examples
        self.schema = schema
        self.now = datetime.now(UTC)
        try:
            self.program = ft.compile(ruleset, schema)
        except RulesetError as error:
            raise RulesetError([*error.problems, *_about_guesses(guessed)]) from None

    def answers(self, questions: Mapping[str, str], rows: Iterable[int]) -> dict[str, dict[int, str]]:
        """Return the answers by question and number of the customer; questions are rules, by a key of any kind."""
        numbered = list(questions.items())
        prefix = "asked"
        while any(name.startswith(prefix) for name in self.ruleset.segments):
            prefix += "_"
        texts = {f"{prefix}.{at}": text for at, (_, text) in enumerate(numbered)}
        texts |= {f"{prefix}.known.{at}": f"isKnown({text})" for at, (_, text) in enumerate(numbered)}
        found: dict[str, dict[int, str]] = {name: {} for name in questions}
        if not questions:
            return found
        program = self.program.draft(texts)
        for now, members in self._by_instant(rows).items():
            table = profile_table([self.examples[row].profile for row in members], self.schema, written=True)
            audiences = program.select(table, now=self.moment(now), threads=1)
            for at, (name, _) in enumerate(numbered):
                true = audiences.mask(f"{prefix}.{at}").to_pylist()
                known = audiences.mask(f"{prefix}.known.{at}").to_pylist()
                for row, is_true, is_known in zip(members, true, known, strict=True):
                    found[name][row] = TRUE if is_true else FALSE if is_known else UNKNOWN
        return found

    def explanation(self, row: int, name: str) -> Explanation:
        """Return why a segment is what it is for the customer of a test."""
        example = self.examples[row]
        customer = profile_table([example.profile], self.schema, written=True)
        return self.program.explain(customer, name, self.moment(example.now))

    def moment(self, now: int | None) -> datetime:
        """Return the instant of a test."""
        return self.now if now is None else _EPOCH + timedelta(microseconds=now)

    def _by_instant(self, rows: Iterable[int]) -> dict[int | None, list[int]]:
        groups: dict[int | None, list[int]] = {}
        for row in rows:
            groups.setdefault(self.examples[row].now, []).append(row)
        return groups


def _about_guesses(guessed: Sequence[str]) -> list[Problem]:
    """Return a last word on types that nobody declared, in case one of them is what is wrong."""
    if not guessed:
        return []
    names = ", ".join(f"`{name}`" for name in guessed[:8]) + (" …" if len(guessed) > 8 else "")
    fix = "declare them under `attributes`, or take the types from a file of customers with --data"
    return [Problem(f"the types of these were told from the tests' profiles: {names}", None, fix)]


def _explained(
    runs: _Runs, failed: Sequence[tuple[int, str]], got: Mapping[tuple[int, str], str]
) -> dict[tuple[int, str], tuple[tuple[Rule, ...], dict[str, str]]]:
    """Return the rules that decided failures, and the values that they read."""
    explained = {}
    for row, name in failed:
        found = runs.explanation(row, name)
        assert found.answer == got[row, name]
        rules = tuple(one for one in found.rules if one.decided)
        read = {".".join(path) for path in paths_of(rules)}
        values = {one.attribute: one.words for one in found.values if one.attribute in read}
        if reads_the_clock(name, runs.ruleset.segments):
            values["now"] = found.now.isoformat().replace("+00:00", "Z")
        explained[row, name] = (rules, values)
    return explained


def _warnings(
    ruleset: Ruleset, examples: Sequence[Example], answers: Mapping[str, Mapping[int, str]]
) -> tuple[str, ...]:
    """Return what is odd about tests that may well pass."""
    warnings = []
    idle = sum(not _expectations(one) for one in examples)
    if idle:
        warnings.append(f"{_counted(idle, 'test expects', 'tests expect')} nothing: add `in`, `out` or `unknown`")
    clock = {name for name in answers if reads_the_clock(name, ruleset.segments)}
    restless = sum(one.now is None and not clock.isdisjoint(_expectations(one)) for one in examples)
    if restless:
        words = _counted(restless, "test asks a rule that reads", "tests ask rules that read")
        warnings.append(f"{words} the clock, without a `now`: the answer may change with time")
    return tuple(warnings)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
