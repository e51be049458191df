"""Plans, gates and their index as sections: arrays as they are, and one text for the numbers and codebooks beside them.

Arrays are read where they lie in the file: nothing is copied, and nobody can write to them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fasttwitch.engine.artefact.nodes import codebook_from_json, codebook_to_json
from fasttwitch.engine.artefact.sections import Array, MalformedError, Sections, as_json
from fasttwitch.kernels.layout import RUN_FIELDS
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import ExactPart, FlatPart, Index, ListPart, assemble
from fasttwitch.kernels.point.lists import LANES
from fasttwitch.kernels.point.soundness import check_gates, check_index
from fasttwitch.kernels.soundness import require, require_within
from fasttwitch.plan.codebooks import Plane
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.dimensions import dimensions_of
from fasttwitch.plan.gates import PointPlan
from fasttwitch.plan.schedule import EVERYBODY
from fasttwitch.plan.soundness import check_plan

# What the arrays of each part hold, and their shapes.
_INT64S, _INT32S, _WORDS = ("int64", (-1,)), ("int32", (-1,)), ("uint64", (-1,))
_PAIRS, _TRIPLES = ("int32", (-1, 2)), ("int32", (-1, 3))
_PLAN = {
    "planes": _PAIRS,
    "tests": ("int64", (-1, 4)),
    "runs": ("int64", (-1, RUN_FIELDS)),
    "operands": _INT32S,
    "roots": _INT64S,
}
_GATES = {
    "cells": _INT64S,
    "dimension": _INT32S,
    "literal_runs": _INT64S,
    "runs": _PAIRS,
    "gate_literals": _INT64S,
    "literals": _INT32S,
    "gate_wires": _INT64S,
    "wires": _INT32S,
    "roots": _INT32S,
}
_FLAT = {
    "strips": ("int64", (-1, 4)),
    "operands": _PAIRS,
    "rows": ("uint64", (-1, 8)),
    "kill_dimensions": _PAIRS,
    "kill_starts": _INT32S,
    "kill_bits": _INT32S,
    "coarse": _TRIPLES,
    "groups": _INT32S,
    "doubt_starts": _INT32S,
    "doubts": _TRIPLES,
    "pull_starts": _INT32S,
    "pulls": ("int64", (-1, 2)),
    "pushing": _WORDS,
    "fan_starts": _INT32S,
    "fan_bits": _INT32S,
    "bit_rows": _INT32S,
}
_LISTED = {
    "dimensions": _PAIRS,
    "starts": _INT32S,
    "lanes": ("uint8", (3, -1, LANES)),
    "ids": _INT32S,
    "slots": _INT32S,
    "exceptions": ("int32", (-1, 4)),
    "more": ("uint8", (-1, 3)),
}
_EXACT = {
    "gates": _PAIRS,
    "literals": _TRIPLES,
    "runs": _PAIRS,
    "wires": _INT32S,
}

Specification = Mapping[str, tuple[str, tuple[int, ...]]]


def plans_to_sections(plan: Plan, point_plan: PointPlan, index: Index) -> dict[str, Array]:
    """Return the sections of a half."""
    flat, listed = index.flat, index.listed
    numbers = {
        "codebooks": [codebook_to_json(codebook) for codebook in plan.codebooks],
        "plan": [plan.slots, plan.rows],
        "flat": [flat.wired, list(flat.sections), flat.lines, flat.gates],
        "listed": [listed.clauses, listed.most],
    }
    tables = {
        "planes": np.array([(plane.codebook, plane.part) for plane in plan.planes], np.int32).reshape(-1, 2),
        "tests": plan.tests,
        "runs": plan.runs,
        "operands": plan.operands,
        "roots": np.array(plan.roots, np.int64),
    }
    return {
        "codes": as_json(numbers),
        **{f"plan.{name}": tables[name] for name in _PLAN},
        **{f"gates.{name}": getattr(point_plan.gates, name) for name in _GATES},
        "gates.rows": np.array(point_plan.roots, np.int64),
        **{f"flat.{name}": getattr(flat, name) for name in _FLAT},
        **{f"listed.{name}": getattr(listed, name) for name in _LISTED},
        **{f"exact.{name}": getattr(index.exact, name) for name in _EXACT},
    }


def plans_from_sections(sections: Sections, names: tuple[str, ...]) -> tuple[Plan, PointPlan, Index]:
    """Return what `plans_to_sections` was given, checked: nothing of it leads a kernel astray.

    names  the predicates, in order

    Errors: MalformedError, UnsoundError, TypeError, ValueError or KeyError for what no version of ours has written.
    """
    numbers: Any = sections.json("codes")
    codebooks = tuple(codebook_from_json(one) for one in numbers["codebooks"])
    plan = _plan(sections, names, codebooks, *_integers(numbers["plan"], 2))
    check_plan(plan)
    dimensions = dimensions_of(codebooks)
    gates = Gates(**_arrays(sections, "gates", _GATES))
    require(np.diff(gates.cells).tolist() == [one.codes for one in dimensions], "codes of dimensions")
    check_gates(gates)
    rows: Any = sections.array("gates.rows", *_INT64S)
    require(rows.size == len(names), "rows of answers")
    require_within(rows, EVERYBODY, gates.roots.size, "rows of answers")
    wired, parts, lines, count = numbers["flat"]
    flat = FlatPart(
        **_arrays(sections, "flat", _FLAT),
        wired=_integers([wired], 1)[0],
        sections=_integers(parts, 5),  # type: ignore[arg-type]
        lines=_integers([lines], 1)[0],
        gates=_integers([count], 1)[0],
    )
    clauses, most = _integers(numbers["listed"], 2)
    listed = ListPart(**_arrays(sections, "listed", _LISTED), clauses=clauses, most=most)
    exact = ExactPart(**_arrays(sections, "exact", _EXACT))
    check_index(flat, listed, exact, gates)
    index = assemble(gates.roots.size, gates.cells.size - 1, flat, listed, exact)
    return plan, PointPlan(dimensions, gates, tuple(rows.tolist())), index


def _plan(sections: Sections, names: tuple[str, ...], codebooks: tuple[Any, ...], slots: int, rows: int) -> Plan:
    tables = _arrays(sections, "plan", _PLAN)
    return Plan(
        names,
        codebooks,
        tuple([Plane(*one) for one in tables["planes"].tolist()]),
        tables["tests"],
        slots,
        tables["runs"],
        tables["operands"],
        tuple(tables["roots"].tolist()),
        rows,
    )


def _arrays(sections: Sections, part: str, specification: Specification) -> dict[str, Any]:
    return {name: sections.array(f"{part}.{name}", *what) for name, what in specification.items()}


def _integers(values: Any, count: int) -> tuple[int, ...]:
    """Return so many whole numbers that an int64 has room for."""
    if not isinstance(values, list) or len(values) != count:
        raise MalformedError("numbers are missing")
    if any(type(one) is not int or not 0 <= one < 2**48 for one in values):
        raise MalformedError("a number that there is not")
    return tuple(values)
