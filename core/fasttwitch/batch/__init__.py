"""Arrow in, codes out: the only room that knows how Arrow stores values."""
