"""Shapes of circuits that every test of the index goes through."""

import functools

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.gates import Gates
from tests.core.kernels.point.circuits import Shape, circuit, customers
from tests.oracle.gates import rows_that_hold

SHAPES = {
    "conjunctions": Shape(),
    "no rows": Shape(rows=0),
    "one row": Shape(rows=1, literals=2),
    "no dimensions": Shape(rows=20, dimensions=0, gates=5, wires=2, inverted=0.5),
    "one dimension": Shape(dimensions=1, codes=(7, 7), literals=1),
    "two codes": Shape(codes=(2, 2), dimensions=20, literals=20),
    "a dimension with one code": Shape(codes=(1, 3), dimensions=5),
    "many literals": Shape(dimensions=30, literals=20, share=0.9),
    "many runs": Shape(codes=(100, 256), runs=40, rows=150),
    "exactly 256 codes": Shape(codes=(256, 256), runs=3, rows=150),
    "more than a byte": Shape(codes=(257, 3_000), rows=150, share=0.1),
    "equalities on wide dimensions": Shape(codes=(2_000, 3_000), dimensions=4, runs=1, share=0.0003, rows=600),
    "400 dimensions": Shape(dimensions=400, codes=(2, 6), rows=300, literals=12),
    "selective": Shape(rows=800, codes=(50, 250), share=0.02, dimensions=12),
    "wires": Shape(gates=100, wires=3, inverted=0.5),
    "deep": Shape(gates=300, wires=2, literals=1, inverted=0.5, share=0.8),
    "ORs of selective parts": Shape(gates=300, wires=4, literals=2, inverted=0.9, codes=(20, 60), share=0.05),
    "wide ORs": Shape(gates=200, wires=30, literals=1, inverted=0.9),
    "only wires": Shape(gates=200, wires=3, literals=0, inverted=0.3),
    "8,000 conjunctions": Shape(rows=8_000, inverted=0.1, dimensions=20, literals=4),
    "5,000 rows": Shape(rows=5_000, gates=500, wires=1, inverted=0.1, dimensions=20, literals=4),
}
CUSTOMERS = 40


@functools.cache
def example(name: str) -> tuple[Gates, NDArray[np.int32], list[list[int]]]:
    """Return gates of a shape, codes of customers, and the rows of answers that hold for each."""
    generator = np.random.default_rng(list(SHAPES).index(name))
    gates = circuit(SHAPES[name], generator)
    codes = customers(gates, CUSTOMERS, generator)
    return gates, codes, rows_that_hold(gates, codes)
