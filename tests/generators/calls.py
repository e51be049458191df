"""Random calls of every function, well typed by construction; with a column or `now` in each of them.

Constants alone would be folded, and what fails then is refused: so no expression here is made of constants alone.
"""

from collections.abc import Callable
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
from tests.generators.batches import Leaf
from tests.generators.constants import beside, near, quoted, written
from tests.generators.words import NUMBERS, PIECES, VERSIONS, WORDS
from tests.oracle.instants import DAY, HOUR, MINUTE

DATE_PARTS = ("getFullYear", "getMonth", "getDayOfMonth", "getDate", "getDayOfWeek", "getDayOfYear")
TIME_PARTS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "America/Sao_Paulo"),
    *("Asia/Beirut", "America/Havana", "America/Asuncion", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca"),
    *("Europe/Dublin", "Antarctica/Troll", "Asia/Kolkata", "+02:00", "-08:00", "+05:45", "-00:30", "+14:00", "02:00"),
)
PARTS = ("", "a", "b", ",", ".", "-", "@", " ", "aa", "0", "1", "\u00fc", "\U0001f600", "T", ":", ",b", "e")
SALTS = ("", "checkout", "2026-spring", "\u00fc", "a:b")
# From which types a cast can lead to which; `now` where no column will do.
SOURCES: dict[Scalar, tuple[Scalar, ...]] = {
    INT: (UINT, DOUBLE, STRING, TIMESTAMP, DECIMAL, INT),
    UINT: (INT, DOUBLE, STRING, DECIMAL, UINT),
    DOUBLE: (INT, UINT, STRING, DECIMAL, DOUBLE),
    STRING: (INT, UINT, DOUBLE, BOOL, TIMESTAMP, DURATION, DATE, DECIMAL, STRING),
    BOOL: (STRING, BOOL),
    TIMESTAMP: (STRING, INT, DATE, TIMESTAMP),
    DATE: (STRING, TIMESTAMP, DATE),
    DURATION: (STRING, DURATION),
    SEMVER: (STRING,),
}
FROM_NOW: dict[Scalar, str] = {
    INT: "now.getMinutes()",
    UINT: "uint(now.getHours())",
    DOUBLE: "double(now.getSeconds())",
    STRING: "string(now)",
    BOOL: 'bool(string(now).replace("2", "1").charAt(0))',
    TIMESTAMP: "now",
    DATE: "date(now)",
    DURATION: '(now - timestamp("2020-01-01T00:00:00Z"))',
    SEMVER: "semver(string(now.getHours()) + string(now.getMinutes()).charAt(0))",
}
VERBS: tuple[tuple[str, tuple[Scalar, ...]], ...] = (
    ("%s", (INT, UINT, DOUBLE, STRING, BOOL, TIMESTAMP, DURATION)),
    ("%s", (DATE, DECIMAL, SEMVER)),
    ("%d", (INT, UINT, DOUBLE)),
    ("%f", (INT, UINT, DOUBLE)),
    ("%.0f", (DOUBLE,)),
    ("%.2f", (DOUBLE,)),
    ("%e", (INT, UINT, DOUBLE)),
    ("%.3e", (DOUBLE,)),
    ("%x", (INT, UINT, STRING)),
    ("%X", (INT, UINT, STRING)),
    ("%o", (INT, UINT)),
    ("%b", (INT, UINT, BOOL)),
)


@dataclass(frozen=True, slots=True)
class CallWriter:
    """Writes computed values over given columns.

    condition  writes a predicate, for `?:`
    """

    random: Random
    leaves: tuple[Leaf, ...]
    condition: Callable[[], str]

    def value(self, kind: Scalar, depth: int) -> str:
        """Return an expression of this type: a column, or something computed from columns."""
        named = [leaf.path for leaf in self.leaves if leaf.kind == kind]
        if kind == DECIMAL:
            return self.random.choice(named)
        if depth <= 0:
            return self.random.choice(named) if named else self.cast(kind)
        match self.random.randrange(12):
            case 0 if named:
                return f"coalesce({self.random.choice(named)}, {self.operand(kind, depth - 1)})"
            case 1 if kind != SEMVER:
                return f"({self.condition()} ? {self.value(kind, depth - 1)} : {self.operand(kind, depth - 1)})"
            case 2:
                return self.cast(kind)
        return MAKERS[kind](self, depth - 1)

    def operand(self, kind: Scalar, depth: int) -> str:
        """Return an expression of this type, or a constant."""
        return self.value(kind, depth) if self.random.random() < 0.5 else self.constant(kind)

    def constant(self, kind: Scalar) -> str:
        """Return a constant of this type, to stand among operands of it."""
        if kind == STRING:
            return quoted(self.random, self.random.choice(self.random.choice((WORDS, PIECES, NUMBERS))))
        if kind == INT and self.random.random() < 0.7:
            return str(self.random.choice((0, 1, 2, 3, 7, 10, 60, 100, -1)))
        values = next((leaf.values for leaf in self.leaves if leaf.kind == kind), ())
        value = near(self.random, kind, values)
        plain = kind in (TIMESTAMP, DATE)  # written as mere strings these are understood beside a value only
        return written(self.random, kind, value) if plain else beside(self.random, kind, value)

    def cast(self, kind: Scalar) -> str:
        """Return a column of another type, cast to this one."""
        sources = [leaf for leaf in self.leaves if leaf.kind in SOURCES[kind]]
        if not sources:
            return FROM_NOW[kind]
        leaf = self.random.choice(sources)
        if kind == DATE and leaf.kind == TIMESTAMP and self.random.random() < 0.6:
            return f"date({leaf.path}, {self.zone()})"
        return f"{kind}({leaf.path})"

    def present(self, kinds: tuple[Scalar, ...]) -> Scalar:
        """Return one of these types, rather one that a column has."""
        there = [kind for kind in kinds if any(leaf.kind == kind for leaf in self.leaves)]
        others = [kind for kind in kinds if kind != DECIMAL]
        return self.random.choice(there if there and self.random.random() < 0.8 else others)

    def zone(self) -> str:
        """Return the name of a zone as a constant."""
        return f'"{self.random.choice(ZONES)}"'

    def string(self, depth: int) -> str:
        """Return a computed string."""
        text = self.value(STRING, depth)
        match self.random.randrange(15):
            case 0 | 1:
                kind = self.present(SOURCES[STRING]) if self.random.randrange(8) else SEMVER
                return f"string({self.value(kind, depth)})"
            case 2 | 3:
                parts = [text, self.operand(STRING, depth)]
                self.random.shuffle(parts)
                return f"({' + '.join(parts)})"
            case 4:
                return f"{text}.{self.random.choice(('lowerAscii', 'upperAscii'))}()"
            case 5:
                return f"{text}.{self.random.choice(('trim', 'reverse'))}()"
            case 6:
                return f"strings.quote({text})"
            case 7:
                return f"{text}.charAt({self.position(text, depth)})"
            case 8 | 9:
                ends = [self.position(text, depth) for _ in range(self.random.randint(1, 2))]
                return f"{text}.substring({', '.join(ends)})"
            case 10:
                limit = self.random.choice(("", "", f", {self.random.randint(-1, 3)}", f", {self.value(INT, 0)}"))
                return f"{text}.replace({self.part()}, {self.part()}{limit})"
            case 11:
                return f"{self.pieces(depth)}[{self.random.choice(('0', '1', '2', self.value(INT, 0)))}]"
            case 12:
                return f"{self.pieces(depth)}.join({self.random.choice(('', self.part()))})"
            case _:
                return self.formatted(depth)

    def formatted(self, depth: int) -> str:
        """Return a pattern filled with one to three values."""
        pattern, values = self.random.choice(("", "%% ", "n\u00b0 ")), []
        for number in range(self.random.randint(1, 3)):
            verb, kinds = self.random.choice(VERBS)
            pattern += verb + self.random.choice(("", " ", "/"))
            kind = self.present(kinds)
            varies = number == 0 or kind == SEMVER
            values.append(self.value(kind, depth) if varies else self.operand(kind, depth))
        return f'"{pattern}".format([{", ".join(values)}])'

    def pieces(self, depth: int) -> str:
        """Return a list of strings."""
        text = self.value(STRING, depth)
        if self.random.randrange(4) == 0:
            return f"[{', '.join((text, *(self.operand(STRING, depth) for _ in range(self.random.randint(0, 2)))))}]"
        limit = self.random.choice(("", "", f", {self.random.randint(-1, 3)}"))
        return f"{text}.split({self.part()}{limit})"

    def part(self) -> str:
        """Return a short string to look for, rarely one from a column."""
        if self.random.randrange(8) == 0:
            return self.value(STRING, 0)
        return quoted(self.random, self.random.choice(PARTS))

    def position(self, text: str, depth: int) -> str:
        """Return a place in a string, often one that it has."""
        match self.random.randrange(8):
            case 0:
                return f"({text}.size() - {self.random.randint(0, 2)})"
            case 1:
                return f"{text}.indexOf({self.part()})"
            case 2:
                return self.value(INT, depth)
            case _:
                return str(self.random.choice((0, 0, 1, 2, 3, 5)))

    def integer(self, depth: int) -> str:
        """Return a computed int."""
        match self.random.randrange(12):
            case 0 | 1:
                return f"int({self.value(self.present(SOURCES[INT]), depth)})"
            case 2:
                text = self.random.choice((self.value(STRING, depth), self.pieces(depth)))
                return self.random.choice(("size({})", "{}.size()")).format(text)
            case 3:
                text = self.value(STRING, depth)
                start = f", {self.position(text, 0)}" if self.random.random() < 0.4 else ""
                return f"{text}.{self.random.choice(('indexOf', 'lastIndexOf'))}({self.part()}{start})"
            case 4 | 5:
                zone = self.random.choice(("", self.zone()))
                return f"{self.value(TIMESTAMP, depth)}.{self.random.choice((*DATE_PARTS, *TIME_PARTS))}({zone})"
            case 6:
                return f"{self.value(DATE, depth)}.{self.random.choice(DATE_PARTS)}()"
            case 7:
                return f"{self.value(DURATION, depth)}.{self.random.choice(TIME_PARTS)}()"
            case 8:
                kind = self.present((STRING, INT, UINT))
                size = self.random.choice((1, 2, 10, 100, 1_000_000))
                return f"bucket({self.value(kind, depth)}, {quoted(self.random, self.random.choice(SALTS))}, {size})"
            case 9:
                return f"{self.value(SEMVER, depth)}.{self.random.choice(('major', 'minor', 'patch'))}()"
            case _:
                return self.whole(INT, depth)

    def natural(self, depth: int) -> str:
        """Return a computed uint."""
        if self.random.random() < 0.5:
            return f"uint({self.value(self.present(SOURCES[UINT]), depth)})"
        return self.whole(UINT, depth)

    def whole(self, kind: Scalar, depth: int) -> str:
        """Return what arithmetic, the math extension and bits make of ints or of uints."""
        number = self.value(kind, depth)
        match self.random.randrange(8):
            case 0 | 1:
                return f"({number} {self.random.choice('+-*/%')} {self.operand(kind, depth)})"
            case 2:
                return f"math.{self.random.choice(('abs', 'sign'))}({number})"
            case 3:
                return self.extreme(kind, depth)
            case 4:
                return f"math.bitNot({number})"
            case 5:
                shift = self.random.choice(("0", "1", "3", "63", "64", "200", self.value(INT, 0)))
                return f"math.bitShift{self.random.choice(('Left', 'Right'))}({number}, {shift})"
            case _:
                return f"math.bit{self.random.choice(('And', 'Or', 'Xor'))}({number}, {self.operand(kind, depth)})"

    def extreme(self, kind: Scalar, depth: int) -> str:
        """Return the greatest or the least of one to three numbers."""
        numbers = [self.value(kind, depth), *(self.operand(kind, depth) for _ in range(self.random.randint(0, 2)))]
        self.random.shuffle(numbers)
        listed = ", ".join(numbers)
        return f"math.{self.random.choice(('greatest', 'least'))}({self.random.choice((listed, f'[{listed}]'))})"

    def double(self, depth: int) -> str:
        """Return a computed double."""
        match self.random.randrange(8):
            case 0 | 1:
                return f"double({self.value(self.present(SOURCES[DOUBLE]), depth)})"
            case 2:
                return f"math.sqrt({self.value(self.present((DOUBLE, INT, UINT)), depth)})"
            case 3:
                return self.extreme(DOUBLE, depth)
            case 4 | 5:
                name = self.random.choice(("ceil", "floor", "round", "trunc"))
                return f"math.{name}({self.value(DOUBLE, depth)})"
            case 6:
                return f"math.{self.random.choice(('abs', 'sign'))}({self.value(DOUBLE, depth)})"
            case _:
                return f"({self.value(DOUBLE, depth)} {self.random.choice('+-*/')} {self.operand(DOUBLE, depth)})"

    def instant(self, depth: int) -> str:
        """Return a computed timestamp."""
        match self.random.randrange(6):
            case 0 | 1:
                return f"timestamp({self.value(self.present(SOURCES[TIMESTAMP]), depth)})"
            case 2 | 3:
                return f"startOfDay({self.value(TIMESTAMP, depth)}, {self.zone()})"
            case 4:
                return f"({self.value(TIMESTAMP, depth)} {self.random.choice('+-')} {self.value(DURATION, depth)})"
            case _:
                span = written(self.random, DURATION, self.random.choice((DAY, HOUR, MINUTE, 30 * DAY)))
                return f"({self.value(TIMESTAMP, depth)} {self.random.choice('+-')} {span})"

    def day(self, depth: int) -> str:
        """Return a computed date."""
        match self.random.randrange(5):
            case 0 | 1:
                return f"date({self.value(TIMESTAMP, depth)}, {self.zone()})"
            case 2:
                return f"date({self.value(self.present(SOURCES[DATE]), depth)})"
            case _:
                return f"({self.value(DATE, depth)} {self.random.choice('+-')} days({self.random.choice((0, 1, 31))}))"

    def span(self, depth: int) -> str:
        """Return a computed duration."""
        match self.random.randrange(6):
            case 0 | 1:
                return f"{self.random.choice(('days', 'hours', 'minutes'))}({self.value(INT, depth)})"
            case 2:
                return f"duration({self.value(self.present(SOURCES[DURATION]), depth)})"
            case 3 | 4:
                return f"({self.value(TIMESTAMP, depth)} - {self.value(TIMESTAMP, depth)})"
            case _:
                return f"({self.value(DURATION, depth)} {self.random.choice('+-')} {self.operand(DURATION, depth)})"

    def truth(self, depth: int) -> str:
        """Return something true or false that a function says."""
        match self.random.randrange(9):
            case 0 | 1 | 2:
                test = self.random.choice(("startsWith", "endsWith", "contains"))
                other = self.random.choice((self.part(), self.value(STRING, depth)))
                return f"{self.value(STRING, depth)}.{test}({other})"
            case 3:
                return f'{self.value(STRING, depth)}.matches("^[a-z0-9]+[.,@-]?")'
            case 4:
                return f"bool({self.value(self.present((STRING, STRING, BOOL)), depth)})"
            case 5:
                return f"isSemver({self.value(STRING, depth)})"
            case 6 if self.random.random() < 0.5:
                return f"({self.operand(STRING, depth)} in {self.value(STRING, depth)}.split({self.part()}))"
            case 6:
                return self.same_lists(depth)
            case _:
                test = self.random.choice(("isNaN", "isInf", "isFinite"))
                return f"math.{test}({self.value(DOUBLE, depth)})"

    def same_lists(self, depth: int) -> str:
        """Return a comparison of two lists of strings."""
        if self.random.random() < 0.5:
            other = self.pieces(depth)
        else:
            words = [self.random.choice(PARTS) for _ in range(self.random.randint(0, 3))]
            other = f"[{', '.join(quoted(self.random, word) for word in words)}]"
        return f"({self.pieces(depth)} {self.random.choice(('==', '!='))} {other})"

    def version(self, depth: int) -> str:
        """Return a computed version."""
        return f"semver({self.value(STRING, depth)})"

    def version_constant(self) -> str:
        """Return a well-formed version as a string constant."""
        return quoted(self.random, self.random.choice(VERSIONS))


MAKERS: dict[Scalar, Callable[[CallWriter, int], str]] = {
    BOOL: CallWriter.truth,
    INT: CallWriter.integer,
    UINT: CallWriter.natural,
    DOUBLE: CallWriter.double,
    STRING: CallWriter.string,
    TIMESTAMP: CallWriter.instant,
    DATE: CallWriter.day,
    DURATION: CallWriter.span,
    SEMVER: CallWriter.version,
}
