"""Tree to canonical text: one spelling for all texts of one tree, so that a digest of it identifies the rule."""

from decimal import Decimal

from fasttwitch.syntax.nodes import (
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
from fasttwitch.syntax.words import AND, CONDITIONAL, KEYWORDS, OR, POWERS, RELATION, SIGN, VALUE, is_name


def print_expression(tree: Expression) -> str:
    """Return the canonical text of a tree: few parentheses, double quotes, one blank around binary operators.

    Parsing that text gives an equal tree, if the tree is one that a text can have: names are names, numbers are finite
    and in range, no chain stands directly in a chain of the same operator.
    """
    return print_within(tree, CONDITIONAL)


def print_within(node: Expression, floor: int) -> str:
    """Return the canonical text of a part, in parentheses if it binds less tightly than `floor`."""
    match node:
        case Name(name):
            return name
        case Constant():
            text = _constant(node)
            # `-5.abs()` means the same without parentheses here, but not to every reader.
            power = SIGN if text[0] == "-" else VALUE
        case Binary(operator, left, right):
            # A chain of relations keeps its parentheses: `(a < b) == c` says what it does, and `a < b < c` is refused.
            power = POWERS[operator]
            left_floor = power + 1 if power == RELATION else power
            text = f"{print_within(left, left_floor)} {operator} {print_within(right, power + 1)}"
        case Logical(operator, operands):
            power = OR if operator == "||" else AND
            text = f" {operator} ".join([print_within(operand, power + 1) for operand in operands])
        case Unary(operator, operand):
            power = SIGN
            text = operator + _signed(operator, operand)
        case Conditional(condition, then, otherwise):
            power = CONDITIONAL
            text = f"{print_within(condition, OR)} ? {print_within(then, OR)} : {print_within(otherwise, CONDITIONAL)}"
        case _:
            return _value(node)
    return f"({text})" if power < floor else text


def _value(node: Expression) -> str:
    """Return the text of a node that never needs parentheses."""
    match node:
        case Call(function, None, arguments):
            return f"{function}({_joined(arguments)})"
        case Call(function, receiver, arguments):
            assert receiver is not None
            return f"{print_within(receiver, VALUE)}.{function}({_joined(arguments)})"
        case Member(operand, field_name):
            return f"{print_within(operand, VALUE)}.{print_field(field_name)}"
        case Index(operand, index):
            return f"{print_within(operand, VALUE)}[{print_within(index, CONDITIONAL)}]"
        case ListOf(items):
            return f"[{_joined(items)}]"
        case MapOf(entries):
            pairs = [f"{print_within(key, CONDITIONAL)}: {print_within(value, CONDITIONAL)}" for key, value in entries]
            return f"{{{', '.join(pairs)}}}"
        case Message(type_name, fields):
            pairs = [f"{print_field(name)}: {print_within(value, CONDITIONAL)}" for name, value in fields]
            return f"{type_name}{{{', '.join(pairs)}}}"
        case _:
            raise AssertionError(node)


def _joined(items: tuple[Expression, ...]) -> str:
    return ", ".join([print_within(item, CONDITIONAL) for item in items])


def _signed(operator: str, operand: Expression) -> str:
    """Return what follows a sign, in parentheses where it would be read as something else."""
    text = print_within(operand, SIGN)
    mixed = isinstance(operand, Unary) and operand.operator != operator
    # `-5` is one constant, so the negation of the constant 5 is `-(5)`; no constant is negative and a uint.
    number = operator == "-" and text[0].isdigit() and not (isinstance(operand, Constant) and operand.kind == "uint")
    return f"({text})" if mixed or number else text


def print_field(name: str) -> str:
    """Return the name of a field as it may follow a dot."""
    return name if is_name(name) and name not in KEYWORDS else f"`{name}`"


def _constant(node: Constant) -> str:
    value = node.value
    match node.kind:
        case "string":
            assert isinstance(value, str)
            return _quoted(value)
        case "double":
            assert isinstance(value, float)
            return _double(value, node.text)
        case "uint":
            assert isinstance(value, int)
            return f"{value}u"
        case "bool":
            return "true" if value else "false"
        case "null":
            return "null"
        case "bytes":
            assert isinstance(value, bytes)
            return f'b"{"".join([_BYTES[byte] for byte in value])}"'
        case _:
            assert isinstance(value, int)
            return str(value)


def _double(value: float, written: str) -> str:
    """Return the shortest digits that give `value`, unless the author wrote digits that no double holds.

    Those digits are kept, because a decimal column is compared with what was written and not with the nearest double.
    """
    shortest = repr(value)
    if len(written) > 16 and (exact := Decimal(written)) != Decimal(shortest):
        return _digits(exact)
    return shortest


def _digits(number: Decimal) -> str:
    """Return the one spelling of a number by its digits; a method of `Decimal` would round to 28 of them."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, digits)).rstrip("0")
    text = str(Decimal((sign, tuple(map(int, significant)), exponent + len(digits) - len(significant)))).lower()
    return text if "." in text or "e" in text else f"{text}.0"


def _quoted(value: str) -> str:
    # Patterns: `r"^\d+$"` is how people write them, and `"^\\d+$"` is not how they read them.
    if "\\" in value and '"' not in value and value[-1] != "\\" and value.isprintable():
        return f'r"{value}"'
    if not value.isprintable() or "\\" in value or '"' in value:
        value = "".join([_SPELLED.get(character) or _character(character) for character in value])
    return f'"{value}"'


_SPELLED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _character(character: str) -> str:
    """Return the character, or its escape if it could not be seen: no blank or accent may hide in a canonical text."""
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_BYTES = [_SPELLED.get(chr(byte)) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}") for byte in range(256)]
