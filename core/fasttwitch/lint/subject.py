"""What a review looks at: rules with their texts, and everything that answers questions about them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from fasttwitch.errors import RulesetError
from fasttwitch.lint.bounded import BoundedLowering
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.prover import Prover
from fasttwitch.logic.check import check
from fasttwitch.logic.nodes import And, Conditional, Expression, Or, parts
from fasttwitch.logic.scope import Scope
from fasttwitch.ruleset import Ruleset, SegmentDefinition, parse_rule
from fasttwitch.syntax import print_expression
from fasttwitch.syntax.nodes import Span

LONGEST_QUOTE = 60
LOOSE = (And, Or, Conditional)


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment's rule: its definition, and its typed tree."""

    definition: SegmentDefinition
    tree: Expression

    @property
    def name(self) -> str:
        """The segment's name."""
        return self.definition.name

    def words(self, part: Expression) -> str:
        """Return a part of the rule as its author wrote it, on one line."""
        return one_line(self.definition.when[slice(*part.span)])

    def quote(self, part: Expression) -> str:
        """Return the same, a long part cut short."""
        words = self.words(part)
        return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"

    def grouped(self, part: Expression) -> str:
        """Return a part of the rule as it may stand beside `&&` or `||`."""
        return f"({self.words(part)})" if isinstance(part, LOOSE) else self.words(part)

    def finding(
        self, kind: str, message: str, part: Expression, fix: str = "", others: Iterable[Expression] = ()
    ) -> Finding:
        """Return a finding at a part of the rule."""
        definition = self.definition
        spans = tuple(one.span for one in others)
        return Finding(kind, self.name, message, fix, part.span, spans, definition.when, definition.source)

    def replaced(self, span: Span, words: str) -> str:
        """Return the rule's text with other words at a place."""
        when = self.definition.when
        return when[: span[0]] + words + when[span[1] :]


@dataclass(frozen=True)
class Subject:
    """A ruleset over data of one schema, ready for questions.

    rules    in an order in which each refers only to earlier ones
    data     the customers at hand, if there are any: the columns that rules read
    counted  what was counted in them so far
    """

    ruleset: Ruleset
    schema: pa.Schema
    scope: Scope
    rules: Mapping[str, Rule]
    data: pa.Table | None = None
    counted: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def trees(self) -> dict[str, Expression]:
        """Typed trees by segment."""
        return {name: rule.tree for name, rule in self.rules.items()}

    @cached_property
    def lowering(self) -> BoundedLowering:
        """The graph of all rules."""
        return BoundedLowering(self.trees, self.schema)

    @cached_property
    def prover(self) -> Prover:
        """Answers questions about nodes of the graph."""
        return Prover(self.lowering.graph)

    def accepts(self, text: str) -> bool:
        """Return whether a text would do as a rule here."""
        try:
            check(parse_rule(text), self.scope, text)
        except RulesetError:
            return False
        return True


def one_line(text: str) -> str:
    """Return the text of an expression on one line; blanks inside its strings stay, comments go."""
    return text if "\n" not in text else print_expression(parse_rule(text))


def walk(tree: Expression) -> Iterator[Expression]:
    """Yield a node and everything below it, outside first."""
    yield tree
    for part in parts(tree):
        yield from walk(part)
