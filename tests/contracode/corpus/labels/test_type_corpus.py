"""Labels of types, and the corpus of them."""

from pathlib import Path

import pytest

import augment
from contracode.corpus.labels.label_types import label_types
from contracode.corpus.labels.labelled_file import LabelledFile, TypeCounts
from contracode.corpus.labels.type_corpus import build_types, labelled_files
from contracode.corpus.storage.manifest import read_manifest
from contracode.corpus.storage.readers import read_rows
from contracode.javascript.typing.targets import find_targets
from contracode.javascript.typing.type_labels import type_label
from contracode.support.errors import InputError


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("string", "string"),
        ("  Array < string > ", "string[]"),
        ("ReadonlyArray<A.B>", "B[]"),
        ("readonly string[][]", "string[][]"),
        ("[number, number]", "number[]"),
        ("[number, string]", "any[]"),
        ("(A | B)[]", "(A|B)[]"),
        ("'a' | 'b'", "string"),
        ("1 | -2", "number"),
        ("1n", "bigint"),
        ("true | false | null", "boolean"),
        ("`a${B}`", "string"),
        ("null", "null"),
        ("undefined | null", "null|undefined"),
        ("string | undefined", "string"),
        ("C | (B | A) | null", "A|B|C"),
        ("A & B", "A&B"),
        ("any | string", "any"),
        ("Promise<Map<string, number>>", "Promise<Map>"),
        ("Promise<string[]>", "Promise<string[]>"),
        ("Map<string, { a: B }>", "Map<string,object>"),
        ("Promise<typeof x>", "Promise<any>"),
        ("(a: A) => B", "Function"),
        ("new () => A", "Function"),
        ("{ a: A }", "object"),
        ("{ [K in A]: B }", "object"),
        ("String", "string"),
        ("unique symbol", "symbol"),
        ("keyof A", "string"),
        ("this", "this"),
        ("typeof x", None),
        ("A['b']", None),
        ("A extends B ? C : D", None),
    ],
)
def test_type_label(written, label):
    program = augment.parse(f"let x: {written};", language="typescript")
    assert type_label(program, program.nodes("type_annotation")[0]) == label


def test_labels_are_targets_of_the_javascript():
    source = (
        "interface Größe { ü: number }\n"
        "export class A { private readonly b: Größe | null = null; constructor(public c: string[], "
        "d) { this.b = d as Größe } }\n"
        "function over(x: number): void;\n"
        "export const f = async (a: number, { e }: { e: string }, ...r: Größe[]): Promise<'😀'> => "
        "{ let s: boolean = r[0]; return a; };\n"
        "function isA(x: any): x is A { return x! instanceof A; }\n"
        "(y: string) => (z): typeof y => z;\n"
    )
    program = augment.parse(source, language="typescript")
    code, labels, identifiers = label_types(program)
    assert identifiers == []
    assert [(label.kind, label.name, label.type) for label in labels] == [
        ("field", "b", "Größe"),
        ("parameter", "c", "string[]"),
        ("return", "f", "Promise<string>"),
        ("parameter", "a", "number"),
        ("parameter", "r", "Größe[]"),
        ("variable", "s", "boolean"),
        ("return", "isA", "boolean"),
        ("parameter", "x", "any"),
        ("parameter", "y", "string"),
    ]
    targets = {(t.kind, t.span): t for t in find_targets(augment.parse(code))}
    for label in labels:
        target = targets[label.kind, label.span]
        assert code.encode()[slice(*label.span)].decode() == label.name
        assert (target.occurrences, target.hint_offset) == (label.occurrences, label.hint_offset)
        assert not target.written
    assert not any(word in code for word in ("Größe", "interface", "Promise", "private"))


def typescript(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


FILES = {
    "one/a.ts": "export let a: string;",
    "one/copy.ts": "export let a: string;",
    "one/b.tsx": "export const b = (c: number) => <d>{c}</d>;",
    "one/node_modules/e/e.ts": "let e: string",
    "one/f.d.ts": "declare let f: string",
    "one/g.js": "let g",
    "one/h.ts": "let h = 1",
    "one/i.ts": "let i: = 1",
    "two/a.ts": "let k: Date, l: typeof k;",
}


def test_labelled_files_and_what_is_left_out(tmp_path):
    counts = TypeCounts()
    files = list(
        labelled_files([typescript(tmp_path, FILES) / "one", tmp_path / "two"], counts=counts)
    )
    assert [(f.repo, f.path, [label.type for label in f.labels]) for f in files] == [
        ("one", "a.ts", ["string"]),
        ("one", "b.tsx", ["number"]),
        ("two", "a.ts", ["Date"]),
    ]
    assert counts.left_out == {
        "duplicate": 1,
        "declarations": 1,
        "JavaScript": 1,
        "no types written": 1,
        "does not parse": 1,
    }
    assert counts.unlabelled == {"has no label": 1}
    assert counts.labels == {"variable": 2, "parameter": 1}


def test_build_types(tmp_path):
    typescript(tmp_path, FILES)
    splits = {"one": "train", "two": "valid"}
    manifest = build_types([tmp_path / "one", tmp_path / "two"], tmp_path / "out", splits=splits)
    assert manifest.rows == {"train": 2, "valid": 1}
    assert read_manifest(tmp_path / "out") == manifest
    assert (
        tmp_path / "out/vocabulary.tsv"
    ).read_text() == "number\t1\nstring\t1\n"  # of the training split alone
    rows = list(read_rows(tmp_path / "out/types_valid_0.jsonl.gz", LabelledFile, strict=True))
    assert [(row.repo, row.partition, row.code) for row in rows] == [("two", "valid", "let k, l;")]


def test_typescript_is_left_without_the_annotations_of_what_is_labelled(tmp_path):
    source = (
        "interface A { b: Foo }\n"
        "class C { d!: Date; e?: A = f as A; g(h?: string, { i }: A): h is Foo { let j!: number; "
        "return k<A>(h) } }\n"
        "function l(this: C, ...m: A[]): void\nfunction l(n: any): asserts n {}\n"
    )
    (file,) = labelled_files(
        [typescript(tmp_path, {"a.ts": source}) / "a.ts"], spelling="typescript"
    )
    assert file.language == "typescript"
    assert file.code == (
        "interface A { b: Foo }\n"
        "class C { d; e? = f as A; g(h?, { i }: A) { let j; return k<A>(h) } }\n"
        "function l(this: C, ...m: A[]): void\nfunction l(n) {}\n"
    )
    told = [(label.kind, label.name, label.type) for label in file.labels]
    assert told == [
        ("field", "d", "Date"),
        ("field", "e", "A"),
        ("return", "g", "boolean"),
        ("parameter", "h", "string"),
        ("variable", "j", "number"),
        ("return", "l", "void"),
        ("parameter", "n", "any"),
    ]
    code = file.code.encode()
    assert all(
        code[slice(*span)].decode() == label.name
        for label in file.labels
        for span in label.occurrences[:1]
    )
    both = list(labelled_files([tmp_path / "a.ts"], spelling="both"))
    assert [one.language for one in both] == ["javascript", "typescript"]
    assert [label.type for label in both[0].labels] == [label.type for label in file.labels]


def test_no_types_at_all(tmp_path):
    with pytest.raises(InputError, match="no types found in 1 files"):
        build_types([typescript(tmp_path, {"a/b.ts": "let c = 1"}) / "a"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
