"""A program as a file: what is needed at once is mapped and checked, what is needed late is read late.

At once: names, schema, codebooks, plans, and the index of the rules as it was laid out. Late: the ruleset, which is a
text until somebody asks for it, and its typed trees, which are checked anew, rule by rule.
"""

import mmap
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fasttwitch.engine.artefact.document import Origin
from fasttwitch.engine.artefact.plans import plans_from_sections, plans_to_sections
from fasttwitch.engine.artefact.reads import check_reads
from fasttwitch.engine.artefact.sections import (
    WRONG,
    Array,
    MalformedError,
    Sections,
    as_bytes,
    as_json,
    no_version_of_ours,
    packed,
    unpacked,
)
from fasttwitch.engine.half import Half
from fasttwitch.errors import ProgramError
from fasttwitch.kernels.point.index import Index
from fasttwitch.plan.sources import Path as AttributePath
from fasttwitch.whole_file import reason_of


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says of a program.

    paths   what the rules read
    zones   the digest of each time zone that they name
    half    where its segments are true, with `laid_out`
    origin  what it was compiled from
    """

    names: tuple[str, ...]
    schema: pa.Schema
    digest: str
    paths: tuple[AttributePath, ...]
    zones: Mapping[str, str]
    half: Half
    origin: Origin


def contents_to_bytes(contents: Contents, index: Index, plan_format: int) -> list[bytes | memoryview]:
    """Return the file of a program, piece by piece.

    index  of its rules, in place of what the half says
    """
    return packed(
        {
            "program": as_json(
                {
                    "digest": contents.digest,
                    "names": list(contents.names),
                    "paths": [list(path) for path in contents.paths],
                    "zones": dict(contents.zones),
                }
            ),
            "schema": as_bytes(contents.schema.serialize().to_pybytes()),
            **plans_to_sections(contents.half.plan, contents.half.point_plan, index),
            "origin": contents.origin.section,
        },
        plan_format,
    )


def contents_from_bytes(data: memoryview, plan_format: int, subject: str) -> Contents:
    """Return what a file says, checked.

    data     uint8, which must not change while the contents are in use
    subject  what people call the file

    Errors: ProgramError, which says what is wrong with it.
    """
    try:
        return _contents(unpacked(data, plan_format, subject), subject)
    except WRONG as error:
        raise no_version_of_ours(subject, error) from error


def _contents(sections: Sections, subject: str) -> Contents:
    said: Any = sections.json("program")
    names, digest, zones = tuple(said["names"]), said["digest"], dict(said["zones"])
    paths = tuple(map(tuple, said["paths"]))
    texts = (*names, digest, *zones, *zones.values(), *(name for path in paths for name in path))
    if not all(isinstance(one, str) for one in texts) or len(set(names)) != len(names):
        raise MalformedError("names")
    schema = _schema(sections.raw("schema"))
    plan, point_plan, index = plans_from_sections(sections, names)
    check_reads(plan.codebooks, paths, schema)
    half = Half.of_plans(plan, point_plan, index)
    return Contents(names, schema, digest, paths, zones, half, Origin(sections.array("origin", "uint8"), subject))


def _schema(data: bytes) -> pa.Schema:
    try:
        return pa.ipc.read_schema(pa.py_buffer(data))
    except (pa.ArrowException, OSError) as error:
        raise MalformedError(f"a schema that Arrow does not read: {error}") from error


def mapped(path: Path) -> memoryview:
    """Return the bytes of a file, in memory only as far as they are read.

    Whoever replaces the file by another leaves these as they are; whoever writes into it does not.

    Errors: ProgramError if there is no such file, or it cannot be read.
    """
    try:
        status = path.stat()  # opening a pipe would wait for somebody to write
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no file"
            raise ProgramError(f"{path} is {kind}", "give a file that `program.save` has written")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError as error:
        raise ProgramError(f"there is no file {path}", "save a program there: `program.save(path)`") from error
    except (OSError, ValueError) as error:
        reason = reason_of(getattr(error, "strerror", None) or str(error))
        raise ProgramError(f"{path} cannot be read: {reason}", "give a file that you may read") from error


def aligned(data: bytes) -> memoryview:
    """Return a copy of bytes that begins at a multiple of 64, as a file that is mapped does; nobody can write to it."""
    room: Array = np.zeros(len(data) + 64, np.uint8)
    copy = room[-room.ctypes.data % 64 :][: len(data)]
    copy[:] = np.frombuffer(data, np.uint8)
    copy.flags.writeable = False
    return memoryview(copy)  # type: ignore[arg-type, unused-ignore]
