"""From a file to a program."""

import os
from pathlib import Path

from fasttwitch.engine.artefact.program_file import mapped
from fasttwitch.engine.program import Program


def load_program(path: "str | os.PathLike[str]") -> Program:
    """Return the program that a file holds; it answers as the one that was saved.

    The file is mapped into memory, so processes share it, and is checked as a whole before anything of it is used. It
    may be replaced or removed while it is in use (`save` replaces it), and must not be written into.

    Errors: ProgramError for a file that is damaged, or no saved program, or of another version of fasttwitch, or was
    compiled with other clocks of a time zone than are installed here.
    """
    program = Program.__new__(Program)
    program.take_over(mapped(Path(path)), str(path))
    return program
