"""The explain job: one customer of a file, or one written by hand, and why a segment has or has not got them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.engine.program import Program
from fasttwitch.errors import DataError, OutputError, Problem, RulesetError
from fasttwitch.explanation.exclusions import Exclusions
from fasttwitch.explanation.explained import Explanation
from fasttwitch.jobs.folders import reason_of
from fasttwitch.jobs.profile_schema import Wording, add_misspelt, problem_in, schema_of_profiles
from fasttwitch.jobs.tables import CustomerFile, open_customers
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset import Ruleset, in_order
from fasttwitch.ruleset.model import Example
from fasttwitch.ruleset.places import Place, Style

MOST_IDS_COMPARED = 20_000  # to find the one that was meant
_OF_ONE_PROFILE = Wording(
    "neither `attributes` nor the profile says",
    "the profile gives it values of several types",
    "or give a file of customers to take the types from",
)

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What is asked.

    data  a file of customers; None: `profile` is one
    key   the column of ids
    now   the instant; None = when the job starts
    """

    ruleset: Ruleset
    segment: str
    data: Path | None
    key: str
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What came of it.

    who       the customer, in words
    warnings  about the data
    """

    explanation: Explanation
    who: str
    warnings: tuple[str, ...] = ()


def explain_customer(request: ExplainRequest, wanted: str, tell: Tell) -> Explained:
    """Return why the segment has or has not got a customer of the file, who has the id `wanted`.

    Raises RulesetError or DataError.
    """
    program, customers = _compiled(request, tell)
    customers.find(request.key, "the key of the customers")
    tell("read", 0, 0)
    table = customers.read({*(name.split(".")[0] for name in program.attributes), request.key})
    rows = _rows_of(table.column(request.key), wanted)
    if not len(rows):
        raise _nobody(table.column(request.key), request, wanted)
    tell("evaluate", 0, 0)
    found = program.explain(table.slice(rows[0].as_py(), 1), request.segment, request.now)
    repeated = f"{len(rows)} rows have the id {wanted}: the first one is explained"
    return Explained(found, f"{request.key} {wanted}", (repeated,) if len(rows) > 1 else ())


def explain_profile(request: ExplainRequest, profile: Mapping[str, object], tell: Tell) -> Explained:
    """Return why the segment has or has not got a customer that is written as documents write them.

    Types are those of the file, if one is given, else told from the document and from the profile.

    Raises RulesetError or DataError.
    """
    if request.data is not None:
        program, customers = _compiled(request, tell)
        row = profile_table([profile], customers.schema, written=True)
    else:
        tell("compile", 0, 0)
        program, row = _of_one_profile(request, profile)
    tell("evaluate", 0, 0)
    return Explained(program.explain(row, request.segment, request.now), "this profile")


def exclusions(request: ExplainRequest, tell: Tell) -> Exclusions:
    """Return whom the conditions of the segment keep out, of all customers of the file.

    Raises RulesetError or DataError.
    """
    program, customers = _compiled(request, tell)
    tell("read", 0, 0)
    table = customers.read({name.split(".")[0] for name in program.attributes})
    tell("evaluate", 0, 0)
    return program.exclusions(table, request.segment, request.now)


def read_profile(given: str) -> Mapping[str, object]:
    """Return a profile that is JSON, or the name of a file of JSON.

    Raises DataError.
    """
    text = given
    if not given.lstrip().startswith("{"):
        try:
            text = Path(given).read_text("utf-8")
        except OSError as error:
            reason = reason_of(error.strerror or str(error))
            raise DataError(f"{given} cannot be read: {reason}", "give a file, or JSON: '{\"ltv\": 900}'") from error
        except UnicodeDecodeError as error:
            raise DataError(f"{given} is not UTF-8", "save it as UTF-8") from error
    try:
        profile = json.loads(text, object_pairs_hook=_without_repeats)
    except ValueError as error:
        raise DataError(f"the profile is not JSON: {_first_small(str(error))}", 'write it like {"ltv": 900}') from error
    if not isinstance(profile, dict):
        raise DataError("the profile is JSON, but no object", 'write it like {"ltv": 900, "country": "DE"}')
    return profile


def write_page(path: Path, html: str) -> None:
    """Write a page; raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, "utf-8")
    except OSError as error:
        reason = reason_of(error.strerror or str(error))
        raise OutputError(f"cannot write to {path}: {reason}", "choose a file you may write to") from error


def _compiled(request: ExplainRequest, tell: Tell) -> tuple[Program, CustomerFile]:
    """Return a program of the segment and all that it needs, over the file's columns."""
    assert request.data is not None
    declared = {name: one.type for name, one in request.ruleset.attributes.items()}
    customers = open_customers(request.data, request.key, declared)
    tell("compile", 0, 0)
    with customers.owning_guesses():
        return ft.compile(request.ruleset.only((request.segment,)), customers.schema), customers


def _of_one_profile(request: ExplainRequest, profile: Mapping[str, object]) -> tuple[Program, pa.Table]:
    """Return a program of the segment and all that it needs, and the profile as its one row."""
    place = Place("profile", style=Style.VALUE)
    example = Example(profile, None, (), (), place=place)
    needed = request.ruleset.only((request.segment,))
    problems: list[Problem] = []
    found = schema_of_profiles(replace(request.ruleset, tests=(example,)), needed, problems, _OF_ONE_PROFILE)
    own: list[Problem] = []
    add_misspelt(example, found.named, own)
    known = {name: value for name, value in profile.items() if name in found.schema.names}
    for one in wrong_values(known, found.schema, written=True):
        own.append(problem_in(example, one.attribute, one.message, one.fix))
    problems += (replace(one, span=None) for one in own)  # there is no document to point into
    if problems:
        raise RulesetError(in_order(problems))
    return ft.compile(needed, found.schema), profile_table([known], found.schema, written=True)


def _rows_of(keys: pa.ChunkedArray, wanted: str) -> pa.Array:
    """Return the numbers of the rows with an id, which is given as people type it."""
    type_ = keys.type.value_type if pa.types.is_dictionary(keys.type) else keys.type
    try:
        value = pa.scalar(wanted).cast(type_)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([], pa.uint64())
    return pc.indices_nonzero(pc.equal(keys, value))


def _nobody(keys: pa.ChunkedArray, request: ExplainRequest, wanted: str) -> DataError:
    message = f"{request.data} has no customer whose `{request.key}` is {wanted}"
    some = [str(key) for key in keys.slice(0, MOST_IDS_COMPARED).to_pylist() if key is not None]
    meant = nearest(wanted, some)
    if meant is not None:
        return DataError(message, f"did you mean {meant}?")
    return DataError(message, f"its ids look like {', '.join(some[:3])}" if some else "the file has no ids")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    for name, _ in pairs:
        if [one for one, _ in pairs].count(name) > 1:
            raise ValueError(f"`{name}` stands twice")
    return found


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]
