"""Rules and segments over customer data: one compiled plan, the same answer for one customer and for the whole base.

Names are imported when first used: `fasttwitch --help` must not wait a second for Numba.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fasttwitch import exporters, importers
    from fasttwitch.builder import (
        Expr,
        all_of,
        any_of,
        bucket,
        coalesce,
        col,
        days,
        has,
        hours,
        if_else,
        is_known,
        is_semver,
        is_true,
        lists,
        literal,
        math,
        minutes,
        now,
        segment,
        semver,
        start_of_day,
        when,
    )
    from fasttwitch.engine.artefact.loading import load_program
    from fasttwitch.engine.audiences import Audiences
    from fasttwitch.engine.base import BaseRow, EncodedBase
    from fasttwitch.engine.compile import compile_ruleset as compile
    from fasttwitch.engine.delta import Cause, Delta
    from fasttwitch.engine.diff import Diff, SegmentChange
    from fasttwitch.engine.engine import Engine
    from fasttwitch.engine.match import Match
    from fasttwitch.engine.matching import Row
    from fasttwitch.engine.moves import Moves
    from fasttwitch.engine.program import Program
    from fasttwitch.engine.update_moves import UpdateMoves
    from fasttwitch.errors import (
        DataError,
        ExporterError,
        FasttwitchError,
        ImporterError,
        Problem,
        ProgramError,
        RulesetError,
    )
    from fasttwitch.explanation.exclusions import Exclusions
    from fasttwitch.explanation.explained import Explanation
    from fasttwitch.lint.conflict_findings import Conflict, Conflicts, Witness
    from fasttwitch.lint.conflicts import conflicts
    from fasttwitch.lint.findings import Finding
    from fasttwitch.lint.review import review
    from fasttwitch.ruleset import Ruleset, load_ruleset

__version__ = "0.1.0"

__all__ = [
    "Audiences",
    "BaseRow",
    "Cause",
    "Conflict",
    "Conflicts",
    "DataError",
    "Delta",
    "Diff",
    "EncodedBase",
    "Engine",
    "Exclusions",
    "Explanation",
    "ExporterError",
    "Expr",
    "FasttwitchError",
    "Finding",
    "ImporterError",
    "Match",
    "Moves",
    "Problem",
    "Program",
    "ProgramError",
    "Row",
    "Ruleset",
    "RulesetError",
    "SegmentChange",
    "UpdateMoves",
    "Witness",
    "all_of",
    "any_of",
    "bucket",
    "coalesce",
    "col",
    "compile",
    "conflicts",
    "days",
    "exporters",
    "has",
    "hours",
    "if_else",
    "importers",
    "is_known",
    "is_semver",
    "is_true",
    "lists",
    "literal",
    "load_program",
    "load_ruleset",
    "math",
    "minutes",
    "now",
    "review",
    "segment",
    "semver",
    "start_of_day",
    "when",
]

_HOMES = {
    "Audiences": ("engine.audiences", "Audiences"),
    "BaseRow": ("engine.base", "BaseRow"),
    "Cause": ("engine.delta", "Cause"),
    "Conflict": ("lint.conflict_findings", "Conflict"),
    "Conflicts": ("lint.conflict_findings", "Conflicts"),
    "DataError": ("errors", "DataError"),
    "Delta": ("engine.delta", "Delta"),
    "Diff": ("engine.diff", "Diff"),
    "EncodedBase": ("engine.base", "EncodedBase"),
    "Engine": ("engine.engine", "Engine"),
    "Exclusions": ("explanation.exclusions", "Exclusions"),
    "Explanation": ("explanation.explained", "Explanation"),
    "ExporterError": ("errors", "ExporterError"),
    "Expr": ("builder", "Expr"),
    "FasttwitchError": ("errors", "FasttwitchError"),
    "Finding": ("lint.findings", "Finding"),
    "ImporterError": ("errors", "ImporterError"),
    "Match": ("engine.match", "Match"),
    "Moves": ("engine.moves", "Moves"),
    "Problem": ("errors", "Problem"),
    "Program": ("engine.program", "Program"),
    "ProgramError": ("errors", "ProgramError"),
    "Row": ("engine.matching", "Row"),
    "Ruleset": ("ruleset", "Ruleset"),
    "RulesetError": ("errors", "RulesetError"),
    "SegmentChange": ("engine.diff", "SegmentChange"),
    "Witness": ("lint.conflict_findings", "Witness"),
    "UpdateMoves": ("engine.update_moves", "UpdateMoves"),
    "all_of": ("builder", "all_of"),
    "any_of": ("builder", "any_of"),
    "bucket": ("builder", "bucket"),
    "coalesce": ("builder", "coalesce"),
    "col": ("builder", "col"),
    "compile": ("engine.compile", "compile_ruleset"),
    "conflicts": ("lint.conflicts", "conflicts"),
    "days": ("builder", "days"),
    "has": ("builder", "has"),
    "hours": ("builder", "hours"),
    "if_else": ("builder", "if_else"),
    "is_known": ("builder", "is_known"),
    "is_semver": ("builder", "is_semver"),
    "is_true": ("builder", "is_true"),
    "lists": ("builder", "lists"),
    "literal": ("builder", "literal"),
    "load_program": ("engine.artefact.loading", "load_program"),
    "load_ruleset": ("ruleset", "load_ruleset"),
    "math": ("builder", "math"),
    "minutes": ("builder", "minutes"),
    "now": ("builder", "now"),
    "review": ("lint.review", "review"),
    "segment": ("builder", "segment"),
    "semver": ("builder", "semver"),
    "start_of_day": ("builder", "start_of_day"),
    "when": ("builder", "when"),
}

_ROOMS = ("exporters", "importers")


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return import_module(f"fasttwitch.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module `fasttwitch` has no attribute `{name}`")
    module, attribute = _HOMES[name]
    value = globals()[name] = getattr(import_module(f"fasttwitch.{module}"), attribute)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
