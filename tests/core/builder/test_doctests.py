"""The examples in the builder's docstrings: each prints what it shows."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from fasttwitch import builder

MODULES = sorted(path.stem for path in Path(builder.__file__).parent.glob("*.py") if path.stem != "__init__")
WITHOUT_EXAMPLES = {"built", "constants", "logical"}


@pytest.mark.parametrize("module", MODULES)
def test_an_example_prints_what_it_shows(module: str) -> None:
    found = doctest.testmod(import_module(f"fasttwitch.builder.{module}"), extraglobs=vars(builder))
    assert found.failed == 0
    assert (found.attempted == 0) == (module in WITHOUT_EXAMPLES)


def test_every_method_and_function_shows_an_example() -> None:
    """A name in snake case alone does not say what it becomes in a rule."""
    public = {name: getattr(builder, name) for name in builder.__all__ if name not in ("math", "now")}
    public |= {f"Expr.{name}": getattr(builder.Expr, name) for name in dir(builder.Expr) if not name.startswith("_")}
    public |= {
        f"math.{name}": each
        for name, each in vars(builder.math).items()
        if getattr(each, "__module__", "") == builder.math.__name__ and not name.startswith("_")
    }
    del public["Expr.tree"]
    assert len(public) > 80
    assert [name for name, each in public.items() if ">>>" not in (each.__doc__ or "")] == []
