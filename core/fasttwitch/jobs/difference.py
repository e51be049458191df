"""The diff job: two rulesets and a file of customers in, who would enter and leave what out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import fasttwitch as ft
from fasttwitch.jobs.tables import open_customers
from fasttwitch.ruleset import Ruleset

if TYPE_CHECKING:
    from fasttwitch.engine.diff import Diff


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What is asked.

    now  the instant; None = when the job starts
    """

    old: Ruleset
    new: Ruleset
    data: Path
    now: datetime | None = None


def difference(request: DiffRequest, tell: Callable[[str, int, int], None]) -> "Diff":
    """Return what the new rules do to the customers of the file.

    Raises RulesetError or DataError.
    """
    old, new = request.old, request.new
    declared = {name: one.type for ruleset in (old, new) for name, one in ruleset.attributes.items()}
    customers = open_customers(request.data, new.key, declared)
    tell("compile", 0, 0)
    with customers.owning_guesses():
        before = ft.compile(old, customers.schema)
        after = before.updated(new)
    tell("read", 0, 0)
    key = {new.key} & set(customers.schema.names)
    table = customers.read({*before.columns, *after.columns, *key})
    tell("evaluate", 0, 0)
    return before.diff(after, table, request.now)
