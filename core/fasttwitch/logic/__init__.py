"""Typed predicates: names and types are settled here."""
