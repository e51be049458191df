"""How fast: our numbers beside our rivals', on the same rules and the same customers."""
