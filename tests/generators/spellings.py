"""A tree as somebody might have typed it: parentheses too many, blanks, comments, every quote and every base."""

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
from fasttwitch.syntax.words import KEYWORDS

GAPS = ("", "", "", " ", "  ", "\n", "\t", " // why not\n", "\r\n")


def spelled(tree: Expression, random: Random) -> str:
    """Return a text of a tree in which everything that could be misread stands in parentheses."""
    return _Typist(random).node(tree)


class _Typist:
    def __init__(self, random: Random) -> None:
        self.random = random

    def gap(self) -> str:
        """Return what may stand between two tokens."""
        return self.random.choice(GAPS)

    def node(self, tree: Expression) -> str:
        """Return the text of a node, with blanks around it."""
        return f"{self.gap()}{self.bare(tree)}{self.gap()}"

    def inner(self, tree: Expression) -> str:
        """Return a node in parentheses; one that needs none has them half the time."""
        if isinstance(tree, Name | ListOf) and self.random.random() < 0.5:
            return self.node(tree)
        return f"({self.node(tree)})"

    def bare(self, tree: Expression) -> str:
        """Return the text of a node."""
        match tree:
            case Name(name):
                return name
            case Constant():
                return self.constant(tree)
            case Member(operand, field):
                return f"{self.inner(operand)}.{self.gap()}{self.field(field)}"
            case Index(operand, index):
                return f"{self.inner(operand)}[{self.node(index)}]"
            case Call(function, None, arguments):
                return f"{function}{self.gap()}({self.listed(arguments)})"
            case Call(function, receiver, arguments) if receiver is not None:
                return f"{self.inner(receiver)}.{self.gap()}{function}({self.listed(arguments)})"
            case Unary(operator, operand):
                return f"{operator}{self.gap()}({self.node(operand)})"
            case Binary(operator, left, right):
                return f"{self.inner(left)} {operator} {self.inner(right)}"
            case Logical(operator, operands):
                return operator.join(map(self.inner, operands))
            case Conditional(condition, then, otherwise):
                return f"{self.inner(condition)}?{self.inner(then)}:{self.inner(otherwise)}"
            case ListOf(items):
                return f"[{self.listed(items)}{',' if items and self.random.random() < 0.2 else ''}]"
            case MapOf(entries):
                return f"{{{','.join(f'{self.node(key)}:{self.node(value)}' for key, value in entries)}}}"
            case Message(type_name, fields):
                return f"{type_name}{{{','.join(f'{self.field(name)}:{self.node(value)}' for name, value in fields)}}}"
            case _:
                raise AssertionError(tree)

    def listed(self, trees: tuple[Expression, ...]) -> str:
        """Return nodes with commas between them."""
        return ",".join(map(self.node, trees))

    def field(self, name: str) -> str:
        """Return the name of a field, in backticks wherever those may stand."""
        plain = name.isidentifier() and name not in KEYWORDS and self.random.random() < 0.8
        return name if plain else f"`{name}`"

    def constant(self, tree: Constant) -> str:
        """Return a constant in one of its spellings."""
        match tree.value:
            case str() as text:
                return self.string(text)
            case bytes() as data:
                return "b'" + "".join(self.byte(byte) for byte in data) + "'"
            case bool() | None:
                return {True: "true", False: "false", None: "null"}[tree.value]
            case int() as whole:
                sign, digits = "-" if whole < 0 else "", f"{abs(whole)}"
                spelling = self.random.choice((digits, digits, f"0{digits}", f"0x{abs(whole):X}"))
                return f"{sign}{spelling}{self.random.choice('uU') if tree.kind == 'uint' else ''}"
            case _:
                return tree.text

    def byte(self, byte: int) -> str:
        """Return a byte as it may stand in single quotes."""
        return self.random.choice((f"\\x{byte:02x}", f"\\{byte:03o}", f"\\X{byte:02X}"))

    def string(self, text: str) -> str:
        """Return a string in one of its spellings."""
        quote = self.random.choice(("'", '"', "'''", '"""'))
        as_it_is = "\r" not in text and quote[0] not in text and (len(quote) == 3 or "\n" not in text)
        if as_it_is and self.random.random() < 0.5:
            prefix = self.random.choice("rR" if "\\" in text else ("", "r", "R"))
            return prefix + quote + text + quote
        return quote + "".join(self.character(character, quote) for character in text) + quote

    def character(self, character: str, quote: str) -> str:
        """Return a character, or one of its escapes."""
        code = ord(character)
        plain = character not in "\\\r" + quote[0] and (len(quote) == 3 or character != "\n")
        forms = [f"\\U{code:08x}"]
        forms += [f"\\u{code:04X}"] if code < 0x10000 else []
        forms += [f"\\x{code:02x}", f"\\{code:03o}"] if code < 0x100 else []
        forms += [character] * 6 if plain else [f"\\{character}"] * 3 if character in "\\'\"" else []
        return self.random.choice(forms)
