"""Every operator and function of the language with operands that vary, read from the language's own tables.

Operands are columns named `a`, `b`, … A version is read from a column of strings; a list is a list of columns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from fasttwitch.library.formatting import ACCEPTED
from fasttwitch.logic.arithmetic import JOINING, RESULTS, SWAPPED
from fasttwitch.logic.catalogue import CATALOGUE, METHOD, Function, Overload
from fasttwitch.logic.check import OPERATORS
from fasttwitch.logic.comparison import MIXED
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
    ListType,
    Scalar,
    StructType,
    Type,
)
from fasttwitch.logic.functions import FUNCTIONS

SCALARS: Mapping[str, Scalar] = {
    kind.name: kind for kind in (BOOL, INT, UINT, DOUBLE, DECIMAL, STRING, TIMESTAMP, DATE, DURATION, SEMVER)
}
COLUMN_TYPES = tuple(kind for kind in SCALARS.values() if kind is not SEMVER)
LENGTHS = ("days", "hours", "minutes")
STRING_TESTS = ("startsWith", "endsWith", "contains")
# Constants for the parameters that must be constant, by function and place.
CONSTANTS = {("bucket", 1): '"autumn"', ("bucket", 2): "10"}
ZONE = '"America/New_York"'
WITH_A_CONSTANT = {
    BOOL: "true",
    INT: "2",
    UINT: "2u",
    DOUBLE: "1.5",
    DECIMAL: "1.5",
    STRING: '"ab"',
    TIMESTAMP: 'timestamp("2026-01-31T09:30:00Z")',
    DATE: 'date("2026-01-31")',
    DURATION: 'duration("90s")',
    SEMVER: 'semver("1.2.3")',
}
DECISIVE_BOOLS = {"<": "true", "<=": "false", ">": "false", ">=": "true", "==": "true", "!=": "true"}
NAMED_LIST = ("ab", "abc")  # of the ruleset, as `list("named")`
INNER = "a"  # the text of the segment `inner`


@dataclass(frozen=True, slots=True)
class Item:
    """One operator or function for one combination of types.

    key       how the table of pairs calls it
    text      an expression over the operands
    operands  column → its type, in the order of the text
    sees      whether it is true or false where the operand is null
    """

    key: str
    text: str
    operands: Mapping[str, Type]
    sees: bool = False


def items() -> Iterator[Item]:
    """Yield the whole language."""
    yield from _comparisons()
    yield from _arithmetic()
    yield from _logic()
    yield from _memberships()
    for name, function in CATALOGUE.items():
        for overload in function.overloads:
            yield _call(name, function, overload)
    for name in FUNCTIONS:
        if name not in CATALOGUE:
            yield from _own(name)


def _item(key: str, pattern: str, *kinds: Type, sees: bool = False) -> Item:
    """Return an item of a text with a place for each operand."""
    names = ascii_lowercase[: len(kinds)]
    words = [_operand(name, kind) for name, kind in zip(names, kinds, strict=True)]
    signature = ", ".join(map(str, kinds))
    return Item(f"{key}: {signature}", pattern.format(*words), dict(zip(names, kinds, strict=True)), sees)


def _operand(name: str, kind: Type) -> str:
    return f"semver({name})" if kind is SEMVER else name


def _comparisons() -> Iterator[Item]:
    mixed = [(SCALARS[one], SCALARS[other]) for one, other in sorted(MIXED) if one != other]
    for operator in OPERATORS:
        if operator in ("in", *"+-*/%"):
            continue
        for kind in SCALARS.values():
            yield _item(operator, f"{{}} {operator} {{}}", kind, kind)
            constant = DECISIVE_BOOLS[operator] if kind is BOOL else WITH_A_CONSTANT[kind]
            yield _item(f"{operator} constant", f"{{}} {operator} {constant}", kind)
        for one, other in mixed:
            yield _item(operator, f"{{}} {operator} {{}}", one, other)
    for operator in ("==", "!="):
        yield _item(f"{operator} of lists", f'{{}}.split(",") {operator} [{{}}]', STRING, STRING)
        for kind in COLUMN_TYPES:
            yield _item(f"{operator} null", f"{{}} {operator} null", kind, sees=True)


def _arithmetic() -> Iterator[Item]:
    swapped = ((operator, right, left) for operator, left, right in SWAPPED)
    for operator, left, right in sorted({*RESULTS, JOINING, *SWAPPED, *swapped}):
        kinds = SCALARS[left], SCALARS[right]
        if DATE in kinds:  # a date moves by a constant number of days
            if left == "date":
                yield _item(f"{operator} days", f"{{}} {operator} days(3)", DATE)
            else:
                yield _item(f"days {operator}", f"days(3) {operator} {{}}", DATE)
        else:
            yield _item(operator, f"({{}} {operator} {{}})", *kinds)
    for kind in (INT, DOUBLE):
        yield _item("minus sign", "-{}", kind)


def _logic() -> Iterator[Item]:
    yield _item("!", "!{}", BOOL)
    for operator in ("&&", "||"):
        for count in (2, 3):
            yield _item(operator, f" {operator} ".join(["{}"] * count), *[BOOL] * count)
    for kind in SCALARS.values():
        yield _item("?:", "({} ? {} : {})", BOOL, kind, kind)
    for kind in COLUMN_TYPES:
        yield _item("coalesce", "coalesce({}, {})", kind, kind)
    yield Item(".: struct", "a.b", {"a": StructType((("b", BOOL),))})
    yield _item("[]", '{}.split(",")[{}]', STRING, INT)
    yield _item("[] of a list", "[{}, {}][{}]", STRING, STRING, INT)


def _memberships() -> Iterator[Item]:
    for kind in SCALARS.values():
        yield _item("in", f"{{}} in [{WITH_A_CONSTANT[kind]}]", kind)
    yield _item("in a list", '{} in {}.split(",")', STRING, STRING)


def _call(name: str, function: Function, overload: Overload) -> Item:
    """Return an overload of the catalogue."""
    operands: dict[str, Type] = {}

    def named(kind: Type) -> str:
        operand = ascii_lowercase[len(operands)]
        operands[operand] = kind
        return _operand(operand, kind)

    words = []
    for place, kind in enumerate(overload.parameters):
        if place in overload.constants:
            words.append(CONSTANTS.get((name, place), ZONE))
        elif isinstance(kind, ListType):
            words.append(f"[{named(kind.element)}, {named(kind.element)}]")
        else:
            words.append(named(kind))
    if overload.variadic:
        words += [named(overload.parameters[-1]) for _ in range(2)]
    text = f"{words[0]}.{name}({', '.join(words[1:])})" if function.form is METHOD else f"{name}({', '.join(words)})"
    signature = ", ".join([*map(str, overload.parameters), *(["…"] if overload.variadic else [])])
    return Item(f"{name}: {signature}", text, operands)


def _own(name: str) -> Iterator[Item]:
    """Yield the forms of a function that has a typing rule of its own."""
    match name:
        case "segment":
            yield _item(name, 'segment("inner")', BOOL)
        case "list":
            yield _item(name, '{} in list("named")', STRING)
        case "has":
            for kind in COLUMN_TYPES:
                yield _item(name, "has({})", kind, sees=True)
        case "isTrue" | "isKnown":
            yield _item(name, f"{name}({{}})", BOOL, sees=True)
        case "matches":
            yield _item(name, '{}.matches("^a+b")', STRING)
        case "size":
            yield _item(name, "{}.size()", STRING)
            yield _item("size of a list", 'size({}.split(","))', STRING)
        case "format":
            for verb, kinds in ACCEPTED.items():
                for kind in (SCALARS[word] for word in kinds if word in SCALARS):
                    yield _item(f"format %{verb}", f'"<%{verb}>".format([{{}}])', kind)
            yield _item("format", '"%s of %s".format([{}, {}])', STRING, INT)
        case _ if name in LENGTHS:
            yield _item(name, f"{name}({{}})", INT)
        case _ if name in STRING_TESTS:
            yield _item(name, f"{{}}.{name}({{}})", STRING, STRING)
            yield _item(f"{name} constant", f'{{}}.{name}("ab")', STRING)
        case _:
            if name != "coalesce":  # an operator among the logic above
                raise AssertionError(f"no form of `{name}` is known here")
