"""Small faults, one at a time: what a hurried hand could have written instead of a line."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
# What says nothing about values: annotations, decorators, and assertions, which only a fault of ours could trip.
SKIPPED = ("annotation", "returns", "decorator_list", "type_params")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one fault.

    path      of the file
    line      of the fault
    was, now  the part as it stands, and as it is in the mutant
    function  line where the innermost function around the fault begins; 0 if there is none
    steps     fields and indices that lead from the module to the part
    """

    path: Path
    line: int
    was: str
    now: str
    function: int
    steps: tuple[tuple[str, int | None], ...]
    changed: ast.AST

    def module(self) -> CodeType:
        """Return the compiled module with the fault."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        _put(tree, self.steps, self.changed)
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec", dont_inherit=True)

    @property
    def name(self) -> str:
        """The file's name below the package: `plan/atoms.py`."""
        return str(self.path).rpartition("/fasttwitch/")[2]

    def __str__(self) -> str:
        return f"{self.name}:{self.line}: {_short(self.was)}  →  {_short(self.now)}"


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, by the fields and indices that lead to it from the module."""

    node: ast.AST
    steps: tuple[tuple[str, int | None], ...]
    function: int


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for place in _places(tree, (), 0):
        for changed in _changes(place.node):
            ast.copy_location(changed, place.node)
            ast.fix_missing_locations(changed)
            line = getattr(place.node, "lineno", 0)
            found.append(Mutant(path, line, _text(place.node), _text(changed), place.function, place.steps, changed))
    return sorted(found, key=lambda mutant: mutant.line)


def _places(node: ast.AST, steps: tuple[tuple[str, int | None], ...], function: int) -> Iterator[_Place]:
    """Yield every node whose meaning counts."""
    yield _Place(node, steps, function)
    for name, value in ast.iter_fields(node):
        if name in SKIPPED:
            continue
        within = node.lineno if name == "body" and isinstance(node, ast.FunctionDef | ast.Lambda) else function
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.AST) and not _means_nothing(child):
                yield from _places(child, (*steps, (name, index)), within)


def _means_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"))):
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return True
        case ast.Call(func=ast.Name(id="dataclass" | "field")):
            return True
    return False


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a node."""
    match node:
        case ast.Compare(left, [operator], [right]):
            yield ast.Compare(left, [COMPARISONS[type(operator)]()], [right])
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.BinOp(left, operator, right) if type(operator) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(operator)](), right)
        case ast.Constant(bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(int() as number):
            yield ast.Constant(number + 1)
            yield ast.Constant(number - 1)
        case ast.If(test, body, orelse) if isinstance(test, ast.Name | ast.Call | ast.Attribute):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Return(value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Call(function, [first, second, *rest], keywords) if ast.dump(first) != ast.dump(second):
            if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                yield ast.Call(function, [second, first, *rest], keywords)


def _put(tree: ast.AST, steps: tuple[tuple[str, int | None], ...], node: ast.AST) -> None:
    """Put a node where the steps lead."""
    *way, (name, index) = steps
    for step, at in way:
        value = getattr(tree, step)
        tree = value if at is None else value[at]
    if index is None:
        setattr(tree, name, node)
    else:
        getattr(tree, name)[index] = node


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _short(text: str) -> str:
    return text if len(text) <= 110 else f"{text[:107]}…"
