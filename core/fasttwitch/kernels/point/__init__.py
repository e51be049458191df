"""One customer against all rules: codes to the rows of those that hold."""
