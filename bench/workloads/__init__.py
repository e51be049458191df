"""Customers and segments to measure with: seeded, so that everybody measures the same ones."""

from bench.workloads.attributes import Attribute
from bench.workloads.bases import MIXED, NOW, PLAIN, SHAPES, base, customers
from bench.workloads.rules import conjunctions, nested, segments

__all__ = ["MIXED", "NOW", "PLAIN", "SHAPES", "Attribute", "base", "conjunctions", "customers", "nested", "segments"]
