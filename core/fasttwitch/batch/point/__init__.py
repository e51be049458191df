"""One customer, or a few, as Python mappings: to values of the language, and from values to codes."""
