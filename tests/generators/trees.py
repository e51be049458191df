"""Random syntax trees of every kind of node, as wild as the grammar allows; types do not matter here."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fasttwitch.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Name,
    Unary,
)

HERE = (0, 0)  # spans take no part in equality
RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "in")
ARITHMETIC = ("+", "-", "*", "/", "%")

# Words that look like something else: a prefix of a string, the end of a number, a function, a namespace.
NAMES = ("a", "b", "age", "now", "r", "b", "br", "rb", "e1", "u", "x1", "_", "__x", "math", "strings", "ltv_2", "size")
FIELDS = (
    *NAMES,
    "city",
    "if",
    "for",
    "contains",
    "to_int",
    "true",
    "null",
    "in",
    "zip-code",
    "a.b",
    "1",
    " ",
    "e5",
    "/",
)
FUNCTIONS = (
    ("segment", 1), ("list", 1), ("has", 1), ("coalesce", 3), ("isTrue", 1), ("isKnown", 1), ("days", 1), ("hours", 1),
    ("minutes", 1), ("int", 1), ("uint", 1), ("double", 1), ("string", 1), ("bool", 1), ("timestamp", 1), ("date", 1),
    ("date", 2), ("duration", 1), ("startOfDay", 2), ("semver", 1), ("isSemver", 1), ("bucket", 3),
)  # fmt: skip
METHODS = (
    ("startsWith", 1), ("endsWith", 1), ("contains", 1), ("matches", 1), ("size", 0), ("charAt", 1), ("indexOf", 1),
    ("indexOf", 2), ("lastIndexOf", 1), ("lastIndexOf", 2), ("substring", 1), ("substring", 2), ("replace", 2),
    ("replace", 3), ("split", 1), ("split", 2), ("join", 0), ("join", 1), ("lowerAscii", 0), ("upperAscii", 0),
    ("trim", 0), ("reverse", 0), ("getFullYear", 0), ("getFullYear", 1), ("getMonth", 0), ("getMonth", 1),
    ("getDayOfMonth", 0), ("getDayOfMonth", 1), ("getDate", 0), ("getDate", 1), ("getDayOfWeek", 0),
    ("getDayOfWeek", 1), ("getDayOfYear", 0), ("getDayOfYear", 1), ("getHours", 0), ("getHours", 1), ("getMinutes", 0),
    ("getMinutes", 1), ("getSeconds", 0), ("getSeconds", 1), ("getMilliseconds", 0), ("getMilliseconds", 1),
    ("major", 0), ("minor", 0), ("patch", 0),
)  # fmt: skip
MATH = (
    ("greatest", 1), ("greatest", 3), ("least", 2), ("abs", 1), ("sign", 1), ("ceil", 1), ("floor", 1), ("round", 1),
    ("trunc", 1), ("sqrt", 1), ("isNaN", 1), ("isInf", 1), ("isFinite", 1), ("bitAnd", 2), ("bitOr", 2), ("bitXor", 2),
    ("bitNot", 1), ("bitShiftLeft", 2), ("bitShiftRight", 2),
)  # fmt: skip

INTS = (0, 1, -1, 5, -5, 10, 2**31, 2**53, -(2**53) - 1, 2**63 - 1, -(2**63))
UINTS = (0, 1, 5, 2**53 + 1, 2**63, 2**64 - 1)
DOUBLES = (0.0, -0.0, 0.5, -1.5, 500.0, 1e16, 1e-7, 5e-324, 1.7976931348623157e308, -1e300, 0.1, 123456789.123456789)
DIGITS = (
    "1.10", "0.10000000000000000555", "-9007199254740993.0", ".5", "5e2", "1E-30", "007.5", "12345678901234567890.5",
    "-.00000000000000000000001", "100000000000000000000001E-5", ".10000000000000000555",
)  # fmt: skip
CHARACTERS = (
    "\"'\\`\n\r\t\0\x07\x7f \u00a0\u00ad\u0301\u200b\u2028\u202e\ufeff\ufffdéßİ中😀\U000e0001\U0010ffffa0nux%/{}$&|?:"
)
PIECES = ("", "a", "DE", "\\d+", "//", '"""', "'''", "\r\n", "\\u0041", "true", "1", "2026-01-31", "Europe/Berlin")


@dataclass(frozen=True, slots=True)
class TreeWriter:
    """Grows trees.

    random  the dice
    known   draw calls from the language's own functions alone, and no nodes that the language only knows to refuse
    """

    random: Random
    known: bool = False

    def tree(self) -> Expression:
        """Return a tree: mostly of a few nodes, sometimes of a hundred, sometimes deep."""
        match self.random.randrange(10):
            case 0:
                return self.deep(self.random.choice((5, 20, 60, 99)))
            case 1:
                return self.grown(self.random.randint(20, 120))
            case _:
                return self.grown(self.random.randint(1, 16))

    def deep(self, levels: int) -> Expression:
        """Return a tree that goes on in one child of each node."""
        tree = self.leaf()
        for _ in range(levels):
            tree = self.around(tree)
        return tree

    def around(self, inner: Expression) -> Expression:
        """Return a small node with `inner` somewhere in it: where parentheses are needed, or nearly."""
        dice = self.random
        leaf = self.leaf
        shapes: list[Callable[[], Expression]] = [
            lambda: Unary(dice.choice("!-"), inner, HERE),
            lambda: Unary(dice.choice("!-"), inner, HERE),
            lambda: Binary(dice.choice(RELATIONS + ARITHMETIC), inner, leaf(), HERE, HERE),
            lambda: Binary(dice.choice(RELATIONS + ARITHMETIC), leaf(), inner, HERE, HERE),
            lambda: flat(dice.choice(("&&", "||")), [inner, leaf()]),
            lambda: flat(dice.choice(("&&", "||")), [leaf(), inner, leaf()]),
            lambda: Conditional(inner, leaf(), leaf(), HERE),
            lambda: Conditional(leaf(), inner, leaf(), HERE),
            lambda: Conditional(leaf(), leaf(), inner, HERE),
            lambda: Member(inner, dice.choice(FIELDS), HERE),
            lambda: Index(inner, leaf(), HERE),
            lambda: Index(leaf(), inner, HERE),
            lambda: Call("size", inner, (), HERE, HERE),
            lambda: ListOf((inner,), HERE),
        ]
        return dice.choice(shapes)()

    def grown(self, size: int) -> Expression:
        """Return a tree of about so many nodes."""
        if size <= 1:
            return self.leaf()
        dice = self.random
        match dice.randrange(14 if self.known else 17):
            case 0:
                return Member(self.grown(size - 1), dice.choice(FIELDS), HERE)
            case 1:
                one, two = self.split(size, 2)
                return Index(one, two, HERE)
            case 2 | 3:
                return Unary(dice.choice("!-"), self.grown(size - 1), HERE)
            case 4 | 5 | 6 | 7:
                one, two = self.split(size, 2)
                return Binary(dice.choice(dice.choice((RELATIONS, ARITHMETIC))), one, two, HERE, HERE)
            case 8 | 9:
                return flat(dice.choice(("&&", "||")), self.split(size, dice.choice((2, 2, 3, 5))))
            case 10:
                one, two, three = self.split(size, 3)
                return Conditional(one, two, three, HERE)
            case 11:
                return ListOf(tuple(self.split(size, dice.choice((0, 1, 2, 4)))), HERE)
            case 12:
                return self.listed(size)
            case 13:
                return self.known_call(size)
            case 14:
                receiver = self.grown(size // 2) if dice.random() < 0.5 else None
                return Call(dice.choice(NAMES), receiver, tuple(self.split(size // 2, dice.randint(0, 3))), HERE, HERE)
            case 15:
                parts = self.split(size, 2 * dice.randint(0, 2))
                return MapOf(tuple(zip(parts[::2], parts[1::2], strict=True)), HERE)
            case _:
                type_name = dice.choice(("T", "a.b.T", "br", "a.if"))
                parts = self.split(size, dice.randint(0, 2))
                return Message(type_name, tuple((dice.choice(FIELDS), part) for part in parts), HERE)

    def split(self, size: int, count: int) -> list[Expression]:
        """Return so many trees, which share the nodes that are left."""
        return [self.grown(self.random.randint(1, max(1, 2 * (size - 1) // max(1, count)))) for _ in range(count)]

    def known_call(self, size: int) -> Call:
        """Return a call of the language's own functions, with a number of arguments that they take."""
        dice = self.random
        match dice.randrange(8):
            case 0 | 1 | 2:
                name, count = dice.choice(FUNCTIONS)
                if name in ("segment", "list"):
                    return Call(name, None, (Constant("string", self.text(), HERE),), HERE, HERE)
                return Call(name, None, tuple(self.split(size, count)), HERE, HERE)
            case 3 | 4 | 5:
                name, count = dice.choice(METHODS)
                receiver, *arguments = self.split(size, count + 1)
                return Call(name, receiver, tuple(arguments), HERE, HERE)
            case 6:
                name, count = dice.choice(MATH)
                return Call(name, Name("math", HERE), tuple(self.split(size, count)), HERE, HERE)
            case _:
                if dice.random() < 0.5:
                    return Call("quote", Name("strings", HERE), (self.grown(size - 1),), HERE, HERE)
                pattern = Constant("string", self.text(), HERE)
                values = ListOf(tuple(self.split(size, dice.randint(0, 3))), HERE)
                return Call("format", pattern, (values,), HERE, HERE)

    def listed(self, size: int) -> Binary:
        """Return a value looked up in a list of constants, sometimes a long one."""
        count = self.random.choice((0, 1, 3, 12) if self.random.randrange(40) else (300, 700))
        items = [self.constant() for _ in range(count)]
        if self.random.random() < 0.5:  # of one kind, so that the parser reads them in a sweep
            items = [each for each in items if each.kind == items[0].kind]
        return Binary("in", self.grown(size // 2), ListOf(tuple(items), HERE), HERE, HERE)

    def leaf(self) -> Expression:
        """Return a name or a constant."""
        return Name(self.random.choice(NAMES), HERE) if self.random.random() < 0.5 else self.constant()

    def constant(self) -> Constant:
        """Return a constant of any kind, near the edges of its kind."""
        dice = self.random
        match dice.randrange(12 if self.known else 13):
            case 0 | 1:
                value = (
                    dice.choice(INTS)
                    if dice.random() < 0.5
                    else dice.randint(-(2**63), 2**63 - 1) >> dice.choice((0, 40, 58))
                )
                return Constant("int", value, HERE, str(value))
            case 2:
                unsigned = dice.choice(UINTS) if dice.random() < 0.5 else dice.randrange(2**64)
                return Constant("uint", unsigned, HERE, f"{unsigned}u")
            case 3 | 4:
                double = dice.choice(DOUBLES) if dice.random() < 0.5 else self.double()
                return Constant("double", double, HERE, repr(double))
            case 5:
                digits = dice.choice(DIGITS)
                return Constant("double", float(digits), HERE, digits)
            case 6 | 7 | 8 | 9:
                return Constant("string", self.text(), HERE)
            case 10:
                return Constant("bool", dice.random() < 0.5, HERE)
            case 11:
                return Constant("null", None, HERE)
            case _:
                return Constant("bytes", dice.randbytes(dice.randrange(6)), HERE)

    def double(self) -> float:
        """Return any finite double, each pattern of bits as likely as the next."""
        value: float = struct.unpack("<d", self.random.randbytes(8))[0]
        return value if abs(value) < float("inf") else 1.0

    def text(self) -> str:
        """Return a string of characters that are hard to write down."""
        dice = self.random
        if dice.random() < 0.3:
            return dice.choice(PIECES)
        if dice.random() < 0.2:
            codes = [dice.randrange(0x110000) for _ in range(dice.randrange(4))]
            return "".join([chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF])
        return "".join(dice.choices(CHARACTERS, k=dice.randrange(7)))


def flat(operator: str, parts: list[Expression]) -> Logical:
    """Return the chain of `parts`, chains of the same operator taken in."""
    operands: list[Expression] = []
    for part in parts:
        operands += part.operands if isinstance(part, Logical) and part.operator == operator else [part]
    return Logical(operator, tuple(operands), HERE)
