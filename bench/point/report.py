"""The report about single customers: measure, write it down. Part of `python -m bench.report`."""

from bench.machine import machine
from bench.point import tables
from bench.point.against import against_cases
from bench.point.bandwidth import read_bandwidths
from bench.point.calls import call_cases
from bench.point.kernels import kernel_cases
from bench.point.results import PointResults
from bench.progress import told

CALL_ROUNDS, RIVAL_ROUNDS, KERNEL_ROUNDS = 9, 9, 5


def measured(rounds: int) -> PointResults:
    """Return everything measured anew, in about five minutes."""
    bandwidths = read_bandwidths()
    print("  calls", flush=True)
    calls = told(call_cases(min(rounds, CALL_ROUNDS)))
    print("  rivals", flush=True)
    against = told(against_cases(min(rounds, RIVAL_ROUNDS)))
    print("  kernels", flush=True)
    kernels = told(kernel_cases(min(rounds, KERNEL_ROUNDS), bandwidths))
    return PointResults(machine(packages=tables.PACKAGES), bandwidths, kernels, calls, against)
