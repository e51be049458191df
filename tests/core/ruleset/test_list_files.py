"""Named lists from files."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, INT, STRING, TIMESTAMP, UINT
from fasttwitch.logic.scope import NamedList
from fasttwitch.ruleset import load_ruleset


def named(folder: Path, entry: str) -> NamedList:
    document = f"version: 1\nlanguage: cel/1\nlists:\n  ids: {entry}\nsegments: {{a: x > 1}}\n"
    return load_ruleset(document, base=folder).lists["ids"]


def said(folder: Path, entry: str) -> str:
    with pytest.raises(RulesetError) as caught:
        named(folder, entry)
    return "\n".join(f"{one.message} / {one.fix}" for one in caught.value.problems)


def test_a_text_file_holds_one_value_a_line(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_bytes(b"b\r\na, c\r\nb\r\n\r\n")
    assert named(tmp_path, "{file: ids.txt}") == NamedList(STRING, ("b", "a, c"))


def test_a_csv_file_may_have_a_header_and_other_columns(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text('name,id\n"Doe, Jane",7\nRoe,007\n')
    assert named(tmp_path, "{file: ids.csv, column: id, type: int}") == NamedList(INT, (7,))
    assert named(tmp_path, "{file: ids.csv, column: name}") == NamedList(STRING, ("Doe, Jane", "Roe"))


@pytest.mark.parametrize(
    ("values", "type_name", "expected"),
    [
        (pa.array(["a", "b", "a"]).dictionary_encode(), "string", NamedList(STRING, ("a", "b"))),
        (pa.array([3, 2**63], pa.uint64()), "uint", NamedList(UINT, (3, 2**63))),
        (pa.array([1, 2], pa.int8()), "double", NamedList(DOUBLE, (1.0, 2.0))),
        (pa.array([True, False]), "bool", NamedList(BOOL, (True, False))),
        (pa.array([date(1970, 1, 3)]), "date", NamedList(DATE, (2,))),
        (
            pa.array([datetime(1970, 1, 1, 0, 0, 1)], pa.timestamp("ns")),
            "timestamp",
            NamedList(TIMESTAMP, (1_000_000,)),
        ),
        (
            pa.array([datetime(1970, 1, 1, tzinfo=UTC)], pa.timestamp("s", "Asia/Tokyo")),
            "timestamp",
            NamedList(TIMESTAMP, (0,)),
        ),
    ],
)
def test_a_parquet_column_keeps_its_values(
    tmp_path: Path, values: pa.Array, type_name: str, expected: NamedList
) -> None:
    pq.write_table(pa.table({"id": values}), tmp_path / "ids.parquet")
    assert named(tmp_path, f"{{file: ids.parquet, type: {type_name}}}") == expected


def test_files_that_cannot_be_lists_say_why(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("a,b\n1,2\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    (tmp_path / "fake.parquet").write_bytes(b"PAR1 not at all")
    (tmp_path / "gap.txt").write_text("a\n\nb\n")
    (tmp_path / "head.csv").write_text("customer_id\n12\n13x\n")
    pq.write_table(pa.table({"id": ["a", None], "x": [1, 2]}), tmp_path / "null.parquet")
    assert said(tmp_path, "{file: two.csv}") == (
        "list `ids` cannot be read: it has several columns / say which one: `column: …`"
    )
    assert said(tmp_path, "{file: two.csv, column: c}") == (
        "list `ids` cannot be read: it has no column `c` / its columns: `a`, `b`"
    )
    assert said(tmp_path, "{file: latin.txt}") == (
        "list `ids` cannot be read: byte 4 is not UTF-8 text / save it again as UTF-8"
    )
    assert said(tmp_path, "{file: fake.parquet}") == (
        "list `ids` cannot be read: it is not a Parquet file, or not all of one / write it again"
    )
    assert said(tmp_path, "{file: gap.txt}") == "list `ids`, line 2 of gap.txt: this line is empty / drop it"
    assert said(tmp_path, "{file: head.csv, type: int}") == (
        "list `ids`, line 1 of head.csv: `customer_id` is not an int / "
        "if line 1 is a header, name it: `column: customer_id`\n"
        "list `ids`, line 3 of head.csv: `13x` is not an int / "
    )
    assert said(tmp_path, "{file: null.parquet}") == (
        "list `ids` cannot be read: it has several columns / say which one: `column: …`"
    )
    assert said(tmp_path, "{file: null.parquet, column: id}") == (
        "list `ids`, row 2 of null.parquet: this row is empty / drop it"
    )
    assert said(tmp_path, "{file: gone.txt}") == (
        f"list `ids` cannot be read: there is no such file / looked for {tmp_path}/gone.txt"
    )
    assert said(tmp_path, "{file: .}") == f"list `ids` cannot be read: is a directory / look at {tmp_path}"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "secret.txt").write_text("a\n")
    (tmp_path / "rules" / "ids.txt").symlink_to(tmp_path / "secret.txt")
    assert said(tmp_path / "rules", "{file: ids.txt}") == (
        "list `ids` names a file outside the folder of the ruleset / "
        "keep list files beside the document, or in a folder below it"
    )
