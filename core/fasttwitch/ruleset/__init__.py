"""The document: segments and what they need, read, checked as far as that goes without data, and given an identity."""

from fasttwitch.ruleset.attributes import schema_problems
from fasttwitch.ruleset.load import Reading, in_order, load_ruleset, read_ruleset
from fasttwitch.ruleset.model import AttributeDefinition, Example, Ruleset, SegmentDefinition
from fasttwitch.ruleset.order import dependency_order
from fasttwitch.ruleset.segments import parse_rule

__all__ = [
    "AttributeDefinition",
    "Example",
    "Reading",
    "Ruleset",
    "SegmentDefinition",
    "dependency_order",
    "in_order",
    "load_ruleset",
    "parse_rule",
    "read_ruleset",
    "schema_problems",
]
