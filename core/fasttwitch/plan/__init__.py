"""Predicates to tables and programs: below this room no rule can be wrong."""
