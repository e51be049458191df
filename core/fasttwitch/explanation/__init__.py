"""Why a rule is true, false or unknown for one customer, and what would make it true.

Nothing here evaluates a rule: every part of one is a predicate of a plan, and who runs plans is given as a function.
"""
