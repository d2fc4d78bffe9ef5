"""The compiler beside us: what is asked and answered, by a stand-in that answers what the sources
tell it to, and by the compiler itself where Node and the package are installed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import augment
from contracode.corpus.labels.checker import CheckedFile, Checker, find_checker, utf16_to_bytes
from contracode.corpus.labels.label_types import label_types
from contracode.corpus.labels.labelled_file import LabelledFile, TypeCounts
from contracode.corpus.labels.type_corpus import labelled_files
from contracode.corpus.storage.readers import read_rows
from contracode.javascript.typing.type_labels import label_of_text
from contracode.support.errors import InputError

STAND_IN = """\
#!{python}
import json, os, sys, time
script, compiler = sys.argv[1:]
assert os.path.isfile(script), script
def say(answer):
    print(json.dumps(answer), flush=True)
if "broken" in compiler:
    sys.exit("Oops\\nError: Cannot find module 'x'\\n  at y")
say({{"node": "20", "typescript": "5.9.9"}})
asked = []
for line in sys.stdin:
    message = json.loads(line)
    if "file" in message:
        with open(os.environ["STAND_IN_LOG"], "a") as log:
            print(message["role"], message["file"], file=log)
        if message["role"] == "labelled":
            asked.append((message["file"], message["text"].partition("//!")[2].strip()))
        continue
    for file, told in asked:
        if told == "die":
            sys.exit("FATAL ERROR: heap")
        if told == "hang":
            time.sleep(1000)
        if told == "stop":
            break
        say({{"file": file, **json.loads(told or "{{}}")}})
    say({{"done": True}})
    asked = []
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the npm package; `node` on the PATH is the stand-in."""
    (tmp_path / "bin").mkdir()
    node = tmp_path / "bin" / "node"
    node.write_text(STAND_IN.format(python=sys.executable))
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "log"))
    monkeypatch.delenv("NODE_PATH", raising=False)
    return package(tmp_path / "typescript", "5.9.9")


def package(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": "typescript", "version": version}))
    return folder


def ask(checker: Checker, **texts: str) -> dict[str, CheckedFile | str]:
    return dict(checker.check([(f"{name}.ts", text, "labelled") for name, text in texts.items()]))


# -- offsets and spellings


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf16_offsets_become_bytes(text: str) -> None:
    at = utf16_to_bytes(text)
    for index in range(len(text) + 1):
        units = len(text[:index].encode("utf-16-le")) // 2
        assert at[units] == len(text[:index].encode())
    assert len(at) == len(text.encode("utf-16-le")) // 2 + 1


@pytest.mark.parametrize(
    ("spelled", "label"),
    [
        ("string | undefined", "string"),
        ('"a" | "b"', "string"),
        ("Array<(string) | (number)>", "(number|string)[]"),
        ("Promise<{ a: string; }>", "Promise<object>"),
        ("new (a: string) => A", "Function"),
        ("typeof A", None),
        ("%", None),
        ("", None),
    ],
)
def test_labels_of_what_the_compiler_spells(spelled: str, label: str | None) -> None:
    assert label_of_text(spelled) == label


# -- the protocol


def test_answers_get_byte_spans(stand_in: Path) -> None:
    text = 'let 😀é = 1; //! {"types": ["number", "any"], "identifiers": [4, 7, 0], "returns": [10, 1]}'
    with find_checker(stand_in) as checker:
        assert checker.version == "5.9.9"
        assert ask(checker, a=text) == {"a.ts": CheckedFile({(4, 10): "number"}, {13: "any"})}
        assert ask(checker, b="") == {"b.ts": CheckedFile({}, {})}


def test_a_failure_of_one_file_is_told_of_that_file(stand_in: Path) -> None:
    with find_checker(stand_in) as checker:
        found = ask(
            checker,
            a='//! {"error": "deep"}',
            b='//! {"types": [], "identifiers": [0, 1, 5]}',
            c="",
        )
    assert found == {
        "a.ts": "the compiler failed: deep",
        "b.ts": "the compiler's answer does not fit the file",
        "c.ts": CheckedFile({}, {}),
    }


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("die", "the compiler ended with code 1: FATAL ERROR: heap"),
        ("hang", "the compiler gave no answer in 2 seconds"),
        ("stop", "the compiler's answer is not what was asked for"),
        (
            '{"types": 1}',
            "the compiler's answer cannot be read: Expected `array`, got `int` - at `$.types`",
        ),
    ],
)
def test_a_compiler_that_ends_is_started_again(stand_in: Path, told: str, reason: str) -> None:
    with find_checker(stand_in, limit=2) as checker:
        assert ask(checker, a="", b=f"//! {told}", c="") == {
            "a.ts": CheckedFile({}, {}),
            "b.ts": reason,
            "c.ts": reason,
        }
        assert ask(checker, d="") == {"d.ts": CheckedFile({}, {})}


def test_answers_that_nobody_reads_are_not_mistaken_for_later_ones(stand_in: Path) -> None:
    with find_checker(stand_in) as checker:
        next(checker.check([("a.ts", "", "labelled"), ("b.ts", "", "labelled")]))
        assert ask(checker, c="") == {"c.ts": CheckedFile({}, {})}


# -- what is installed


def test_no_node(stand_in: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(InputError, match="no `node` on the PATH"):
        find_checker(stand_in)


def test_a_compiler_that_does_not_start(stand_in: Path, tmp_path: Path) -> None:
    broken = package(tmp_path / "broken", "5.9.1")
    with (
        find_checker(broken) as checker,
        pytest.raises(InputError, match=r"does not start: .* code 1: Error: Cannot find"),
    ):
        ask(checker, a="")


def test_the_version_is_checked(stand_in: Path, tmp_path: Path) -> None:
    old = package(tmp_path / "old" / "node_modules" / "typescript", "5.4.2")
    with pytest.raises(InputError) as caught:
        find_checker(tmp_path / "old")
    assert str(caught.value) == (
        f"--checker needs the npm package typescript 5.9.x and found 5.4.2 in {old}; install it "
        f"with: npm install typescript@5.9"
    )
    with pytest.raises(InputError, match=f"found none in {tmp_path}/bin; install it with"):
        find_checker(tmp_path / "bin")


def test_where_the_compiler_is_looked_for(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path / "first" / "typescript", "6.0.0")
    package(tmp_path / "second" / "typescript", "5.9.2")
    package(tmp_path / "work" / "node_modules" / "typescript", "5.9.1")
    (tmp_path / "work" / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "work" / "deep")
    with find_checker() as checker:
        assert checker.version == "5.9.1"
    monkeypatch.setenv("NODE_PATH", f"{tmp_path / 'first'}{os.pathsep}{tmp_path / 'second'}")
    with find_checker() as checker:
        assert checker.version == "5.9.2"


def test_a_compiler_inside_of_what_is_labelled_is_not_run(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path / "work" / "node_modules" / "typescript", "5.9.1")
    monkeypatch.chdir(tmp_path / "work")
    with pytest.raises(InputError, match="found none"):
        find_checker(foreign=[Path()])


# -- labels


def test_labels_from_both() -> None:
    source = (
        "enum Ö { A }\nconst f = (a: string[], b = 1) => { const c: typeof b = a; return o.d; };\n"
    )
    program = augment.parse(source, language="typescript")
    told = [
        ("f", 0, "Promise<X>"),
        ("a:", 0, "string[]"),
        ("b", 0, "number"),
        ("c:", 0, "1 | 2"),
        ("b", 1, "number"),  # of a type: gone with it
        ("o.", 0, "any"),
        ("d;", 0, "typeof X"),
    ]
    starts = [
        [i for i in range(len(source)) if source.startswith(text, i)][number]
        for text, number, _ in told
    ]
    at = [len(source[:start].encode()) for start in starts]
    identifiers = {
        (start, start + 1): spelled for start, (_, _, spelled) in zip(at, told, strict=True)
    }
    checked = CheckedFile(identifiers, {source.encode().index(b"{ const"): "Promise<X>"})
    counts = TypeCounts()
    code, labels, identifiers = label_types(program, counts, checked)
    assert [(label.kind, label.name, label.type, label.source) for label in labels] == [
        ("return", "f", "Promise<X>", "checker"),
        ("parameter", "a", "string[]", "written"),
        ("parameter", "b", "number", "checker"),
        ("variable", "c", "number", "checker"),
    ]
    assert [(code.encode()[i.start : i.end].decode(), i.type) for i in identifiers] == [
        ("f", "Promise<X>"),
        ("a", "string[]"),
        ("b", "number"),
        ("c", "number"),
    ]
    assert counts.agreement == {"the same": 1}
    assert counts.unlabelled["name any, of the compiler"] == 1
    assert counts.unlabelled["name has no label"] == 1


def test_a_disagreement_is_counted() -> None:
    program = augment.parse("let a: string;", language="typescript")
    counts = TypeCounts()
    labels = label_types(program, counts, CheckedFile({(4, 5): "number"}, {})).labels
    assert [label.type for label in labels] == ["string"]
    assert counts.agreement == {"another": 1}


def test_types_corpus_with_a_compiler(stand_in: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    told = '//! {"types": ["number", "any"], "identifiers": [4, 5, 0, 7, 8, 1], "returns": []}'
    (code / "a.ts").write_text(f"let a, b = 1; {told}\n")
    (code / "b.ts").write_text(f"let a, b = 1; {told}\n")
    (code / "c.ts").write_text("let c: string; //! die\n")
    (code / "d.ts").write_text("let d: string;\n")
    (code / "e.d.ts").write_text("declare let e: string;\n")
    (code / "f.ts").write_text("// @generated\nexport let f = 1;\n")
    (code / "g.js").write_text("// @generated\nlet g = 1;\n")
    (code / "dist").mkdir()
    (code / "dist" / "h.d.ts").write_text("export {};\n")
    (tmp_path / "splits.json").write_text('{"train": ["o/r"]}')
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "types",
        f"o/r={code}",
        "-o",
        tmp_path / "out",
    ]
    options = [
        "--checker",
        "--typescript",
        stand_in,
        "--splits",
        tmp_path / "splits.json",
        "--json",
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert (
        done.stderr
        == "contracode corpus: o/r/c.ts: the compiler ended with code 1: FATAL ERROR: heap\n"
    )
    assert done.returncode == 0
    manifest = json.loads(done.stdout)
    assert manifest["options"]["checker"] == "typescript 5.9.9"
    assert manifest["files_left_out"] == {
        "generated": 3,
        "not answered by the compiler": 2,
        "declarations": 1,
        "duplicate": 1,
    }
    assert manifest["labels"] == {"name, of the compiler": 1, "variable, of the compiler": 1}
    assert manifest["rows_left_out"] == {"any, of the compiler": 1, "name any, of the compiler": 1}
    (row,) = read_rows(tmp_path / "out" / "types_train_0.jsonl.gz", LabelledFile, strict=True)
    assert [(label.name, label.type, label.source) for label in row.labels] == [
        ("a", "number", "checker")
    ]
    assert [(i.start, i.end, i.type) for i in row.identifiers] == [(4, 5, "number")]
    assert (tmp_path / "out" / "vocabulary.tsv").read_text() == "number\t1\n"
    assert (tmp_path / "out" / "identifier_vocabulary.tsv").read_text() == "number\t1\n"
    # What is not labelled is there to be imported.
    assert (tmp_path / "log").read_text().splitlines() == [
        "labelled a.ts",
        "imported b.ts",
        "labelled c.ts",
        "labelled d.ts",
        "ambient e.d.ts",
        "imported f.ts",
        "imported dist/h.d.ts",
    ]


def test_a_compiler_is_not_named_in_vain(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "types",
        "x",
        "-o",
        "y",
        "--typescript",
        "z",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--checker" in done.stderr


# -- the compiler itself


@pytest.fixture(scope="module")
def compiler() -> Iterator[Checker]:
    try:
        found = find_checker()
    except InputError as error:
        pytest.skip(str(error))
    with found:
        yield found


def types_of(
    compiler: Checker, folder: Path, files: dict[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Return, by file, each name of the JavaScript that is left with its type."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return {
        file.path: [
            (file.code.encode()[i.start : i.end].decode(), i.type) for i in file.identifiers
        ]
        for file in labelled_files([folder], checker=compiler)
    }


def test_the_compiler_tells_the_type_of_each_name(compiler: Checker, tmp_path: Path) -> None:
    found = types_of(
        compiler,
        tmp_path,
        {
            "a.ts": (
                "export interface Größe { ü: number; also?: Größe }\n"
                "export enum E { A, B }\n"
                "export class Box<T, U = T> { #p = '😀'; items: T[] = []; get size() { return "
                "this.items.length; } "
                "self(): this { return this; } put(x: T, ...rest: T[]): Box<T> { this.#p; return "
                "new Box(); } }\n"
                "export async function ladeÄ(g: Größe | null) { return g!.also; }\n"
            ),
            "b.tsx": (
                "import { Box, E, ladeÄ as load, missing } from './a';\nimport type { Größe } from "
                "'./a';\n"
                "const box = new Box<number>(), e = E.A, union = e ? 'a' : 1;\n"
                "const call = (cb: () => E, { size }: { size: number }) => cb();\n"
                "loop: for (const k in box) { if (typeof union === 'string') { union; break loop; "
                "} }\n"
                "export const el = <div title={box.items}>{load(missing)}</div>;\n"
                "function over(a: string): Date; function over(a: number): Date; function over(a: "
                "any) { return new Date(a); }\n"
                "over(1); undefined;\n"
            ),
        },
    )
    assert found["a.ts"] == [
        ("A", "E"),
        ("B", "E"),
        ("#p", "string"),
        ("items", "T[]"),
        ("size", "number"),
        ("items", "T[]"),
        ("length", "number"),
        ("self", "this"),
        ("put", "Box<T>"),
        ("x", "T"),
        ("rest", "T[]"),
        ("#p", "string"),
        ("ladeÄ", "Promise<Größe>"),
        ("g", "Größe"),
        ("g", "Größe"),
        ("also", "Größe"),
    ]
    assert found["b.tsx"] == [
        ("ladeÄ", "Promise<Größe>"),
        ("load", "Promise<Größe>"),
        ("box", "Box<number>"),
        ("e", "E"),
        ("A", "E"),
        ("union", "number|string"),
        ("e", "E"),
        ("call", "E"),
        ("cb", "Function"),
        ("size", "number"),
        ("cb", "Function"),
        ("k", "string"),
        ("box", "Box<number>"),
        ("union", "number|string"),
        ("union", "string"),
        ("title", "number[]"),
        ("box", "Box<number>"),
        ("items", "number[]"),
        ("load", "Promise<Größe>"),
        ("over", "Date"),
        ("Date", "DateConstructor"),
        ("over", "Date"),
    ]


def test_types_are_spelled_as_somebody_would_write_them(compiler: Checker, tmp_path: Path) -> None:
    found = types_of(
        compiler,
        tmp_path,
        {
            "a.ts": "export default class Post<T = number, U = Set<T>> { a: T; b: U }\nexport namespace N { export interface Symbol {} }",
            "b.ts": (
                "import P, { N } from './a';\nimport { Gone, Kind } from 'gone';\n"
                "let p: P, q: P<number, Set<number>>, r: P<string>, s: P<string, 1>, t: N.Symbol, "
                "u: symbol;\n"
                "const v: unique symbol = Symbol(); let w: Gone<Kind, P>, x: (P | Promise<P>)[], y "
                "= class {};\n"
            ),
        },
    )
    names = {name: spelled for name, spelled in found["b.ts"] if len(name) == 1}
    assert names == {
        "p": "Post",
        "q": "Post",
        "r": "Post<string>",
        "s": "Post<string,number>",
        "t": "Symbol",
        "u": "symbol",
        "v": "symbol",
        "w": "Gone<Kind,Post>",
        "x": "(Post|Promise)[]",
    }


def test_half_a_character_in_a_type_does_not_break_the_answer(
    compiler: Checker, tmp_path: Path
) -> None:
    found = types_of(
        compiler,
        tmp_path,
        {"a.ts": r'const half = "\ud800", face = "😀", text = "\\ud800", n: number = 1;' + "\n"},
    )
    assert found["a.ts"] == [
        ("half", "string"),
        ("face", "string"),
        ("text", "string"),
        ("n", "number"),
    ]


def test_the_compiler_sees_what_is_not_labelled(compiler: Checker, tmp_path: Path) -> None:
    found = types_of(
        compiler,
        tmp_path,
        {
            "env.d.ts": "declare const VERSION: string;\ndeclare module 'x.css' { const a: Date; export = a; }",
            "made.ts": "// @generated\nexport class Made { at = new Date(); }",
            "node_modules/pack/index.d.ts": "export declare function packed(): Map<string, number>;",
            "a.ts": "import { Made } from './made';\nimport { packed } from 'pack';\nconst v = VERSION, m = new Made().at, p = packed();",
        },
    )
    assert list(found) == ["a.ts"]
    assert [spelled for name, spelled in found["a.ts"] if name in "vmp"] == [
        "string",
        "Date",
        "Map<string,number>",
    ]


def test_the_compiler_sees_the_repository_only(compiler: Checker, tmp_path: Path) -> None:
    (tmp_path / "secret.ts").write_text("export const secret = 1;\n")
    inside = tmp_path / "inside"
    found = types_of(
        compiler,
        inside,
        {
            "a.ts": "import { secret } from '../secret';\nconst one = 1, s = secret;",
        },
    )
    assert found == {"a.ts": [("one", "number")]}
