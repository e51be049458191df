"""Which room may import which: the contracts stand in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "fasttwitch"

# What `fasttwitch --help` must do without: a second of start for Numba, a quarter for pyarrow.
SLOW = {"numba", "llvmlite", "pyarrow", "numpy", "polars"}


def test_imports_go_one_way() -> None:
    """A cycle between rooms is how a core becomes a ball of mud."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


def test_every_room_has_its_place_in_the_contracts() -> None:
    """A room that no contract names could import anything."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = {module for contract in contracts for module in contract.get("source_modules", [])}
    for contract in contracts:
        for layer in contract.get("layers", []):
            placed |= {module.strip(" ()") for module in layer.split("|")}
    rooms = {f"fasttwitch.{path.parent.name}" for path in CORE.glob("*/*.py")}
    assert rooms - placed == set()


def test_help_loads_nothing_slow() -> None:
    """`--help` answers at once; what takes a second to import is imported by the command that needs it."""
    program = (
        "import sys\n"
        "from fasttwitch.cli.main import main\n"
        "sys.argv = ['fasttwitch', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    help_text, _, loaded = finished.stdout.rpartition("loaded:")
    assert "audience" in help_text
    assert SLOW & set(loaded.split()) == set()
