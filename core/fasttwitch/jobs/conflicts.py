"""The conflicts job: rules and a file of customers in, what segments have to do with each other out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import fasttwitch as ft
from fasttwitch.jobs.tables import open_customers
from fasttwitch.lint.conflict_findings import Conflicts
from fasttwitch.lint.conflicts import conflicts
from fasttwitch.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class ConflictsRequest:
    """What is asked.

    drafts  rules by name; none: all segments are compared with each other
    key     the column of ids; None: that of the ruleset, if the file has it
    kinds   what to look for; none: what is looked for by default
    now     the instant; None = when the job starts
    """

    ruleset: Ruleset
    data: Path
    drafts: Mapping[str, str]
    key: str | None = None
    kinds: Sequence[str] = ()
    now: datetime | None = None


def find_conflicts(request: ConflictsRequest, tell: Callable[[str, int, int], None]) -> Conflicts:
    """Return the conflicts of the segments, or of the drafts, among the customers of the file.

    Raises RulesetError or DataError.
    """
    ruleset, drafts = request.ruleset, request.drafts
    key = request.key or ruleset.key
    declared = {name: one.type for name, one in ruleset.attributes.items()}
    customers = open_customers(request.data, key, declared)
    if request.key is not None:
        customers.find(key, "the key of the customers")
    tell("compile", 0, 0)
    with customers.owning_guesses():
        program = ft.compile(replace(ruleset, key=key), customers.schema)
        drafted = program.draft(drafts) if drafts else program
    tell("read", 0, 0)
    columns = {name.split(".")[0] for name in (*program.attributes, *drafted.attributes)}
    table = customers.read({*columns, key})
    tell("evaluate", 0, 0)
    return conflicts(program, table, request.now, drafts=drafts or None, kinds=request.kinds or None)
