"""The state of one check: what may be named, the problems so far, and the author's own words for messages."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.logic import nodes
from fasttwitch.logic.datatypes import Scalar, Type
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.scope import Scope
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax.printer import print_expression

WRONG_TYPE = Scalar("wrong")  # of what already has a problem: everything accepts it, so no problem is told twice
WRONG = nodes.Constant(False, WRONG_TYPE, (0, 0))
WRONG_PREDICATE = nodes.IsKnown(WRONG, (0, 0))  # has a problem inside, yet is surely a bool
_LOOSE = (syntax.Logical, syntax.Conditional)

Rules: TypeAlias = Mapping[type, Callable[..., nodes.Expression]]


class Checking:
    """One rule while it is checked; the only thing here that changes is the list of problems.

    visit    types a part of the rule by the rule for its node class; problems are noted, never raised
    """

    __slots__ = ("problems", "rules", "scope", "text")

    def __init__(self, scope: Scope, text: str, rules: Rules) -> None:
        self.scope = scope
        self.text = text
        self.rules = rules
        self.problems: list[Problem] = []

    def visit(self, tree: syntax.Expression) -> nodes.Expression:
        """Return the typed form of `tree`, `WRONG` if it has none."""
        return self.rules[type(tree)](self, tree)

    def glance(self, tree: syntax.Expression) -> nodes.Expression:
        """Return the typed form of `tree` without noting what is wrong with it."""
        told = len(self.problems)
        node = self.visit(tree)
        del self.problems[told:]
        return node

    def problem(self, message: str, span: syntax.Span, fix: str = "") -> nodes.Expression:
        """Note a problem, and return the node that stands for what is wrong."""
        source = Source.of_text(self.text) if self.text else None
        self.problems.append(Problem(message, span, fix, self.text, source))
        return WRONG

    def refuse(self, refusal: Refusal, span: syntax.Span) -> nodes.Expression:
        """Note why a constant was refused, and return the node that stands for what is wrong."""
        return self.problem(refusal.message, span, refusal.fix)

    def raise_problems(self) -> None:
        """Raise everything that was noted, in the order of the text."""
        if self.problems:
            raise RulesetError(sorted(self.problems, key=lambda problem: problem.span or (0, 0)))

    def quote(self, tree: syntax.Expression) -> str:
        """Return a part of the rule as the author wrote it, on one line; a long part keeps its beginning."""
        start, end = tree.span
        words = " ".join((self.text[start:end] if self.text else print_expression(tree)).split())
        return words if len(words) <= 60 else words[:59] + "…"

    def side(self, tree: syntax.Expression) -> str:
        """Return a part of the rule as it may stand beside `==` or `in`: in parentheses where it binds no closer."""
        loose = type(tree) in _LOOSE or (type(tree) is syntax.Binary and tree.operator not in "+-*/%")
        return f"({self.quote(tree)})" if loose else self.quote(tree)

    def term(self, tree: syntax.Expression) -> str:
        """Return a part of the rule as it may stand beside `+` or before a dot."""
        loose = type(tree) in _LOOSE or type(tree) in (syntax.Binary, syntax.Unary)
        return f"({self.quote(tree)})" if loose else self.quote(tree)

    def describe(self, node: nodes.Expression, tree: syntax.Expression) -> str:
        """Return a part of the rule with its type: "`age` (int)", or "the string `"18"`"."""
        if type(node) is nodes.Constant and type(tree) is syntax.Constant:
            return f"the {node.type} `{self.quote(tree)}`"
        return f"`{self.quote(tree)}` ({node.type})"


def quoted(text: str) -> str:
    """Return a string as a constant of the language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_article(kind: Type) -> str:
    """Return a type with its article: "an int", "a string"."""
    name = str(kind)
    return f"an {name}" if name == "int" else f"a {name}"
