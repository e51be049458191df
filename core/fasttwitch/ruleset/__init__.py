"""The document: segments and what they need, read, checked as far as that goes without data, and given an identity."""

from fasttwitch.ruleset.attributes import schema_problems
from fasttwitch.ruleset.load import load_ruleset
from fasttwitch.ruleset.model import AttributeDefinition, Example, Ruleset, SegmentDefinition
from fasttwitch.ruleset.order import dependency_order
from fasttwitch.ruleset.segments import parse_rule

__all__ = [
    "AttributeDefinition",
    "Example",
    "Ruleset",
    "SegmentDefinition",
    "dependency_order",
    "load_ruleset",
    "parse_rule",
    "schema_problems",
]
