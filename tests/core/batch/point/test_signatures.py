"""Strings to codes: bounded whatever comes, the same answers whatever was met before, no lock for readers."""

import threading
from random import Random

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch.point import signatures
from fasttwitch.batch.point.coder import RowCoder
from fasttwitch.batch.point.signatures import Epoch, Signatures, TextCoder
from fasttwitch.batch.point.values import ValuesReader
from fasttwitch.kernels.addresses import shorts_at
from fasttwitch.kernels.jit import kernel
from fasttwitch.plan.lowering import TRUE

SCHEMA = pa.schema({"q": pa.string()})
RULES = ['q.startsWith("a")', 'q.matches("[0-9]$")', "int(q) > 5", 'q == "a1" || q == "b2"', 'q == "c3"', "q == null"]


@kernel("int64(int64)")
def _short_at(address: int) -> int:
    return int(shorts_at(address, 1)[0])


def codes_at(address: int, width: int) -> list[int]:
    return [_short_at(address + 4 * place) for place in range(width)]


def coder() -> tuple[RowCoder, ValuesReader]:
    segments = {f"r{number}": text for number, text in enumerate(RULES)}
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), SCHEMA)
    reader = ValuesReader([("q",)], SCHEMA)
    return RowCoder(program.half(TRUE).codebooks, reader), reader


def some_coder() -> TextCoder:
    return TextCoder([{"gold": 2, "silver": 3}], [])


def test_codes_of_a_string_are_its_class_and_what_the_tests_say() -> None:
    """Dimensions come in the order of the codebooks: one that may fail, names, tests that cannot fail."""
    one, reader = coder()
    sources = [type(dimension.source).__name__ for dimension in one.dimensions]
    assert sources == ["TextTest", "Column", "TextTest", "TextTest"]
    found = {text: one.codes(reader.read({"q": text}), 0)[0].tolist() for text in ("a1", "b2", "c3", "7", "", None)}
    first, second = found["a1"][1], found["c3"][1]
    assert {first, second} == {2, 3}
    assert found == {
        "a1": [0, first, 2, 2],
        "b2": [0, first, 1, 2],
        "c3": [0, second, 1, 2],
        "7": [2, 1, 1, 2],
        "": [0, 1, 1, 1],
        None: [0, 0, 0, 0],
    }


def test_equal_codes_stand_in_memory_once() -> None:
    epoch = Signatures([some_coder()], [0]).epochs[0]
    assert epoch["x"] == epoch["y"] != epoch["gold"]
    assert codes_at(epoch["x"], 1) == [1]
    assert codes_at(epoch["gold"], 1) == [2]
    assert codes_at(epoch[None], 1) == [0]


def test_long_strings_are_judged_but_not_kept() -> None:
    epoch = Signatures([some_coder()], [0]).epochs[0]
    edge, long = "x" * signatures.LONGEST_KEPT, "x" * (signatures.LONGEST_KEPT + 1)
    assert epoch[edge] == epoch[long]
    assert edge in epoch
    assert long not in epoch


@pytest.mark.parametrize(("bound", "most"), [("MOST_STRINGS", 100), ("MOST_CHARACTERS", 500)])
def test_a_full_epoch_is_replaced_and_answers_stay(bound: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's memory grows with the number of distinct strings that ever came."""
    monkeypatch.setattr(signatures, bound, most)
    found = Signatures([some_coder(), some_coder()], [0, 1])
    first, other = found.epochs
    for number in range(3_000):
        epoch = found.epochs[0]
        assert codes_at(epoch[f"{number:05}"], 1) == [1]
        assert codes_at(epoch["silver"], 1) == [3]
        assert len(epoch) <= 102
    assert found.epochs[0] is not first
    assert found.epochs[1] is other
    assert codes_at(first["gold"], 1) == [2]


def test_strings_that_all_have_other_codes_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long ones, which are not kept, leave their codes behind."""
    monkeypatch.setattr(signatures, "MOST_STRINGS", 50)
    names = {f"{number}{'x' * signatures.LONGEST_KEPT}": number + 2 for number in range(1_000)}
    found = Signatures([TextCoder([names], [])], [0])
    for name, code in names.items():
        epoch = found.epochs[0]
        assert codes_at(epoch[name], 1) == [code]
        assert len(epoch) == 1
        assert len(epoch._addresses) <= 52


def test_codes_that_a_reader_holds_live_on_when_their_epoch_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "MOST_STRINGS", 10)
    names = {str(number): number + 2 for number in range(5_000)}
    found = Signatures([TextCoder([names], [])], [0])
    held = found.epochs[0]
    addresses = [held[name] for name in names]
    assert found.epochs[0] is not held
    assert [codes_at(address, 1)[0] for address in addresses] == list(names.values())


def test_threads_that_fill_the_same_epochs_get_the_same_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "MOST_STRINGS", 64)
    one, reader = coder()
    texts = [f"{letter}{number}" for letter in "abc-" for number in range(200)]
    expected = {text: coder_codes(one, reader, text) for text in texts}
    wrong: list[str] = []

    def work(seed: int) -> None:
        chance = Random(seed)
        for _ in range(1_500):
            text = chance.choice(texts)
            if coder_codes(one, reader, text) != expected[text]:
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(one._signatures.epochs[0]) <= 66


def coder_codes(one: RowCoder, reader: ValuesReader, text: str) -> list[int]:
    return list(one.codes(reader.read({"q": text}), 0)[0])


def test_an_epoch_grows_beyond_one_chunk_of_codes() -> None:
    names = {str(number): number + 2 for number in range(3 * signatures.ROWS_A_CHUNK + 5)}
    epoch = Signatures([TextCoder([names, names], [])], [0]).epochs[0]
    addresses = np.array([epoch[name] for name in names])
    assert [codes_at(int(address), 2) for address in addresses] == [[code, code] for code in names.values()]
    assert isinstance(epoch, Epoch)
