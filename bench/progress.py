"""Telling how far a measurement is."""

import time
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")


def told(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases, telling after each how far we are."""
    found: list[Case] = []
    begin = time.perf_counter()
    for case in cases:
        found.append(case)
        print(f"  {len(found)} after {time.perf_counter() - begin:.0f} s", flush=True)
    return tuple(found)
