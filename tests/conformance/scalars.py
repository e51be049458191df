"""Random scalar expressions that mean the same to every evaluator of CEL, well typed by construction.

Left out is what Google's evaluator in C++ does otherwise than CEL's first one, in Go, which we follow: doubles in hex,
uints with a `+` in strings, how `string` prints infinities and NaN, how `%s` prints doubles, and fractions of a second
that end in 0.
"""

from dataclasses import dataclass
from random import Random

import pyarrow as pa

INSTANTS = pa.timestamp("us", "UTC")
LENGTHS = pa.duration("us")
STORED = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "uint": pa.uint64(),
    "double": pa.float64(),
    "string": pa.string(),
    "timestamp": INSTANTS,
    "duration": LENGTHS,
}
NAMES = {kind: tuple(f"{kind[0] if kind != 'duration' else 'p'}{number}" for number in range(3)) for kind in STORED}
"""Columns of each type: `i0`, `i1`, `i2`, …; durations begin with p, for period."""

SECOND = 1_000_000
DAY = 86_400 * SECOND
VALUES: dict[str, tuple[object, ...]] = {
    "bool": (True, False),
    "int": (0, 1, -1, 2, 3, -7, 10, 63, 64, 100, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)),
    "uint": (0, 1, 2, 3, 7, 64, 255, 2**53 + 1, 2**63, 2**64 - 1),
    "double": (
        *(0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 0.1, 1e6, 123456789.0, 1e21, 1e-7, 2.0**53, 2.0**63, -(2.0**63)),
        *(5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan")),
    ),
    "string": (
        *("", "a", "b", "ab", "abc", "Abc", " a b ", "a,b,,c", "aXbXc", "héllo", "Ünï", "ß☺", "日本", "\U0001f431x"),
        *('say "hi"\\', "\u00a0x\u2003", "line\nbreak\t", "42", "-7", "1.5", "1e3", "inf", "9223372036854775808"),
        *("true", "FALSE", "t", "2024-02-29T12:34:56.789Z", "90s", "1h30m"),
    ),
    "timestamp": (
        *(0, -1, 1_709_210_096_789_000, 1_711_846_799_999_999, 1_711_846_800_000_000, 1_729_990_800_000_000),
        *(951_782_400_000_000, -86_400_000_001, 4_102_444_799_000_000, 1_234_567_890_123_456),
    ),
    "duration": (0, 1, -1, SECOND, 90 * SECOND, -90 * SECOND, 3_661_001_000, 30 * DAY, -400 * DAY, 1_500_000),
}
ORDERED = ("<", "<=", ">", ">=", "==", "!=")
NUMBERS = ("int", "uint", "double")
ZONES = ("UTC", "+02:00", "-09:30", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
DATE_PARTS = ("getFullYear", "getMonth", "getDayOfMonth", "getDate", "getDayOfWeek", "getDayOfYear")
TIME_PARTS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
PATTERNS = ("^a", "b$", "a.c", "[A-Z]+", "(?i)ABC", "\\\\d+", "^$", "", "\\\\pL+", "a|b", "^\\\\s")
FORMATS = {
    "%s": ("string", "int", "uint", "bool"),
    "%d": ("int", "uint"),
    "%x": ("int", "uint", "string"),
    "%X": ("int", "uint", "string"),
    "%o": ("int", "uint"),
    "%b": ("int", "uint", "bool"),
    "%.2f": ("double",),
    "%e": ("double",),
}


def table(random: Random, rows: int) -> pa.Table:
    """Return so many rows of the columns in `NAMES`; one cell in six is null."""
    columns = {}
    for kind, names in NAMES.items():
        for name in names:
            cells = [None if random.randrange(6) == 0 else cell(random, kind) for _ in range(rows)]
            temporal = kind in ("timestamp", "duration")
            columns[name] = (
                pa.array(cells, pa.int64()).view(STORED[kind]) if temporal else pa.array(cells, STORED[kind])
            )
    return pa.table(columns)


def cell(random: Random, kind: str) -> object:
    """Return a value of a type: an awkward one, or a plain number."""
    if kind in ("int", "uint") and random.random() < 0.3:
        return random.randint(0, 20)
    if kind == "double" and random.random() < 0.3:
        return random.randint(-200, 200) / 8
    return random.choice(VALUES[kind])


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions over the columns in `NAMES`."""

    random: Random

    def pick(self, *forms: str) -> str:
        """Return one of some texts."""
        return self.random.choice(forms)

    def value(self, kind: str, depth: int) -> str:
        """Return an expression of a type; in parentheses wherever it needs them."""
        if depth <= 0:
            return self.leaf(kind)
        if self.random.randrange(10) == 0:
            branches = self.value(kind, depth - 1), self.value(kind, depth - 1)
            return f"({self.value('bool', depth - 1)} ? {branches[0]} : {branches[1]})"
        if self.random.randrange(12) == 0:
            return f"coalesce({self.random.choice(NAMES[kind])}, {self.value(kind, depth - 1)})"
        writers = {
            "bool": self.truth,
            "int": self.signed,
            "uint": self.unsigned,
            "double": self.number,
            "string": self.text,
            "timestamp": self.instant,
            "duration": self.length,
        }
        return writers[kind](depth - 1)

    def leaf(self, kind: str) -> str:
        """Return a column, or a constant one time in four."""
        return self.random.choice(NAMES[kind]) if self.random.randrange(4) else self.constant(kind)

    def constant(self, kind: str) -> str:
        """Return a constant."""
        value = cell(self.random, kind)
        match value:
            case bool():
                return "true" if value else "false"
            case str():
                return quoted(value)
            case float() if value != value or abs(value) == float("inf"):
                return self.pick("1.5", "-0.25", "100.0")
            case float():
                return repr(value)
            case int() if kind == "timestamp":
                return f'timestamp("{pa.scalar(value, INSTANTS).as_py().replace(tzinfo=None).isoformat()}Z")'
            case int() if kind == "duration":
                return f'duration("{value}us")'
            case int():
                return f"{value}u" if kind == "uint" else str(value)
        raise AssertionError(value)

    def truth(self, depth: int) -> str:
        """Return something true or false."""
        match self.random.randrange(12):
            case 0 | 1:
                operands = [self.value("bool", depth) for _ in range(self.random.choice((2, 2, 3)))]
                return f"({self.pick(' && ', ' || ').join(operands)})"
            case 2:
                return f"!({self.value('bool', depth)})"
            case 3 | 4 | 5:
                return f"({self.compared(depth)})"
            case 6:
                kind = self.pick("int", "uint", "string", "double")
                members = ", ".join(self.constant(kind) for _ in range(self.random.randint(0, 4)))
                return f"({self.value(kind, depth)} in [{members}])"
            case 7 | 8:
                text, part = self.value("string", depth), self.value("string", 0)
                return f"{text}.{self.pick('startsWith', 'endsWith', 'contains')}({part})"
            case 9:
                return f'{self.value("string", depth)}.matches("{self.pick(*PATTERNS)}")'
            case 10:
                test = self.pick("math.isNaN({})", "math.isInf({})", "math.isFinite({})", "(({}) == ({}))")
                return test.replace("{}", self.value("double", depth))
            case _:
                column = self.random.choice(NAMES[self.pick(*NAMES)])
                return self.pick(f"({column} == null)", f"({column} != null)", f"bool({self.value('string', depth)})")

    def compared(self, depth: int) -> str:
        """Return two values and a relation between them; numbers of different types among them."""
        kind = self.random.choice(tuple(NAMES))
        other = self.pick(*NUMBERS) if kind in NUMBERS and self.random.randrange(3) == 0 else kind
        left, right = self.value(kind, depth), self.value(other, depth)
        if other != kind:  # a constant would become what the other side is, if it can
            left, right = self.random.choice(NAMES[kind]), self.random.choice(NAMES[other])
        return f"{left} {self.random.choice(ORDERED)} {right}"

    def signed(self, depth: int) -> str:
        """Return an int."""
        a, b = self.value("int", depth), self.value("int", depth)
        match self.random.randrange(12):
            case 0 | 1 | 2:
                return f"({a} {self.pick('+', '-', '*', '/', '%')} {b})"
            case 3:
                return self.pick(f"-({a})", f"math.abs({a})", f"math.sign({a})", f"math.bitNot({a})")
            case 4:
                return f"math.{self.pick('bitAnd', 'bitOr', 'bitXor', 'bitShiftLeft', 'bitShiftRight')}({a}, {b})"
            case 5:
                return f"math.{self.pick('greatest', 'least')}({self.pick(a, f'{a}, {b}', f'{a}, {b}, 3')})"
            case 6:
                return f"int({self.value(self.pick('uint', 'double', 'string', 'timestamp'), depth)})"
            case 7:
                return f"size({self.value('string', depth)})"
            case 8:
                text, part = self.value("string", depth), self.value("string", 0)
                place = self.pick("", "", f", {self.random.randint(-1, 5)}", f", {a}")
                return f"{text}.{self.pick('indexOf', 'lastIndexOf')}({part}{place})"
            case 9:
                return f"{self.value('duration', depth)}.{self.random.choice(TIME_PARTS)}()"
            case _:
                zone = self.pick("", f'"{self.random.choice(ZONES)}"')
                return f"{self.value('timestamp', depth)}.{self.random.choice(DATE_PARTS + TIME_PARTS)}({zone})"

    def unsigned(self, depth: int) -> str:
        """Return a uint."""
        a, b = self.value("uint", depth), self.value("uint", depth)
        match self.random.randrange(8):
            case 0 | 1 | 2:
                return f"({a} {self.pick('+', '-', '*', '/', '%')} {b})"
            case 3:
                return self.pick(f"math.abs({a})", f"math.sign({a})", f"math.bitNot({a})")
            case 4:
                function, second = self.random.choice(
                    [*((name, b) for name in ("bitAnd", "bitOr", "bitXor"))]
                    + [(name, self.value("int", 0)) for name in ("bitShiftLeft", "bitShiftRight")]
                )
                return f"math.{function}({a}, {second})"
            case 5:
                return f"math.{self.pick('greatest', 'least')}({a}, {b})"
            case _:
                return f"uint({self.value(self.pick('int', 'double', 'string'), depth)})"

    def number(self, depth: int) -> str:
        """Return a double."""
        a, b = self.value("double", depth), self.value("double", depth)
        match self.random.randrange(8):
            case 0 | 1 | 2:
                return f"({a} {self.pick('+', '-', '*', '/')} {b})"
            case 3:
                return f"-({a})"
            case 4 | 5:
                return f"math.{self.pick('abs', 'sign', 'ceil', 'floor', 'round', 'trunc', 'sqrt')}({a})"
            case 6:
                return self.pick(
                    f"math.{self.pick('greatest', 'least')}({a}, {b})", f"math.sqrt({self.value('int', 0)})"
                )
            case _:
                kind = self.pick("int", "uint", "string")
                # Google reads numbers that no double holds as infinite, and Go not at all; so no text grows here.
                return f"double({self.value(kind, depth if kind != 'string' else 0)})"

    def text(self, depth: int) -> str:
        """Return a string."""
        text, other = self.value("string", depth), self.value("string", 0)
        place = self.pick(str(self.random.randint(-1, 4)), self.value("int", 0))
        match self.random.randrange(9):
            case 0 | 1:
                return f"({text} + {other})"
            case 2 | 3:
                return f"{text}.{self.pick('lowerAscii', 'upperAscii', 'trim', 'reverse')}()"
            case 4:
                return f"{text}.{self.pick(f'charAt({place})', f'substring({place})', f'substring(1, {place})')}"
            case 5:
                limit = self.pick("", "", f", {self.random.randint(-1, 3)}")
                return f"{text}.replace({other}, {self.value('string', 0)}{limit})"
            case 6:
                number = self.value("double", 0)
                finite = (
                    f'(math.isFinite({number}) ? string({number}) : "")'  # Google has names of its own for the rest
                )
                kind = self.pick("int", "uint", "bool", "string")
                instant = f"string({self.random.choice(NAMES['timestamp'])})"
                return self.pick(finite, instant, f"string({self.value(kind, depth)})")
            case 7:
                clause = self.random.choice(tuple(FORMATS))
                return f'"<{clause}>".format([{self.value(self.pick(*FORMATS[clause]), depth)}])'
            case _:
                pieces = f"{text}.split({self.pick(other, quoted(','), quoted(''))})"
                joined = f"{pieces}.join({self.pick('', quoted('-'))})"
                return self.pick(f"strings.quote({text})", joined, f"{pieces}[{self.random.randint(0, 2)}]")

    def instant(self, depth: int) -> str:
        """Return an instant."""
        instant, length = self.value("timestamp", depth), self.value("duration", depth)
        match self.random.randrange(4):
            case 0:
                return f"timestamp({self.pick(self.value('int', 0), self.value('string', 0))})"
            case _:
                return f"({instant} {self.pick('+', '-')} {length})"

    def length(self, depth: int) -> str:
        """Return a length of time."""
        length, other = self.value("duration", depth), self.value("duration", depth)
        match self.random.randrange(5):
            case 0:
                return f"({self.value('timestamp', depth)} - {self.value('timestamp', depth)})"
            case 1:
                return f"{self.pick('days', 'hours', 'minutes')}({self.random.randint(-40, 400)})"
            case 2:
                return f"duration({self.value('string', 0)})"
            case _:
                return f"({length} {self.pick('+', '-')} {other})"


def quoted(text: str) -> str:
    """Return a string constant."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'
