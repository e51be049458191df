"""The explain job: one customer of a file, or one written by hand, and why a segment has or has not got them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import fasttwitch as ft
from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.batch.stored_values import words_of
from fasttwitch.engine.program import Program
from fasttwitch.errors import DataError, OutputError, Problem, RulesetError
from fasttwitch.explanation.exclusions import Exclusions
from fasttwitch.explanation.explained import Explanation
from fasttwitch.jobs.profile_schema import ProfileSchema, Wording, add_misspelt, problem_in, schema_of_profiles
from fasttwitch.jobs.tables import CustomerFile, open_customers
from fasttwitch.logic.datatypes import language_type
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset import Ruleset, in_order
from fasttwitch.ruleset.model import Example
from fasttwitch.ruleset.places import Place, Style
from fasttwitch.whole_file import reason_of

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
    repeated = f"{len(rows)} rows have the id {_shown(wanted)}: the first one is explained"
    return Explained(found, f"{request.key} {_shown(wanted)}", (repeated,) if len(rows) > 1 else ())


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
    if not given.strip():
        raise DataError("the profile is empty", "give JSON: '{\"ltv\": 900}', or the name of a file of it")
    if given.lstrip()[0] not in '{["':
        try:
            text = Path(given).read_text("utf-8")
        except OSError as error:
            reason = reason_of(error.strerror or str(error))
            raise DataError(f"{given} cannot be read: {reason}", "give a file, or JSON: '{\"ltv\": 900}'") from error
        except UnicodeDecodeError as error:
            raise DataError(f"{given} is not UTF-8", "save it as UTF-8") from error
    try:
        profile = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
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
    try:
        program = ft.compile(needed, found.schema)
    except RulesetError as error:
        note = _note_of_guesses(error, found, profile)
        if note:
            error.add_note(note)
        raise
    return program, profile_table([known], found.schema, written=True)


def _note_of_guesses(error: RulesetError, found: ProfileSchema, profile: Mapping[str, object]) -> str:
    """Return that types were told from the profile alone, if rules that may be right are blamed for them."""
    messages = " ".join(one.message for one in error.problems)
    quoted = set(re.findall(r"\w+", " ".join(re.findall("`[^`]*`", messages))))
    guessed = [name for name in found.guessed if name in quoted]
    if not guessed:
        return ""
    first = guessed[0]
    types = {name: language_type(found.schema.field(name).type) for name in guessed}
    told = ", ".join(f"`{name}` ({kind})" for name, kind in types.items())
    wants_time = "timestamp" in messages and str(types[first]) != "timestamp"
    time = f"{profile[first]}T00:00:00Z" if str(types[first]) == "date" else "2026-01-31T09:30:00Z"
    cures = [f'write a time: `"{first}": "{time}"`'] if wants_time else []
    cures.append(f"declare it in the ruleset: `attributes: {{{first}: {'timestamp' if wants_time else '…'}}}`")
    return (
        f"note: only the profile says which types these have, so they are guesses: {told}\n"
        f"  = fix: if one is wrong, {', '.join(cures)}, {_OF_ONE_PROFILE.advice}"
    )


def _rows_of(keys: pa.ChunkedArray, wanted: str) -> pa.Array:
    """Return the numbers of the rows with an id, which is given as people type it."""
    type_ = keys.type.value_type if pa.types.is_dictionary(keys.type) else keys.type
    try:
        value = pa.scalar(wanted).cast(type_)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([], pa.uint64())
    return pc.indices_nonzero(pc.equal(keys, value))


def _nobody(keys: pa.ChunkedArray, request: ExplainRequest, wanted: str) -> DataError:
    message = f"{request.data} has no customer whose `{request.key}` is {_shown(wanted)}"
    some = [str(key) for key in keys.slice(0, MOST_IDS_COMPARED).to_pylist() if key is not None]
    some = [key for key in some if key.strip()]
    typed = wanted.strip()
    bare = typed.lstrip("0")
    padded = (key for key in some if bare and key.strip().lstrip("0") == bare)  # 00100, which a spreadsheet made 100
    meant = next(padded, None) or (nearest(typed, some) if typed else None)
    if meant is not None:
        return DataError(message, f"did you mean {_shown(meant)}?")
    look = ", ".join(map(_shown, some[:3]))
    return DataError(message, f"its ids look like {look}" if some else "the file has no ids")


def _shown(key: str) -> str:
    """Return an id as people know it; in quotes where it would look like another one, or like none."""
    quoted = words_of(key)
    return key if key and key == key.strip() and quoted == f'"{key}"' else quoted


def _refuse_constant(name: str) -> None:
    raise ValueError(f"it has no `{name}`; null is unknown")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    for name, _ in pairs:
        if [one for one, _ in pairs].count(name) > 1:
            raise ValueError(f"`{name}` stands twice")
    return found


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]
