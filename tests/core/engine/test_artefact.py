"""Saved programs: one file that answers as the program did, or is refused in words."""

import ast
import hashlib
import json
import os
import pickle
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import fasttwitch as ft
from fasttwitch.engine.artefact import document, program_file, sections
from fasttwitch.engine.artefact.late import Late
from fasttwitch.engine.artefact.nodes import codebook_from_json, codebook_to_json, type_from_json, type_to_json
from fasttwitch.engine.artefact.program_file import contents_from_bytes
from fasttwitch.engine.artefact.sections import MalformedError, as_bytes, as_json, packed, unpacked
from fasttwitch.engine.program import PLAN_FORMAT
from fasttwitch.kernels.point.index import Index
from fasttwitch.logic.datatypes import INT, STRING, ListType, MapType, StructType, Unsupported
from fasttwitch.ruleset import parse_rule
from tests.core.engine.point_customers import ANNA, ANNAS, NOW, SCHEMA, SEGMENTS, compiled
from tests.generators.rulesets import FLAVOURS, ruleset_trial
from tests.sweeps.artefact_verdicts import (
    differences,
    flipped,
    forged,
    questions,
    refusal,
    sealed,
    trial_differences,
)
from tests.sweeps.sweep_artefact import parsed, sweep
from tests.sweeps.verdicts import accepted, case

ANEW = "\n  = fix: compile the rules anew, and save the program"
GIVE = "\n  = fix: give a file that `program.save` has written"
DOCUMENT = {
    "version": 1,
    "language": "cel/1",
    "key": "id",
    "attributes": {"age": {"type": "int", "unit": "years"}, "tags": "list(string)", "more": "map(string, int)"},
    "lists": {"near": ["Wien", "Linz"], "far": {"type": "decimal", "values": ["1.50", "2"]}},
    "segments": {
        "adult": {"when": "age >= 18", "description": "of age", "owner": "crm", "tags": ["a", "b"]},
        "near": 'address.city in list("near") && segment("adult")',
        "word": 'country.startsWith("D") || int(country) > 3 || country + "!" == address.city',
        "odd": "double(age) / ltv > 0.5 && now - last_order_at > days(3) && ltv != -0.0",
        "morning": 'last_order_at.getHours("Europe/Berlin") < 12',
    },
    "tests": [{"profile": {"age": 20, "address": {"city": "Linz"}, "ltv": 1.5}, "in": ["adult"], "name": "Anna"}],
}


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return compiled()


@pytest.fixture(scope="module")
def written(program: ft.Program, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("saved") / "program.ftp"
    program.save(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, written: bytes) -> Path:
    found = tmp_path / "program.ftp"
    found.write_bytes(written)
    return found


# --- what is saved is what is loaded


def test_a_loaded_program_answers_as_the_saved_one(program: ft.Program, path: Path) -> None:
    loaded = ft.load_program(str(path))
    assert loaded.match(ANNA, now=NOW).segments == ANNAS
    assert loaded.digest == program.digest
    assert loaded.attributes == program.attributes
    assert repr(loaded) == repr(program)
    table = pa.Table.from_pylist([ANNA, {}], SCHEMA.remove(3).insert(3, pa.field("country", pa.string())))
    assert loaded.count(table, now=NOW) == program.count(table, now=NOW)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_random_programs_answer_the_same(flavour: str, tmp_path: Path) -> None:
    """Every question that there is; and the same bytes, whoever saves it again."""
    random = Random(f"artefact/{flavour}")
    drawn = ruleset_trial(random, flavour, 200 if flavour == "crowd" else 12, 12)
    kept, _ = accepted(case(replace(drawn, table=drawn.table.slice(0, 0))))
    assert trial_differences(replace(kept.trial, table=drawn.table), random, tmp_path) == []


def test_a_document_is_kept_with_all_its_words(tmp_path: Path) -> None:
    ruleset = ft.load_ruleset(DOCUMENT)
    program = ft.compile(ruleset, SCHEMA)
    program.save(tmp_path / "a")
    loaded = ft.load_program(tmp_path / "a")
    table = pa.table({name: pa.array([], SCHEMA.field(name).type) for name in SCHEMA.names})
    assert differences(program, loaded, table, [ANNA, {}], NOW, Random(1)) == []
    assert loaded.ruleset.segments["adult"].tags == ("a", "b")
    assert loaded.ruleset.tests[0].profile == {"age": 20, "address": {"city": "Linz"}, "ltv": 1.5}
    changed = loaded.ruleset.with_changes(segments={"adult": "age >= 21"})
    assert changed.digest == ruleset.with_changes(segments={"adult": "age >= 21"}).digest
    assert pickle.loads(pickle.dumps(loaded.ruleset)).digest == ruleset.digest


def test_drafts_and_rules_without_attributes_are_kept(program: ft.Program, tmp_path: Path) -> None:
    draft = program.draft({"old_vip": 'segment("vip") && age > 60'})
    for number, one in enumerate((draft, compiled({"all": "true", "none": "false"}))):
        path = tmp_path / str(number)
        one.save(path)
        loaded = ft.load_program(path)
        assert (loaded.names, loaded.digest, [*loaded.trees]) == (one.names, one.digest, [*one.trees])
        assert loaded.match(ANNA, now=NOW).segments == one.match(ANNA, now=NOW).segments
        assert loaded.match({}, now=NOW).unknown == one.match({}, now=NOW).unknown
    loaded = ft.load_program(tmp_path / "0")
    assert loaded.draft({"x": 'segment("vip")'}).match(ANNA, now=NOW).segments == ("x",)


def test_problems_of_loaded_rules_show_their_own_text(path: Path) -> None:
    """Places in the document are not kept."""
    ruleset = ft.load_program(path).ruleset
    with pytest.raises(ft.RulesetError) as caught:
        ft.compile(ruleset, SCHEMA.remove(SCHEMA.get_field_index("ltv")))
    assert str(caught.value).startswith("unknown name `ltv`\n --> segments.vip:1:21\n1 | ")


def test_an_analyzed_program_keeps_its_layout(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    table = pa.table({"a": random.integers(0, 3, 5_000), "b": np.where(random.random(5_000) < 0.01, 5, 9)})
    segments = {f"s{number}": f"a == {number % 3} && b == 5 && a + b > {number}" for number in range(700)}
    program = compiled(segments, table.schema)
    program.save(tmp_path / "plain")
    program.analyze(table)
    program.save(tmp_path / "analyzed")
    laid_out = [index_of(ft.load_program(tmp_path / name)) for name in ("plain", "analyzed")]
    assert laid_out[1].describe() == index_of(program).describe() != laid_out[0].describe()
    loaded = ft.load_program(tmp_path / "plain")
    loaded.analyze(table)
    loaded.save(tmp_path / "later")
    assert (tmp_path / "later").read_bytes() == (tmp_path / "analyzed").read_bytes()


def test_nothing_is_parsed_before_it_is_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed_texts: list[str] = []

    def noted(text: str) -> object:
        parsed_texts.append(text)
        return parse_rule(text)

    monkeypatch.setattr(document, "parse_rule", noted)
    loaded = ft.load_program(path)
    loaded.match(ANNA, now=NOW)
    loaded.save(path)
    assert loaded.ruleset.digest.startswith("sha256:")
    assert parsed_texts == []
    loaded.explain(ANNA, "vip", now=NOW)
    assert parsed_texts == [SEGMENTS["vip"], SEGMENTS["adult"]]


def test_arrays_lie_in_the_file_and_nobody_can_write_to_them(path: Path) -> None:
    loaded = ft.load_program(path)
    index = index_of(loaded)
    filled = [array for array in index.arrays() if array.size]
    assert filled
    for array in filled:
        assert not array.flags.owndata
        assert array.ctypes.data % 64 == 0
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1


def test_a_pickle_is_the_file(program: ft.Program, written: bytes) -> None:
    assert program.__getstate__() == written
    copy = pickle.loads(pickle.dumps(program))
    assert copy.match(ANNA, now=NOW).segments == ANNAS
    with pytest.raises(ft.ProgramError) as caught:
        copy.__setstate__({"names": ()})
    assert str(caught.value) == ("the program was pickled by an older version of fasttwitch\n  = fix: compile it anew")


# A change of these bytes is a change of the format: raise FILE_FORMAT (or PLAN_FORMAT), then renew the digest.
FROZEN = "e3871fde0abf8270"


def test_the_file_of_a_frozen_program_does_not_change(path: Path) -> None:
    """Whoever changes what a file says has to say so, or older files would be read wrongly."""
    found = unpacked(memoryview(path.read_bytes()), PLAN_FORMAT, "it")
    digest = hashlib.sha256()
    for name, (kind, shape, _) in sorted(found.places.items()):
        if name != "schema":  # the bytes of Arrow's own
            digest.update(repr((name, kind, shape)).encode() + found.array(name, kind, shape).tobytes())
    assert (sections.FILE_FORMAT, PLAN_FORMAT, digest.hexdigest()[:16]) == (1, 4, FROZEN)


# --- what is no saved program, or not any more


def words(path: Path) -> str:
    with pytest.raises(ft.ProgramError) as caught:
        ft.load_program(path)
    return str(caught.value)


def test_files_of_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(
        "version: 1\nlanguage: cel/1\nsegments: {a: age > 3, b: age > 4}\n# and more\n"
    )
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("a", "b" * 100)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    (tmp_path / "a.pickle").write_bytes(pickle.dumps({"a": list(range(100))}))
    for name in ("rules.yaml", "a.zip", "a.parquet", "a.pickle"):
        assert words(tmp_path / name) == f"{tmp_path / name} is no saved program{GIVE}"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert words(tmp_path) == f"{tmp_path} is a folder{GIVE}"
    gone = tmp_path / "gone"
    assert words(gone) == f"there is no file {gone}\n  = fix: save a program there: `program.save(path)`"
    empty = tmp_path / "empty"
    empty.touch()
    assert words(empty) == f"{empty} is incomplete: it has 0 bytes{ANEW}"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert words(pipe) == f"{pipe} is no file{GIVE}"
    assert words(gone / "\0") != ""


def test_every_shorter_file_is_refused(path: Path, written: bytes) -> None:
    for length in range(len(written)):
        with pytest.raises(ft.ProgramError, match=r"^it is incomplete: it has "):
            contents_from_bytes(memoryview(written)[:length], PLAN_FORMAT, "it")
    assert refusal(written[:1000], path) == (
        f"{path} is incomplete: it has 1,000 bytes, and {len(written):,} were written{ANEW}"
    )
    assert "is incomplete: it has" in refusal(written + b"\0", path)


def test_every_flipped_bit_of_head_and_table_is_found(written: bytes) -> None:
    table_bytes = int.from_bytes(written[24:32], "little")
    for bit in range(8 * (64 + table_bytes)):
        with pytest.raises(ft.ProgramError):
            contents_from_bytes(memoryview(flipped(written, bit)), PLAN_FORMAT, "it")


def test_flipped_bits_anywhere_are_found(path: Path, written: bytes) -> None:
    random = Random(3)
    for _ in range(1_000):
        assert refusal(flipped(written, random.randrange(8 * len(written))), path)
    damaged = f"{path} is damaged: its checksum is not that of what was written{ANEW}"
    assert refusal(flipped(written, 8 * len(written) - 1), path) == damaged


@pytest.mark.parametrize(
    ("place", "change", "message"),
    [
        (8, 1, "a newer version of fasttwitch: it has format 2.{plan} and this one reads 1.{plan}"),
        (8, -1, "an older version of fasttwitch: it has format 0.{plan} and this one reads 1.{plan}"),
        (12, 1, "a newer version of fasttwitch: it has format 1.{newer} and this one reads 1.{plan}"),
        (12, -1, "an older version of fasttwitch: it has format 1.{older} and this one reads 1.{plan}"),
    ],
)
def test_other_formats_are_refused(path: Path, written: bytes, place: int, change: int, message: str) -> None:
    other = bytearray(written)
    other[place] += change
    told = message.format(plan=PLAN_FORMAT, newer=PLAN_FORMAT + 1, older=PLAN_FORMAT - 1)
    assert refusal(sealed(bytes(other)), path) == f"{path} was saved by {told}{ANEW}"


def test_other_clocks_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    ft.compile(ft.load_ruleset(DOCUMENT), SCHEMA).save(path)
    assert ft.load_program(path).names
    monkeypatch.setattr("fasttwitch.engine.program.clocks_digest", lambda name: "another release")
    assert words(path) == (
        f"{path} was compiled with other clocks for the time zone `Europe/Berlin` than are installed here\n"
        "  = fix: compile it anew, or install the same version of the package `tzdata`"
    )


# --- what somebody made who wants to do harm


def rewritten(written: bytes, **changed: object) -> bytes:
    """Return a file with some sections replaced, and a right checksum."""
    found = unpacked(memoryview(written), PLAN_FORMAT, "it")
    arrays = {name: found.array(name, kind, shape) for name, (kind, shape, _) in found.places.items()}
    return b"".join(packed({**arrays, **changed}, PLAN_FORMAT))  # type: ignore[dict-item]


def test_what_the_sections_say_is_looked_at(path: Path, written: bytes) -> None:
    """A right checksum is no proof: anybody can make one."""
    wrong = f"{path} holds what no version of fasttwitch has written: "
    said = json.loads(unpacked(memoryview(written), PLAN_FORMAT, "it").raw("program"))
    assert refusal(rewritten(written), path) == ""
    for changed in (
        {"program": as_json({**said, "names": [*said["names"][1:], said["names"][1]]})},
        {"program": as_json({**said, "names": [1, 2]})},
        {"program": as_json({**said, "names": said["names"][1:]})},
        {"program": as_json({**said, "paths": [["agee"]]})},
        {"program": as_json({**said, "paths": [["age", "years"]]})},
        {"program": as_json({**said, "paths": []})},
        {"program": as_json([])},
        {"program": as_bytes(b"\xff{")},
        {"program": as_bytes(b"[" * 100_000)},
        {"schema": as_bytes(b"no schema of Arrow's")},
        {"schema": as_bytes(pa.schema({"age": pa.string()}).serialize().to_pybytes())},
        {"codes": as_json({"codebooks": [["Constant", 1, "int", [0, 1]]]})},
        {"plan.tests": np.zeros((3, 3), np.int64)},
        {"plan.tests": np.zeros((3, 4), np.int32)},
    ):
        assert refusal(rewritten(written, **changed), path).startswith(wrong), changed
    table_bytes = int.from_bytes(written[24:32], "little")
    one = b'[["a", "int32", %s, %s]]'
    shapes = ((b"[-1]", b"0"), (b"[1]", b"1"), (b"[true]", b"0"), (b"[4611686018427387903, 9]", b"0"))
    for table in (b"{}", b'["a"]', b'[["a", "int8", [1], 0]]', b"[[", *(one % shape for shape in shapes)):
        other = written[:64] + table.ljust(table_bytes) + written[64 + table_bytes :]
        assert refusal(sealed(other), path).startswith(wrong), table
    beyond = written[:24] + (1 << 40).to_bytes(8, "little") + written[32:]
    assert refusal(sealed(beyond), path) == f"{wrong}the table ends beyond the file{ANEW}"


def test_rules_that_say_nothing_are_told_when_they_are_asked_for(path: Path, written: bytes) -> None:
    for origin in (b"{", b"{}", b'{"ruleset": 3}', b'{"ruleset": {"segments": [["a", 3, "", "", []]]}}'):
        path.write_bytes(rewritten(written, origin=as_bytes(origin)))
        loaded = ft.load_program(path)
        assert loaded.match(ANNA, now=NOW).segments == ANNAS
        asked: list[Callable[[ft.Program], object]] = [lambda one: one.ruleset, lambda one: one.trees]
        asked.append(lambda one: one.match({}, now=NOW).unknown)
        for ask in asked:
            with pytest.raises(ft.ProgramError, match="holds what no version of fasttwitch has written"):
                ask(loaded)
    said = json.loads(unpacked(memoryview(written), PLAN_FORMAT, "it").raw("origin"))
    path.write_bytes(rewritten(written, origin=as_json({**said, "order": ["vip", "wip"]})))
    with pytest.raises(ft.ProgramError, match="rules that are not there"):
        ft.load_program(path).trees  # noqa: B018


def test_nodes_are_of_our_own_classes_and_their_fields_are_looked_at() -> None:
    column = ["Column", ["a"], "int"]
    good = ["OrderedCodebook", column, [1, 5], False]
    assert codebook_to_json(codebook_from_json(good)) == good
    for wrong in (
        None, [], ["Path"], ["builtins.eval", "1"], ["OrderedCodebook", column, [1, 5]], [["OrderedCodebook"]],
        ["OrderedCodebook", column, [5, 1], False], ["OrderedCodebook", column, [1, 1], False],
        ["OrderedCodebook", column, [1], True], ["OrderedCodebook", column, [[1.0, 0]], False],
        ["OrderedCodebook", column, [True], False], ["OrderedCodebook", column, [2**65], False],
        ["OrderedCodebook", column, [[1.0, 2]], False], ["OrderedCodebook", column, 7, False],
        ["OrderedCodebook", ["Column", ["a"], "double"], [[{"decimal": "1"}, 0]], True],
        ["OrderedCodebook", ["Column", ["a"], "decimal"], [[{"decimal": "one"}, 0]], False],
        ["OrderedCodebook", column, [1], 0], ["OrderedCodebook", ["TruthCodebook", column], [1], False],
        ["NamesCodebook", column, [["a"], ["a"]]], ["NamesCodebook", column, [[]]], ["NamesCodebook", column, [[3]]],
        ["TruthCodebook", ["Column", "a", "int"]], ["TruthCodebook", ["Column", ["a"], "integer"]],
        ["TruthCodebook", ["Derived", ["Segment", "a", [0, 1], "bool"], "bool", []]],
        ["TruthCodebook", ["ColumnTest", ["Constant", {"set": 1}, "int", [0, 1]], []]],
        ["TruthCodebook", ["ColumnTest", ["Constant", 1, "int", [0]], []]],
        ["TruthCodebook", ["ColumnTest", ["Constant", 1, "int", [0, 1]], [None]]],
        ["TextTestsCodebook", ["a"], [column]],
    ):  # fmt: skip
        with pytest.raises(MalformedError):
            codebook_from_json(wrong)


def test_types_survive() -> None:
    deep = StructType((("a", ListType(INT)), ("b", MapType(StructType((("c", STRING),)))), ("d", Unsupported("x"))))
    found = type_from_json(json.loads(json.dumps(type_to_json(deep))))
    assert found == deep
    assert type_from_json("int") is INT
    wrongs: tuple[object, ...] = (1, None, [], {}, {"list": 3}, {"list": "int", "map": "int"}, {"arrow": 1}, "integer")
    for wrong in (*wrongs, {"struct": [[1, "int"]]}):
        with pytest.raises(MalformedError):
            type_from_json(wrong)


def test_no_code_of_a_file_is_run(path: Path, written: bytes, tmp_path: Path) -> None:
    """Nothing that reads files can make an object of a class that a file names; Arrow's own trap is shut, too."""
    folder = Path(program_file.__file__).parent
    for module in folder.glob("*.py"):
        tree = ast.parse(module.read_text())
        imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not imported & {"pickle", "marshal", "shelve", "importlib", "subprocess", "ctypes", "codecs"}
        assert not called & {"eval", "exec", "compile", "__import__", "open"}
    trap = pickle.dumps(Trap(str(tmp_path / "sprung")))
    metadata = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": trap}
    schema = SCHEMA.append(pa.field("trap", pa.binary(), metadata=metadata))
    path.write_bytes(rewritten(written, schema=as_bytes(schema.serialize().to_pybytes())))
    assert ft.load_program(path).match(ANNA, now=NOW).segments == ANNAS
    refusal(trap, path)
    assert not (tmp_path / "sprung").exists()


class Trap:
    """An object whose unpickling makes a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.folder,)


def test_forged_files_break_nothing(path: Path, written: bytes) -> None:
    """They are refused, or answer something: the sweep asks thousands of them in a process of its own."""
    table = pa.table({name: pa.array([], SCHEMA.field(name).type) for name in SCHEMA.names})
    asked = 0
    for number in range(150):
        path.write_bytes(forged(written, Random(number)))
        try:
            loaded = ft.load_program(path)
        except ft.ProgramError:
            continue
        asked += 1
        for _, ask in questions([ANNA], table, NOW, Random(number), ()):
            with suppress(ft.DataError, ft.RulesetError):
                ask(loaded)
    assert 0 < asked < 150


# --- files that others use


def test_a_file_may_be_removed_or_replaced_while_it_is_in_use(program: ft.Program, path: Path) -> None:
    loaded = ft.load_program(path)
    path.unlink()
    assert loaded.match(ANNA, now=NOW).segments == ANNAS
    loaded.save(path)
    other = compiled({"old": "age > 70"})
    other.save(path)
    assert loaded.match({**ANNA, "age": 3}, now=NOW).unknown == program.match({**ANNA, "age": 3}, now=NOW).unknown
    assert ft.load_program(path).names == ("old",)
    assert os.listdir(path.parent) == [path.name]


def test_a_program_may_be_saved_over_itself(path: Path, written: bytes) -> None:
    loaded = ft.load_program(path)
    loaded.save(path)
    assert path.read_bytes() == written
    assert loaded.match(ANNA, now=NOW).segments == ANNAS
    assert ft.load_program(path).match(ANNA, now=NOW).segments == ANNAS


def test_what_cannot_be_saved_leaves_nothing(program: ft.Program, tmp_path: Path) -> None:
    with pytest.raises(ft.DataError) as caught:
        program.save(tmp_path / "no" / "a.ftp")
    assert str(caught.value) == (
        f"cannot write to {tmp_path / 'no' / 'a.ftp'}: there is no folder {tmp_path / 'no'}\n"
        "  = fix: make the folder first"
    )
    assert os.listdir(tmp_path) == []


READER = """
    import sys, time
    import fasttwitch as ft
    from tests.core.engine.point_customers import ANNA, NOW
    program = ft.load_program(sys.argv[1])
    print(program.match(ANNA, now=NOW).segments, flush=True)
    sys.stdin.readline()
    print(program.match(ANNA, now=NOW).segments, flush=True)
"""


def test_processes_share_a_file(program: ft.Program, path: Path) -> None:
    """And go on with it when it is replaced."""
    command = [sys.executable, "-c", textwrap.dedent(READER), str(path)]
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    assert [str(one.stdout.readline()) for one in readers if one.stdout] == [f"{ANNAS}\n"] * 2
    compiled({"old": "age > 70"}).save(path)
    assert [one.communicate("\n")[0] for one in readers] == [f"{ANNAS}\n"] * 2
    assert [one.returncode for one in readers] == [0, 0]


def test_late_values_are_made_once() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    late = Late(("a", "b"), make)
    assert (len(late), [*late], "a" in late, "c" in late) == (2, ["a", "b"], True, False)
    assert made == []
    assert (late["b"], late["b"], made) == ("B", "B", ["b"])
    assert repr(late) == "Late(1 of 2)"
    with pytest.raises(KeyError):
        late["c"]
    assert pickle.loads(pickle.dumps(Late(("a",), str.upper))) == {"a": "A"}


def test_the_sweep_finds_nothing() -> None:
    assert sweep(parsed(["--schemas", "1", "--flips", "20", "--cuts", "20", "--forged", "5"])) == 0


def index_of(program: ft.Program) -> Index:
    index = program.matcher.true_point.parts[0].tables.index
    assert isinstance(index, Index)
    return index
