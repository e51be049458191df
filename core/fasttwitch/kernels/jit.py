"""The one place that names Numba flags."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numba
from llvmlite import binding
from numba import types

from fasttwitch.kernels import cache

# Types of table arguments: what a plan owns may be read-only, what is bound to one run's buffers is not.
PLANNED_TABLE = "Array(int64, 2, 'C', readonly=True)"
PLANNED_STREAM = "Array(int32, 1, 'C', readonly=True)"
BOUND_TABLE = "int64[:, ::1]"


def kernel(signature: Any, nogil: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for one signature, at decoration, or load what an earlier process compiled.

    nogil         our own thread pool runs kernels side by side
    cache         the next process loads machine code in place of compiling
    error_model   numpy: no Python exception leaves a kernel, division by zero is the caller's business
    boundscheck   off: tables are checked where they are built
    fastmath      never: bulk and point must agree to the bit
    """

    def compile_or_load(function: Callable[..., Any]) -> Callable[..., Any]:
        with cache.locked(_room_of(function)) as folder:
            keep = folder is not None
            configured = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(folder) if keep else configured
            try:
                return numba.njit(  # type: ignore[no-any-return, unused-ignore]
                    signature, nogil=nogil, cache=keep, error_model="numpy", boundscheck=False
                )(function)
            finally:
                numba.config.CACHE_DIR = configured

    return compile_or_load


def interpreter_kernel(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function that keeps the interpreter for itself while it runs.

    It looks at Python's objects; or it takes microseconds, and whoever lets go of the interpreter for so short a time
    waits for all other threads to get it back: with eight of them 67 calls in a thousand took over a millisecond.
    """
    return kernel(signature, nogil=False)


def routine(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only kernels call, as part of each of them: it has no signature and no cache entry.

    Not to be called from Python: no wrapper for that is made, which saves a seventh of the time.
    """
    return numba.njit(  # type: ignore[no-any-return, unused-ignore]
        nogil=True, error_model="numpy", boundscheck=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)


def linked(symbol: str, signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function once, under a symbol of the process, for other kernels to call.

    What a kernel calls otherwise is compiled again as part of it, and of the kernel that calls that: as one of these,
    staging and deriving took two of nineteen seconds less. Like a routine, not to be called from Python; the arguments
    are plain numbers. Whoever imports a kernel that calls it has imported it, so the symbol is known before machine
    code from the cache asks for it.
    """

    def compile_or_load(function: Callable[..., Any]) -> Callable[..., Any]:
        with cache.locked(_room_of(function)) as folder:
            keep = folder is not None
            configured = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(folder) if keep else configured
            try:
                compiled = numba.cfunc(signature, cache=keep, nopython=True, error_model="numpy", boundscheck=False)(
                    function
                )
            finally:
                numba.config.CACHE_DIR = configured
        binding.add_symbol(symbol, compiled.address)
        _alive.append(compiled)
        return types.ExternalFunction(symbol, compiled._sig)  # type: ignore[no-any-return, unused-ignore]

    return compile_or_load


_alive: list[Any] = []  # machine code behind symbols


def _room_of(function: Callable[..., Any]) -> str:
    """Return the folder of kernels that a function stands in, "" if directly in this one."""
    inside = function.__module__.removeprefix(__name__.rpartition(".")[0] + ".")
    return inside.rpartition(".")[0]


def rebound(function: Callable[..., Any], suffix: str, **names: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a plain function that sees other globals: one text, compiled against several siblings.

    A closure would not do: Numba's cache never finds a closure over compiled functions again.
    """
    copy = FunctionType(function.__code__, {**function.__globals__, **names}, f"{function.__name__}_{suffix}")
    copy.__qualname__ = copy.__name__  # names the cache file
    copy.__module__ = function.__module__
    copy.__doc__ = function.__doc__
    return copy
