"""Three ways to run a case, and what comes of each.

folded  as written: the checker computes it
lifted  its constants are columns, the same in every row: the engine computes it
nulls   as lifted, with random nulls: every row must be as the row-by-row interpreter says
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import pyarrow as pa

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import parse, print_expression
from tests.conformance.asking import ROWS, Answer, Broken, Question, Refused, ask
from tests.conformance.lifting import Lifted, lift, rename
from tests.conformance.suite import Case, Known, Plain
from tests.oracle.arrow import paths
from tests.oracle.interpreter import predicate
from tests.oracle.kinds import Row, World

WAYS = ("folded", "lifted", "nulls")
STORED = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "uint": pa.uint64(),
    "double": pa.float64(),
    "string": pa.string(),
    "null": pa.int64(),  # a variable that is null, of any type
}
ALSO_STORED = {
    "int": (pa.int8(), pa.int16(), pa.int32(), pa.int64()),
    "uint": (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
    "double": (pa.float32(), pa.float64()),
    "string": (pa.string(), pa.large_string(), pa.string_view()),
}
OUTSIDE = ("is not in this profile", "does not evaluate it yet", "does not have yet", "unknown function")
"""A refusal in these words is no answer to what a case asks."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case in one way; `wrong` is empty where all is right."""

    wrong: str


def run_all(cases: Mapping[str, Case]) -> dict[str, dict[str, Result]]:
    """Return the results of every case by name and way; a way that a case cannot take is left out."""
    results: dict[str, dict[str, Result]] = {name: {} for name in cases}
    usable: dict[str, Case] = {}
    for number, (name, case) in enumerate(cases.items()):
        if all(known.kind in STORED for known in case.bindings.values()):
            usable[name] = _apart(case, f"v{number}")
        else:
            results[name]["folded"] = Result("a variable is of a type that no column has")
    folded = {name: _question(case.text, case, {}, None) for name, case in usable.items()}
    for name, answer in ask(folded).items():
        results[name]["folded"] = _judged(answer, cases[name])
    lifted = dict(_all_lifted(usable))
    for name, answer in ask({name: _of(usable[name], some, None) for name, some in lifted.items()}).items():
        results[name]["lifted"] = _judged(answer, cases[name])
    # A rule that is refused or wrong without nulls would only be so once more.
    again = {name: some for name, some in lifted.items() if not results[name]["lifted"].wrong}
    random = Random("nulls")
    questions = {name: _of(usable[name], some, random) for name, some in again.items()}
    for name, answer in ask(questions).items():
        if not isinstance(answer, Refused):
            results[name]["nulls"] = _compared(answer, questions[name])
    return results


def rule_of(text: str, expected: Known | None) -> str:
    """Return a rule that is true where the expression is as expected, and unknown where it is an error."""
    if expected is None:
        return f"({text}) == ({text})"
    match expected.value:
        case bool(value):
            return text if value else f"!({text}\n)"
        case float(value) if value != value:
            return f"math.isNaN({text})"
        case float(value) if value == 0:  # zero has two signs, which only a division tells apart
            infinity = Known("double", 1 / float("-inf" if str(value)[0] == "-" else "inf"))
            sign = "-" if str(infinity.value)[0] == "-" else ""
            return f"({text}\n) == 0.0 && 1.0 / ({text}\n) == {sign}1.0 / 0.0"
        case _:
            return f"({text}\n) == {expected.text}"


def _apart(case: Case, prefix: str) -> Case:
    """Return the case with variables of names that no other case has."""
    if not case.bindings:
        return case
    named = {name: known for name, known in case.bindings.items() if name.isidentifier()}
    try:
        renamed = rename(parse(case.text), prefix, named)
    except RulesetError:
        return replace(case, bindings={})
    return replace(case, text=print_expression(renamed.tree), bindings=renamed.columns)


def _all_lifted(cases: Mapping[str, Case]) -> Iterator[tuple[str, Lifted]]:
    """Yield the lifted form of each case that has one."""
    for number, (name, case) in enumerate(cases.items()):
        try:
            lifted = lift(parse(case.text), f"k{number}")
        except RulesetError:
            continue
        if lifted.columns:
            yield name, lifted


def _question(text: str, case: Case, columns: Mapping[str, Known], nulls: Random | None) -> Question:
    return Question(rule_of(text, case.expected), _columns({**case.bindings, **columns}, nulls))


def _of(case: Case, lifted: Lifted, nulls: Random | None) -> Question:
    return _question(print_expression(lifted.tree), case, lifted.columns, nulls)


def _columns(constants: Mapping[str, Known], nulls: Random | None) -> dict[str, pa.Array]:
    """Return a column of each constant; one with nulls is of any Arrow type that holds the constant."""
    found = {}
    for name, known in constants.items():
        values: Sequence[Plain] = [known.value] * ROWS
        if nulls is None:
            found[name] = pa.array(values, type=STORED[known.kind])
            continue
        values = [None if nulls.random() < 0.3 else known.value for _ in range(ROWS)]
        stored = nulls.choice([kind for kind in ALSO_STORED.get(known.kind, ()) if _holds(kind, known.value)] or [None])
        array = pa.array(values, type=stored or STORED[known.kind])
        found[name] = array.dictionary_encode() if nulls.random() < 0.3 else array
    return found


def _holds(stored: pa.DataType, value: Plain) -> bool:
    """Return whether values of this type come back from a column as they went in."""
    try:
        returned = pa.scalar(value, stored).as_py()
    except (pa.ArrowInvalid, OverflowError):
        return False
    return bool(returned == value) or value != value


def _judged(answer: Answer, case: Case) -> Result:
    """Return whether the answer is what the suite expects, in every row."""
    match answer:
        case Broken(trace):
            return Result(trace)
        case Refused(message):
            if case.expected is not None or any(words in message for words in OUTSIDE):
                return Result(message)
            return Result("")
        case letters:
            wanted = "U" if case.expected is None else "T"
            return Result("" if set(letters) == {wanted} else f"{letters} instead of {wanted} in every row")


def _compared(answer: Answer, question: Question) -> Result:
    """Return whether the answer is what the interpreter says."""
    match answer:
        case Broken(trace):
            return Result(trace)
        case Refused(message):
            return Result(message)
        case letters:
            try:
                expected = _interpreted(question)
            except Exception as error:
                return Result(f"the interpreter fails: {error!r}")
            rows = [row for row in range(ROWS) if letters[row] != expected[row]]
            if not rows:
                return Result("")
            cells = {name: array[rows[0]].as_py() for name, array in question.columns.items()}
            return Result(f"{letters[rows[0]]} instead of {expected[rows[0]]} where {cells} in `{question.text}`")


def _interpreted(question: Question) -> str:
    schema = pa.schema({name: array.type for name, array in question.columns.items()})
    read = predicate(parse(question.text), World(paths(schema), {}, {}, 0))
    values = {name: array.to_pylist() for name, array in question.columns.items()}
    rows: list[Row] = [{name: column[row] for name, column in values.items()} for row in range(ROWS)]
    return "".join({True: "T", False: "F", None: "U"}[read(row)] for row in rows)
