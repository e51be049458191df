"""Customers and segments to measure with: seeded, so that everybody measures the same ones."""

from bench.workloads.attributes import Attribute
from bench.workloads.bases import MIXED, NOW, PLAIN, SHAPES, base, customers
from bench.workloads.functions import FUNCTION_COLUMNS, FUNCTIONS, FUNCTIONS_AND_OWN, OWN, SHARED, Question, alike
from bench.workloads.rules import conjunctions, nested, segments

__all__ = [
    "FUNCTIONS",
    "FUNCTIONS_AND_OWN",
    "FUNCTION_COLUMNS",
    "MIXED",
    "NOW",
    "OWN",
    "PLAIN",
    "SHAPES",
    "SHARED",
    "Attribute",
    "Question",
    "alike",
    "base",
    "conjunctions",
    "customers",
    "nested",
    "segments",
]
