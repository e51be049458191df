"""Whether codebooks read what the schema of their program has, under the types that it has there."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from fasttwitch.engine.artefact.sections import MalformedError
from fasttwitch.logic.datatypes import STRING, TIMESTAMP, StructType, Type, language_type
from fasttwitch.plan.codebooks import Codebook, TextTestsCodebook
from fasttwitch.plan.reads import attributes_of
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Path, Recency, Source, TextTest


def check_reads(codebooks: Iterable[Codebook], paths: Sequence[Path], schema: pa.Schema) -> None:
    """Raise MalformedError unless all that codebooks read is among some paths, which the schema has."""
    types = {path: _type_at(path, schema) for path in paths}
    for codebook in codebooks:
        sources = codebook.tests if isinstance(codebook, TextTestsCodebook) else (codebook.source,)
        for source in sources:
            for path, type_ in _reads(source):
                if types.get(path) != type_:
                    raise MalformedError(f"rules that read `{'.'.join(path)}` as {type_}")


def _reads(source: Source) -> Iterator[tuple[Path, Type]]:
    match source:
        case Column(path, type_):
            yield path, type_
        case Recency(path):
            yield path, TIMESTAMP
        case TextTest(path, test):
            yield path, STRING
            yield from ((one.path, one.type) for one in attributes_of(test))
        case Derived(expression) | ColumnTest(expression):
            yield from ((one.path, one.type) for one in attributes_of(expression))


def _type_at(path: Path, schema: pa.Schema) -> Type:
    """Return the type of a column, or of a field of a struct; errors as above."""
    index = schema.get_field_index(path[0]) if path else -1
    if index < 0:
        raise MalformedError("attributes that its schema lacks")
    found = language_type(schema.field(index).type)
    for name in path[1:]:
        inside = dict(found.fields) if isinstance(found, StructType) else {}
        if name not in inside:
            raise MalformedError("attributes that its schema lacks")
        found = inside[name]
    return found
