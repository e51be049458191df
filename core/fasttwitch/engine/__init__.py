"""Evaluators over one plan, and the names that people call."""
