"""Values that are made when somebody asks for them."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class Late(Mapping[str, Value]):
    """A mapping whose values are made one by one, when first asked for, and kept; safe to share between threads.

    Of 10,000 rules that were read from a file, one is explained; the others stay text.
    """

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Value]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made.setdefault(name, self._make(name))  # whoever comes second gets what is there
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self),)

    def __repr__(self) -> str:
        return f"Late({len(self._made)} of {len(self._names)})"
