"""Numba loops over plain arrays; imports nothing of ours, and compiles nothing until `load` is asked to."""
