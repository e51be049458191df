"""How values are stored, as far as it decides what they can mean."""

import pyarrow as pa

from fasttwitch.plan.sources import Path


def stored_type(schema: pa.Schema, path: Path) -> pa.DataType | None:
    """Return the Arrow type of a column or of a field of a struct, behind its dictionary; None if there is none."""
    index = schema.get_field_index(path[0])
    if index < 0:
        return None
    found = schema.field(index).type
    for name in path[1:]:
        if not pa.types.is_struct(found) or found.get_field_index(name) < 0:
            return None
        found = found.field(found.get_field_index(name)).type
    return found.value_type if pa.types.is_dictionary(found) else found


def decoded(array: pa.Array) -> pa.Array:
    """Return an array without its dictionary: nulls among the words count as nulls then."""
    if not pa.types.is_dictionary(array.type):
        return array
    words = array.dictionary
    if pa.types.is_string_view(words.type):  # Arrow cannot pick from views
        words = words.cast(pa.large_string())
    return words.take(array.indices)
