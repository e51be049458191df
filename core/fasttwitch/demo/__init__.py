"""Something to look at: customers that never lived, rules that a marketer would write, and a race."""
