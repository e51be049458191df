"""Files of customers, whole and broken."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import fasttwitch as ft
from fasttwitch.errors import DataError, RulesetError
from fasttwitch.jobs.tables import open_customers
from fasttwitch.logic.datatypes import INT, TIMESTAMP, Type
from fasttwitch.ruleset import load_ruleset

TABLE = pa.table({"customer_id": [1, 2, 3], "ltv": [1.0, None, 3.0], "tier": ["a", "b", "a"]})


def write(path: Path) -> Path:
    """Write the table in the format of the path's ending; `stream.arrow` as a stream."""
    if path.suffix == ".parquet":
        pq.write_table(TABLE, path)
    elif path.suffix == ".feather":
        pyarrow.feather.write_feather(TABLE, str(path))
    else:
        new = pa.ipc.new_stream if path.stem == "stream" else pa.ipc.new_file
        with new(str(path), TABLE.schema) as writer:
            writer.write_table(TABLE)
    return path


def read_all(path: Path, declared: Mapping[str, Type]) -> pa.Table:
    customers = open_customers(path, "customer_id", declared)
    return customers.read(customers.schema.names)


def complaint(path: Path, **declared: Type) -> str:
    with pytest.raises(DataError) as caught:
        read_all(path, declared)
    return str(caught.value).replace(str(path.parent), "…")


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.ipc", "a.feather", "stream.arrow", "A.PARQUET"])
def test_every_format_gives_the_columns_asked_for(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name.lower()).rename(tmp_path / name)
    customers = open_customers(path, "customer_id", {})
    assert customers.schema.names == ["customer_id", "ltv", "tier"]
    table = customers.read({"tier", "customer_id"})
    assert table.column_names == ["customer_id", "tier"]
    assert table.to_pydict() == {"customer_id": [1, 2, 3], "tier": ["a", "b", "a"]}


def test_texts_of_parquet_come_as_dictionaries_and_keys_as_they_are(tmp_path: Path) -> None:
    pq.write_table(pa.table({"customer_id": ["x"], "tier": ["a"]}), tmp_path / "a.parquet")
    table = open_customers(tmp_path / "a.parquet", "customer_id", {}).read(["customer_id", "tier"])
    assert pa.types.is_string(table.schema.field("customer_id").type)
    assert pa.types.is_dictionary(table.schema.field("tier").type)


def test_csv_takes_empty_for_null_and_na_for_namibia(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('customer_id,ltv,country,since,never\n007,1.5,NA,2026-01-01,\n8,,"",,\n')
    table = open_customers(tmp_path / "a.csv", "customer_id", {}).read(
        ["customer_id", "ltv", "country", "since", "never"]
    )
    assert table.to_pydict() == {
        "customer_id": ["007", "8"],
        "ltv": [1.5, None],
        "country": ["NA", ""],
        "since": [date(2026, 1, 1), None],
        "never": [None, None],
    }
    assert table.schema.field("never").type == pa.string()


def test_csv_follows_declared_types(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,at\n7,2026-01-01 00:00:00Z\n")
    schema = open_customers(tmp_path / "a.csv", "customer_id", {"customer_id": INT, "at": TIMESTAMP}).schema
    assert schema == pa.schema({"customer_id": pa.int64(), "at": pa.timestamp("us", "UTC")})


def test_a_type_that_the_first_block_suggests_holds_for_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fasttwitch.jobs.tables._CSV_BLOCK_BYTES", 64)
    (tmp_path / "a.csv").write_text("customer_id,n\n" + "1,2\n" * 50 + "2,many\n")
    assert complaint(tmp_path / "a.csv") == (
        "…/a.csv holds `many` in a column of int64\n"
        "  = fix: declare the column's type under `attributes` of the ruleset, or mend the file"
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"", "…/a.parquet is empty: not even a header\n  = fix: write it again"),
        ("a.csv", b"", "…/a.csv is empty: not even a header\n  = fix: write it again"),
        (
            "a.parquet",
            b"customer_id,ltv\n1,2\n",
            "…/a.parquet is no Parquet file, or not all of one\n"
            "  = fix: copy or write it again; the reader says: Parquet magic bytes not found in footer. "
            "Either the file is corrupted or this is not a parquet file",
        ),
        (
            "a.csv",
            b"customer_id,ltv\n1,2\n3\n",
            "…/a.csv is not CSV as expected: Expected 2 columns, got 1: 3\n"
            "  = fix: one header line, then as many values in each line, separated by commas",
        ),
        (
            "a.csv",
            b"customer_id,age\n1,12\n2,x12\n",
            "…/a.csv holds `x12` in a column of int64\n"
            "  = fix: declare the column's type under `attributes` of the ruleset, or mend the file",
        ),
        (
            "a.csv",
            "customer_id,city\n1,Köln\n".encode("latin-1"),
            "column `city` of …/a.csv is not UTF-8 text\n  = fix: save the file again as UTF-8",
        ),
        (
            "a.csv",
            b"PAR1\x15\x04,\n1\n",
            "…/a.csv is a Parquet file, whatever its name says\n  = fix: let its name end in .parquet",
        ),
        ("a.csv", b"customer_id,x,x\n1,2,3\n", "…/a.csv has two columns `x`\n  = fix: rename one of them"),
        (
            "a.xlsx",
            b"PK",
            "…/a.xlsx has no name that says what is in it\n"
            "  = fix: files of customers end in .parquet, .arrow, .feather, .ipc, .arrows, .csv",
        ),
    ],
)
def test_a_broken_file_is_described(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert complaint(tmp_path / name, age=INT) == said


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "stream.arrow"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_no_file(tmp_path: Path, name: str, kept: float) -> None:
    path = write(tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    kind = "Parquet" if name == "a.parquet" else "Arrow"
    first, fix = complaint(path).split("\n")
    assert first == f"…/{name} is no {kind} file, or not all of one"
    assert fix.startswith("  = fix: copy or write it again; the reader says: ")


def test_damage_in_the_middle_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet")
    content = bytearray(path.read_bytes())
    content[4:80] = b"\xff" * 76
    path.write_bytes(content)
    assert complaint(path).startswith("…/a.parquet is no Parquet file, or not all of one\n")


def test_what_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    assert complaint(tmp_path / "gone.csv") == "there is no file …/gone.csv\n  = fix: check the path"
    (tmp_path / "folder.parquet").mkdir()
    assert complaint(tmp_path / "folder.parquet") == "…/folder.parquet is a folder\n  = fix: give one file of customers"


def test_a_missing_column_is_answered_with_the_nearest(tmp_path: Path) -> None:
    customers = open_customers(write(tmp_path / "a.parquet"), "customer_id", {})
    assert customers.find("ltv", "anything") == "ltv"
    with pytest.raises(DataError) as caught:
        customers.find("custmer_id", "the key")
    assert str(caught.value) == (
        f"{tmp_path}/a.parquet has no column `custmer_id`, which is the key\n  = fix: did you mean `customer_id`?"
    )
    with pytest.raises(DataError) as caught:
        customers.find("x", "the key")
    assert str(caught.value) == (
        f"{tmp_path}/a.parquet has no column `x`, which is the key\n  = fix: its columns: `customer_id`, `ltv`, `tier`"
    )


@pytest.mark.parametrize(("mark", "words"), [(";", "`;`"), ("\t", "tabs"), ("|", "`|`")])
def test_another_separator_is_named(tmp_path: Path, mark: str, words: str) -> None:
    """As spreadsheets write CSV where the comma stands in numbers."""
    (tmp_path / "a.csv").write_text("id,age\n7,1\n".replace(",", mark))
    with pytest.raises(DataError) as caught:
        open_customers(tmp_path / "a.csv", "id", {}).find("id", "the key of the customers")
    assert str(caught.value) == (
        f"{tmp_path}/a.csv has no column `id`, which is the key of the customers\n"
        f"  = fix: its values are separated by {words}: save it with commas"
    )


GUESSES = [
    ("age >= 18", "`age` (string)", "age: int"),
    ("now - at > days(3)", "`at` (date)", "at: timestamp"),
    ('zip.startsWith("01")', "`zip` (int)", "zip: string"),
    ("id == 7 || age == 5", "`id` (string), `age` (string)", "id: int"),
]


@pytest.mark.parametrize(("rule", "guesses", "instead"), GUESSES)
def test_wrong_guesses_own_up_to_being_guesses(tmp_path: Path, rule: str, guesses: str, instead: str) -> None:
    """`age >= "18"` would be bad advice where one cell of the file made the column a text."""
    (tmp_path / "a.csv").write_text("id,age,at,zip\n7,12,2026-01-01,10115\n8,n/a,2026-01-02,80331\n")
    customers = open_customers(tmp_path / "a.csv", "id", {})
    ruleset = load_ruleset({"version": 1, "language": "cel/1", "key": "id", "segments": {"a": rule}})
    with pytest.raises(RulesetError) as caught, customers.owning_guesses():
        ft.compile(ruleset, customers.schema)
    assert caught.value.__notes__ == [
        f"note: CSV has no types, so those of {tmp_path}/a.csv are guesses: {guesses}\n"
        f"  = fix: if one is wrong, say it in the ruleset: `attributes: {{{instead}}}`"
    ]


@pytest.mark.parametrize("rule", ["nme == 3", 'ltv > "x"'])
def test_no_guess_is_blamed_for_other_mistakes(tmp_path: Path, rule: str) -> None:
    (tmp_path / "a.csv").write_text("id,ltv\n7,1\n")
    customers = open_customers(tmp_path / "a.csv", "id", {"ltv": INT})
    ruleset = load_ruleset({"version": 1, "language": "cel/1", "key": "id", "segments": {"a": rule}})
    with pytest.raises(RulesetError) as caught, customers.owning_guesses():
        ft.compile(ruleset, customers.schema)
    assert not hasattr(caught.value, "__notes__")


def test_a_quoted_value_may_hold_line_ends_wherever_the_reader_cuts_its_blocks(tmp_path: Path) -> None:
    """Addresses and notes do; every other line of this file is the second half of a value."""
    street = "Main Street\n" + "x" * 90
    (tmp_path / "a.csv").write_text("id,street\n" + "".join(f'{row},"{street}"\n' for row in range(30_000)))
    table = open_customers(tmp_path / "a.csv", "id", {}).read(["id", "street"])
    assert table.num_rows == 30_000
    assert table.column("street").unique().to_pylist() == [street]


@pytest.mark.parametrize("rows", [3, 9_000, 300_000])
def test_a_quote_that_is_never_closed_is_named(tmp_path: Path, rows: int) -> None:
    """Else all customers behind it would be missing without a word."""
    lines = "".join(f"{row},Main Street\n" for row in range(rows))
    (tmp_path / "a.csv").write_text('id,street\n1,"Main Street\n' + lines)
    assert complaint(tmp_path / "a.csv") == (
        "…/a.csv is not CSV as expected: a value that begins with a quote never ends\n"
        "  = fix: close the quote, or double the quotes inside a value"
    )


def test_inches_are_no_open_quote(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,size\n1,5" pipe\n2,"6"" pipe"\n3,7\n')
    table = open_customers(tmp_path / "a.csv", "id", {}).read(["size"])
    assert table.to_pydict() == {"size": ['5" pipe', '6" pipe', "7"]}
