"""Random rules as text, well typed by construction, over every operator of the language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    Scalar,
)
from tests.generators.batches import STRUCT, Leaf
from tests.generators.calls import MAKERS, CallWriter
from tests.generators.constants import beside, compared, near, quoted, written
from tests.generators.samples import Samples
from tests.oracle.instants import DAY, HOUR, MINUTE
from tests.oracle.interpreter import as_double
from tests.oracle.kinds import NamedValues, Value

ORDERED = ("<", "<=", ">", ">=", "==", "!=")
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
NUMERIC = (INT, UINT, DOUBLE)
EXACT = (INT, UINT, DECIMAL)
PATTERNS = (
    "^a",
    "b$",
    "a.c",
    "[A-Z]+",
    "(?i)gold",
    "\\d+",
    "\u00fc",
    "^$",
    "",
    "^.$",
    "\\p{L}+",
    "a|b",
    "^c0+\\d$",
    "\\.",
    "(ab)+c?",
)


@dataclass(frozen=True, slots=True)
class RuleWriter:
    """Writes rules over given columns.

    leaves    what a rule may name, with values near the data
    segments  segments that already have a text
    lists     named lists
    samples   a few rows to try computed values on
    """

    random: Random
    leaves: tuple[Leaf, ...]
    samples: Samples
    segments: tuple[str, ...] = ()
    lists: Mapping[str, NamedValues] | None = None

    def rule(self) -> str:
        """Return one rule: mostly small, sometimes deep or long."""
        match self.random.randrange(12):
            case 0:
                return self.predicate(4)
            case 1:
                return self.chain()
            case 2:
                return self.negations()
            case _:
                return self.predicate(self.random.randint(0, 3))

    def chain(self) -> str:
        """Return a long run of one connective."""
        operator = self.random.choice((" && ", " || "))
        return operator.join(grouped(self.predicate(1)) for _ in range(self.random.randint(3, 25)))

    def negations(self) -> str:
        """Return a rule under many negations."""
        return "!" * self.random.randint(2, 30) + grouped(self.predicate(1))

    def predicate(self, depth: int) -> str:
        """Return something true, false or unknown."""
        if depth <= 0:
            return self.atom()
        below = depth - 1
        match self.random.randrange(16):
            case 0 | 1 | 2 | 3:
                return self.joined(" && ", below)
            case 4 | 5 | 6 | 7:
                return self.joined(" || ", below)
            case 8 | 9:
                return "!" + grouped(self.predicate(below))
            case 10:
                parts = [grouped(self.predicate(below)) for _ in range(3)]
                return f"{parts[0]} ? {parts[1]} : {parts[2]}"
            case 11:
                return f"isTrue({self.predicate(below)})"
            case 12:
                return f"isKnown({self.predicate(below)})"
            case 13 if self.segments:
                return f'segment("{self.random.choice(self.segments)}")'
            case 14:
                left, right = grouped(self.predicate(below)), grouped(self.predicate(below))
                return f"{left} {self.random.choice(('==', '!='))} {right}"
            case _:
                return self.atom()

    def joined(self, operator: str, depth: int) -> str:
        """Return two to four predicates joined by one connective; sometimes with a constant among them."""
        parts = [grouped(self.predicate(depth)) for _ in range(self.random.choice((2, 2, 2, 3, 4)))]
        if self.random.randrange(25) == 0:
            parts.insert(self.random.randint(0, len(parts)), self.random.choice(("true", "false")))
        return operator.join(parts)

    def atom(self) -> str:
        """Return a predicate on one or two columns, or on what functions make of some."""
        if self.random.randrange(5) < 2:
            return self.called(self.random.randint(1, 3))
        leaf = self.random.choice(self.leaves)
        if leaf.kind == STRUCT:
            return self.null_test(leaf)
        makers: list[Callable[[Leaf], str]] = [
            self.against_constant,
            self.against_constant,
            self.listed,
            self.null_test,
        ]
        makers += [self.computed, self.beside_column]
        match leaf.kind:
            case k if k == BOOL:
                makers = [self.truth, self.truth, self.truth, self.null_test, self.against_constant, self.beside_column]
                makers += [self.listed] if self.random.random() < 0.2 else []
            case k if k == STRING:
                makers += [self.string_test, self.string_test, self.computed]
            case k if k == TIMESTAMP:
                makers += [self.recency, self.recency]
        return self.random.choice(makers)(leaf)

    @property
    def calls(self) -> CallWriter:
        """A writer of calls over the same columns; its conditions are plain."""
        return CallWriter(self.random, self.leaves, lambda: grouped(self.plain_condition()))

    def plain_condition(self) -> str:
        """Return a predicate without calls in it."""
        leaf = self.random.choice(self.leaves)
        return self.null_test(leaf) if leaf.kind == STRUCT else self.against_constant(leaf)

    def called(self, depth: int) -> str:
        """Return a test of what functions make of some columns."""
        calls, kind = self.calls, self.random.choice(tuple(MAKERS))
        left = calls.value(kind, depth)
        found = self.samples.of(left)
        for _ in range(3):
            if not found:  # most of what fails on every sample fails everywhere
                left = calls.value(kind, depth)
                found = self.samples.of(left)
        if kind == BOOL:
            return left
        operator = self.random.choice(ORDERED)
        if kind == SEMVER and self.random.randrange(6) == 0:
            return f"{left} in [{', '.join(calls.version_constant() for _ in range(self.random.randint(0, 3)))}]"
        if kind == SEMVER:
            other = self.random.choice((calls.version_constant(), calls.version_constant(), calls.value(SEMVER, 1)))
            return f"{left} {operator} {other}"
        match self.random.randrange(6):
            case 0:
                return f"{left} {operator} {calls.value(kind, depth - 1)}"
            case 1:
                size = self.random.choice((0, 1, 2, 5))
                listed = [beside(self.random, kind, near(self.random, kind, found)) for _ in range(size)]
                return f"{left} in [{', '.join(listed)}]"
            case _:
                return f"{left} {operator} {compared(self.random, kind, near(self.random, kind, found))}"

    def against_constant(self, leaf: Leaf) -> str:
        """Return `column operator constant`, or the constant first."""
        operator = self.random.choice(ORDERED if leaf.kind != BOOL or self.random.random() < 0.2 else ("==", "!="))
        constant = compared(self.random, leaf.kind, near(self.random, leaf.kind, leaf.values))
        if self.random.randrange(6) == 0:
            return f"{constant} {MIRRORED[operator]} {leaf.path}"
        return f"{leaf.path} {operator} {constant}"

    def listed(self, leaf: Leaf) -> str:
        """Return membership of a column in an empty, short, long or named list."""
        fitting = [name for name, values in (self.lists or {}).items() if values.kind == leaf.kind]
        if fitting and self.random.random() < 0.5:
            return f'{leaf.path} in list("{self.random.choice(fitting)}")'
        return f"{leaf.path} in [{', '.join(self.members(leaf.kind, leaf.values))}]"

    def members(self, kind: Scalar, values: tuple[Value, ...]) -> list[str]:
        """Return the constants of a list, of one type."""
        size = self.random.choice((0, 1, 2, 3, 5, 12) if self.random.randrange(60) else (300, 2000))
        if kind in (TIMESTAMP, DURATION, DATE):
            size = min(size, 300)  # `days(3)` is no mere constant: it counts towards the parts of a rule
        if kind == BOOL:
            return [self.random.choice(("true", "false")) for _ in range(min(size, 3))]
        if kind in (INT, UINT) and self.random.randrange(12) == 0:
            return [written(self.random, DOUBLE, as_double(near(self.random, kind, values))) for _ in range(size)]
        return [beside(self.random, kind, near(self.random, kind, values)) for _ in range(size)]

    def null_test(self, leaf: Leaf) -> str:
        """Return a test for null, in one of its forms."""
        forms = ["{} == null", "{} != null", "null != {}", "!({} == null)", "has({})"]
        return self.random.choice(forms).format(leaf.path)

    def truth(self, leaf: Leaf) -> str:
        """Return a Boolean column, bare or with a fallback."""
        forms = [
            leaf.path,
            leaf.path,
            f"!{leaf.path}",
            f"coalesce({leaf.path}, {self.random.choice(('true', 'false'))})",
        ]
        return self.random.choice(forms)

    def string_test(self, leaf: Leaf) -> str:
        """Return a test of a string's letters or length."""
        word = str(near(self.random, STRING, leaf.values))
        text = self.random.choice((leaf.path, leaf.path, f"{leaf.path}.lowerAscii()"))
        start = self.random.randint(0, len(word))
        part = quoted(self.random, word[start : start + self.random.randint(0, 3)])
        match self.random.randrange(6):
            case 0:
                return f"{text}.matches({quoted(self.random, self.random.choice(PATTERNS))})"
            case 1:
                size = self.random.choice(
                    (f"size({text})", f"{text}.size()", f"size({text}) * 2", f"-{text}.size() + 9")
                )
                return f"{size} {self.random.choice(ORDERED)} {self.random.randint(0, 8)}"
            case 2:
                return f"{leaf.path}.lowerAscii() {self.random.choice(ORDERED)} {quoted(self.random, word)}"
            case _:
                return f"{text}.{self.random.choice(('startsWith', 'endsWith', 'contains'))}({part})"

    def recency(self, leaf: Leaf) -> str:
        """Return how long ago an instant was."""
        operator = self.random.choice(ORDERED)
        span = self.span()
        match self.random.randrange(6):
            case 0 | 1 | 2:
                return f"now - {leaf.path} {operator} {span}"
            case 3 | 4:
                return f"{leaf.path} {operator} now - {span}"
            case _:
                moved = self.random.choice((f"{leaf.path} + {span}", f"{span} + {leaf.path}"))
                return f"{moved} {operator} now"

    def span(self) -> str:
        """Return a constant duration such as people write."""
        size = self.random.choice((1, 7, 30, 90, 365)) * DAY + self.random.choice((0, 0, 0, HOUR, MINUTE, 1, -1))
        return written(self.random, DURATION, size)

    def beside_column(self, leaf: Leaf) -> str:
        """Return a comparison of two columns."""
        kinds: tuple[Scalar, ...] = NUMERIC if leaf.kind in NUMERIC else (leaf.kind,)
        if leaf.kind == DECIMAL or (leaf.kind in EXACT and self.random.random() < 0.3):
            kinds = EXACT
        others = [other for other in self.leaves if other.kind in kinds]
        operator = self.random.choice(("==", "!=") if leaf.kind == BOOL else ORDERED)
        return f"{leaf.path} {operator} {self.random.choice(others).path}"

    def computed(self, leaf: Leaf) -> str:
        """Return a comparison of a computed value with a constant, a list or another computed value."""
        left = self.value(leaf.kind, self.random.randint(1, 2))
        constant = near(self.random, leaf.kind, leaf.values)
        match self.random.randrange(5):
            case 0 if leaf.kind != STRING:
                return f"{left} {self.random.choice(ORDERED)} {self.value(leaf.kind, 1)}"
            case 1:
                return f"{left} in [{', '.join(self.members(leaf.kind, leaf.values))}]"
            case _:
                return f"{left} {self.random.choice(ORDERED)} {compared(self.random, leaf.kind, constant)}"

    def value(self, kind: Scalar, depth: int) -> str:
        """Return an expression of this type, with a column in it wherever there is one."""
        named = [leaf for leaf in self.leaves if leaf.kind == kind]
        leaf = self.random.choice(named)
        if depth <= 0:
            return leaf.path
        match self.random.randrange(4):
            case 0:
                last = beside(self.random, kind, near(self.random, kind, leaf.values))
                parts = [self.random.choice(named).path for _ in range(self.random.randint(0, 2))]
                return f"coalesce({', '.join((leaf.path, *parts, last))})"
            case 1 if kind != DECIMAL and self.random.random() < 0.3:  # decimal constants alone would be doubles
                values = [near(self.random, kind, leaf.values) for _ in range(2)]
                if kind == INT:  # becomes a uint or a double beside one, so it must fit there
                    values = [self.random.randint(0, 300) for _ in range(2)]
                one, two = (written(self.random, kind, value) for value in values)
                return f"({grouped(self.predicate(0))} ? {one} : {two})"
            case 1:
                other = written(self.random, kind, near(self.random, kind, leaf.values))
                return f"({grouped(self.predicate(0))} ? {self.value(kind, depth - 1)} : {other})"
            case _:
                return self.arithmetic(kind, leaf, depth - 1)

    def arithmetic(self, kind: Scalar, leaf: Leaf, depth: int) -> str:
        """Return a calculation of this type; a plain column where the type has none."""
        left = self.value(kind, depth)
        constant = beside(self.random, kind, near(self.random, kind, leaf.values))
        match kind:
            case k if k in NUMERIC:
                if k != UINT and self.random.randrange(8) == 0:
                    return f"-{left}"
                if self.random.randrange(12) == 0:
                    return f"({left} * ({self.predicate(0)} ? 1 : 2))"
                operator = self.random.choice("+-*/" if k == DOUBLE else "+-*/%")
                right = constant if self.random.random() < 0.6 else self.value(kind, depth)
                left, right = (right, left) if self.random.randrange(4) == 0 else (left, right)
                return f"({left} {operator} {right})"
            case k if k == TIMESTAMP:
                return f"({left} {self.random.choice('+-')} {self.value_of_span(depth)})"
            case k if k == DURATION:
                forms = ("({0} + {1})", "({0} - {1})", "({1} - {0})", "({0} * 3)", "(-2 * {0})", "({0} * {2})")
                numbers = [other.path for other in self.leaves if other.kind == INT] or ["1000000007"]
                return self.random.choice(forms).format(left, self.span(), self.random.choice(numbers))
            case k if k == DATE:
                return f"({left} {self.random.choice('+-')} days({self.random.choice((0, 1, 30, 365, 3_000_000))}))"
            case k if k == STRING:
                return f"{leaf.path}.lowerAscii()"
            case k if k == DECIMAL:
                return left
        raise AssertionError(f"no calculation gives a {kind}")

    def value_of_span(self, depth: int) -> str:
        """Return a duration: a column's, a difference of instants, or a constant."""
        kinds = {leaf.kind for leaf in self.leaves}
        if DURATION in kinds and self.random.random() < 0.4:
            return self.value(DURATION, depth)
        instants = [leaf.path for leaf in self.leaves if leaf.kind == TIMESTAMP]
        if len(instants) > 1 and self.random.random() < 0.3:
            return f"({self.random.choice(instants)} - {self.random.choice(instants)})"
        return self.span()


def grouped(text: str) -> str:
    """Return the text in parentheses, unless it is a mere name."""
    return text if text.replace(".", "_").isidentifier() else f"({text})"
