"""What every function of the language does to values: plain Python, one value at a time."""
