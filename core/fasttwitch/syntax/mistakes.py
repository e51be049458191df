"""What people write instead of the language, and what to tell them."""
from fasttwitch.errors import Problem
def misplaced(text, tokens, position): return Problem("unexpected", tokens.span(position))
missing_value = missing_field = mixed_signs = leading_dot = misplaced
def reserved_word(t, s): return Problem("reserved", s)
def escaped_field(t, s): return Problem("escaped", s)
def chained_comparison(text, tokens, span, a, b): return Problem("chain", span)
