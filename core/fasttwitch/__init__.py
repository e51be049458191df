"""Rules and segments over customer data: one compiled plan, the same answer for one customer and for the whole base.

Names are imported when first used: `fasttwitch --help` must not wait a second for Numba.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fasttwitch.engine.audiences import Audiences
    from fasttwitch.engine.base import EncodedBase
    from fasttwitch.engine.compile import compile_ruleset as compile
    from fasttwitch.engine.program import Program
    from fasttwitch.errors import DataError, FasttwitchError, Problem, ProgramError, RulesetError
    from fasttwitch.ruleset import Ruleset, load_ruleset

__version__ = "0.1.0"

__all__ = [
    "Audiences",
    "DataError",
    "EncodedBase",
    "FasttwitchError",
    "Problem",
    "Program",
    "ProgramError",
    "Ruleset",
    "RulesetError",
    "compile",
    "load_ruleset",
]

_HOMES = {
    "Audiences": ("engine.audiences", "Audiences"),
    "DataError": ("errors", "DataError"),
    "EncodedBase": ("engine.base", "EncodedBase"),
    "FasttwitchError": ("errors", "FasttwitchError"),
    "Problem": ("errors", "Problem"),
    "Program": ("engine.program", "Program"),
    "ProgramError": ("errors", "ProgramError"),
    "Ruleset": ("ruleset", "Ruleset"),
    "RulesetError": ("errors", "RulesetError"),
    "compile": ("engine.compile", "compile_ruleset"),
    "load_ruleset": ("ruleset", "load_ruleset"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module `fasttwitch` has no attribute `{name}`")
    module, attribute = _HOMES[name]
    value = globals()[name] = getattr(import_module(f"fasttwitch.{module}"), attribute)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
