"""`contracode annotate`: what the compiler has nothing against is written, the rest is taken back,
and no code changes.
"""

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augment
from contracode.cli.main import main
from contracode.corpus.labels.checker import find_typescript
from contracode.inference.model import Model, load
from contracode.javascript.records import TypePrediction
from contracode.javascript.typing.targets import find_targets
from contracode.products.annotate import generics
from contracode.products.annotate.diagnostics import Diagnostic, Diagnostics
from contracode.products.annotate.generics import with_arguments
from contracode.products.annotate.implicit_any import keep_complained
from contracode.products.annotate.largest_clean_subset import LargestCleanSubset
from contracode.products.annotate.project_annotations import AnnotatedFile, ChosenType, keep_sound
from contracode.products.annotate.text_edits import TextEdit
from contracode.support.errors import InputError

# -- the search


@settings(deadline=None)
@given(st.integers(0, 40), st.data())
def test_the_search_keeps_what_is_sound_and_nothing_else_can_be_added(
    number: int, data: st.DataObject
):
    everyone = st.integers(0, max(number - 1, 0))
    bad = data.draw(st.sets(everyone, max_size=5))
    clash = data.draw(
        st.sets(st.tuples(everyone, everyone).filter(lambda pair: pair[0] < pair[1]), max_size=4)
    )
    blames = data.draw(st.booleans())

    def accused(subset: Sequence[int]) -> list[Collection[int]]:
        there = set(subset)
        guilty = [{one} for one in bad & there] + [
            set(pair) for pair in clash if there.issuperset(pair)
        ]
        return [one if blames else () for one in guilty]

    search = LargestCleanSubset(accused, limit=10_000)
    kept = search.find(range(number))
    assert kept == sorted(kept)
    assert not accused(kept)
    assert all(accused([*kept, one]) for one in range(number) if one not in kept)


def test_the_search_takes_halves():
    search = LargestCleanSubset(lambda subset: [()] if 700 in subset else [], limit=10_000)
    assert search.find(range(1000)) == [one for one in range(1000) if one != 700]
    assert search.asked < 25
    accused = LargestCleanSubset(lambda subset: [{700}] if 700 in subset else [], limit=10_000)
    assert len(accused.find(range(1000))) == 999
    assert accused.asked <= 3


def test_what_could_not_be_tried_is_left_out():
    search = LargestCleanSubset(lambda subset: [()] if 5 in subset else [], limit=3)
    kept = search.find(range(8))
    assert 5 not in kept
    assert search.asked == 3
    assert LargestCleanSubset(lambda subset: [], limit=0).find(range(3)) == []


# -- files and errors

A = "// größe\nfunction add(a, b) { return a + b }\n"
B = "import { add } from './a.js'\nconst c = add('x', 1)\n"


def annotated(
    source: str, types: dict[str, str], path: Path, language: augment.Language = "javascript"
) -> AnnotatedFile:
    program = augment.parse(source, language=language)
    targets = find_targets(program)
    choices = [ChosenType(target, types[target.name]) for target in targets if target.name in types]
    return AnnotatedFile(path, program, choices, len(targets))


class Stub:
    """Has an error wherever a forbidden text stands, and one in the second file while the first has
    `{number} a`.
    """

    def __init__(self, *forbidden: str) -> None:
        self.forbidden = forbidden
        self.texts: dict[int, str] = {}

    def errors(self, texts: Mapping[int, str]) -> list[Diagnostic]:
        self.texts |= texts
        found = [
            Diagnostic(number, text.encode().index(bad.encode()), 1)
            for number, text in self.texts.items()
            for bad in self.forbidden
            if bad in text
        ]
        found += [
            Diagnostic(number, text.encode().index(b"// g"), 9)
            for number, text in self.texts.items()
            if "// g" in text
        ]
        if "{number} a" in self.texts[0]:
            found.append(Diagnostic(1, self.texts[1].encode().index(b"'x'"), 2))
        return found


def test_annotations_that_add_an_error_are_taken_back(tmp_path: Path):
    files = [
        annotated(A, {"add": "void", "a": "number", "b": "number"}, tmp_path / "a.js"),
        annotated(B, {"c": "string"}, tmp_path / "b.js"),
    ]
    stub = Stub("{void}")
    outcome = keep_sound(files, stub, limit=100)
    assert [
        (choice.target.name, choice.type) for some in outcome.kept.values() for choice in some
    ] == [
        ("b", "number"),
        ("c", "string"),
    ]
    # the error that was there before moved with its place
    assert (outcome.errors_before, outcome.errors_after) == (1, 1)
    assert (
        files[0].text(files[0].edits(outcome.kept[0]))
        == f"// größe\n/** @param {{number}} b */\n{A.partition(chr(10))[2]}"
    )
    assert len(keep_sound(files, Stub(), limit=0).kept) == 0


def test_a_file_whose_code_would_change_is_left_alone(tmp_path: Path):
    file = annotated("let f = x => x", {"x": "number"}, tmp_path / "a.ts", "typescript")
    assert file.is_same_code(file.edits(file.choices))
    broken = annotated("let y = 1", {"y": "number"}, tmp_path / "a.js")
    assert not broken.is_same_code([*broken.edits([]), TextEdit(8, 9, "2")])


# -- the command

EVERY_KIND = ("--kinds", "parameters", "returns", "variables", "fields")


def has_typescript() -> bool:
    """Whether Node and the npm package typescript are installed."""
    try:
        return find_typescript(option="--check") is not None
    except InputError:
        return False


STAND_IN = """\
#!{python}
import json, re, sys
print(json.dumps({{"typescript": "5.9.9"}}), flush=True)
texts = {{}}
for line in sys.stdin:
    asked = json.loads(line)
    files = asked.get("files") or files
    texts |= asked["texts"]
    if any("// fail" in text for text in texts.values()):
        print(json.dumps({{"failed": "out of luck"}}), flush=True)
    found = []
    for number, file in enumerate(files):
        for match in re.finditer(r"[{{]" + {bad!r} + "[}}]", texts[file]):
            found += [number, match.start(), 2304]
        if "// unknown" in texts[file]:
            found += [number, 0, 2580]
    print(json.dumps({{"errors": found}}), flush=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.js").write_text(
        "function add(a, b) { return a + b }\r\nlet c = add(1, 2)\r\n", "utf-8", newline=""
    )
    (folder / "b.ts").write_text("export function go(s, t: string) { return s }\n")
    (folder / "c.js").write_text("function (")
    return folder


def annotate(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main(["annotate", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_types_are_shown_and_written(
    project: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    before = (project / "a.js").read_bytes()
    code, out, err = annotate(
        capsys, project, "--model", model_folder, "--threshold", "0", "--diff", *EVERY_KIND
    )
    assert code == 0
    assert "+/**" in out
    assert "6 of 6 untyped names in 2 files get a type (100.0%)" in err
    assert (project / "a.js").read_bytes() == before
    code, out, _ = annotate(
        *(capsys, project, "--model", model_folder, "--threshold", "0", "--write", "--json"),
        *EVERY_KIND,
    )
    told = json.loads(out)
    assert (told["files"], told["left_out"], told["written"], told["coverage"]) == (2, 1, 6, 1.0)
    after = (project / "a.js").read_bytes()
    assert augment.parse(after).text_of == augment.parse(before).text_of
    assert after.count(b"\n") == after.count(b"\r\n")
    arguments = [project, "--model", model_folder, "--threshold", "0", *EVERY_KIND]
    assert annotate(capsys, *arguments)[1].startswith("0 of 0")


def test_variables_and_fields_get_no_types_by_default(
    project: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    arguments = [project, "--model", model_folder, "--threshold", "0", "--diff"]
    _, out, err = annotate(capsys, *arguments)
    assert "@type" not in out
    assert "5 of 5 untyped names" in err
    assert "@type" in annotate(capsys, *arguments, "--kinds", "variables")[1]


def test_only_what_the_compiler_complains_of_is_answered(tmp_path: Path):
    file = annotated("function f(a, b, ...c) {}", {"a": "A", "b": "B", "c": "C"}, tmp_path / "a.js")

    class Complaints:
        def errors(self, texts: Mapping[int, str]) -> list[Diagnostic]:
            return [
                Diagnostic(0, 11, 7006),
                Diagnostic(0, 14, 2304),
                Diagnostic(0, 17, 7019),
                Diagnostic(1, 14, 7006),
            ]

    assert keep_complained([file], Complaints()) == 3
    assert [choice.target.name for choice in file.choices] == ["a", "c"]


@pytest.mark.skipif(not has_typescript(), reason="takes Node and the npm package typescript")
def test_implicit_any_is_counted_before_and_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.js").write_text(
        "function tag(name, css) { return name.trim() + css; }\ntag('div');\n"
        "const fs = require('fs');\nexports.size = (path, done) => done(path.length);\n"
    )
    code, out, _ = annotate(capsys, tmp_path, "--only-any", "--write")
    assert code == 0
    assert "implicit any: 4 before" in out
    assert "@param {string} name" in (tmp_path / "a.js").read_text()


def test_what_is_saved_meanwhile_is_kept(
    project: Path,
    model_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    predict = Model.predict_types

    def slow(self: Model, source: str, **options: Any) -> list[TypePrediction]:
        if source.encode() == (project / "a.js").read_bytes():
            (project / "a.js").write_text("saved()\n")
        return predict(self, source, **options)

    monkeypatch.setattr(Model, "predict_types", slow)
    code, _, err = annotate(capsys, project, "--model", model_folder, "--threshold", "0", "--write")
    assert code == 0
    assert f"{project / 'a.js'}: has changed" in err
    assert (project / "a.js").read_text() == "saved()\n"


def test_files_that_are_left_out_are_named(
    project: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    (project / "latin.js").write_bytes(b"f()\n'\xe9'")
    _, out, err = annotate(capsys, project, "--model", model_folder)
    assert f"contracode annotate: {project / 'latin.js'}:2: is not UTF-8\n" in err
    assert "1 is not UTF-8" in out
    code, _, err = annotate(capsys, project / "latin.js", "--model", model_folder)
    assert (code, err) == (2, f"contracode annotate: {project / 'latin.js'}:2: is not UTF-8\n")


def test_a_diff_has_the_lines_of_patch(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.js").write_text(
        "f('\u2028');\x0c\nfunction g(a) {\n  return a;\n}\n", newline=""
    )
    _, out, _ = annotate(
        capsys, tmp_path / "a.js", "--model", model_folder, "--threshold", "0", "--diff"
    )
    assert " f('\u2028');\x0c\n+/**\n" in out


def test_what_the_compiler_refuses_is_taken_back(
    project: Path,
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    (tmp_path / "bin").mkdir()
    node = tmp_path / "bin" / "node"
    source = (project / "a.js").read_bytes().decode()
    bad = load(model_folder).predict_types(source)[0].candidates[0].type
    node.write_text(STAND_IN.format(python=sys.executable, bad=bad))
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    compiler = tmp_path / "typescript"
    compiler.mkdir()
    (compiler / "package.json").write_text('{"name": "typescript", "version": "5.9.9"}')
    arguments = [
        project,
        "--model",
        model_folder,
        "--threshold",
        "0",
        "--check",
        "--typescript",
        compiler,
    ]
    code, out, _ = annotate(capsys, *arguments, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["errors_before"], told["errors_after"]) == (0, 0)
    assert 0 < told["proposed"] - told["written"] < told["proposed"]
    assert "unknown" not in annotate(capsys, *arguments)[1]
    (project / "d.js").write_text("process.exit() // unknown\n")
    out = annotate(capsys, *arguments)[1]
    assert "TypeScript errors: 1 before, 1 after" in out
    assert "1 of them are unknown modules or names" in out
    (project / "a.js").write_text("let x = f() // fail\n")
    code, _, err = annotate(capsys, *arguments)
    assert code == 2
    assert err.splitlines()[1:] == [
        "contracode annotate: the TypeScript compiler failed: out of luck"
    ]


def test_bad_use_is_told(project: Path, capsys: pytest.CaptureFixture[str]):
    assert annotate(capsys, project, "--typescript", "x")[0] == 2
    assert annotate(capsys, project, "--json", "--diff")[0] == 2
    assert annotate(capsys, project / "none.js")[0] == 2
    assert annotate(capsys, project, "--check", "--typescript", project)[0] == 2


# -- the compiler itself


def _installed() -> tuple[str, Path, str] | None:
    try:
        return find_typescript(option="--check")
    except InputError:
        return None


@pytest.mark.skipif(_installed() is None, reason="takes Node and the npm package typescript")
def test_the_compiler_tells_errors_at_bytes_as_texts_change(tmp_path: Path):
    found = _installed()
    assert found is not None
    (tmp_path / "a.js").write_text(
        "/** @param {number} n */\nexport function größe(n) { return n }\n", "utf-8"
    )
    (tmp_path / "b.js").write_text("import { größe } from './a.js'\ngröße('ü')\n", "utf-8")
    paths = [tmp_path / "a.js", tmp_path / "b.js"]
    with Diagnostics(*found[:2], tmp_path, paths) as compiler:
        text = paths[1].read_text("utf-8")
        assert compiler.errors({}) == [Diagnostic(1, text.encode().index("'ü'".encode()), 2345)]
        assert compiler.errors({0: "export function größe(n) { return n }\n"}) == []
        assert compiler.errors({1: "let = 'ü' +"})[0].file == 1


@pytest.mark.skipif(_installed() is None, reason="takes Node and the npm package typescript")
def test_settings_are_those_of_the_nearest_folder_that_has_some(tmp_path: Path):
    found = _installed()
    assert found is not None
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.js").write_text("export const f = (n) => n\n")

    def codes() -> list[int]:
        with Diagnostics(*found[:2], tmp_path / "src", [tmp_path / "src" / "a.js"]) as compiler:
            return [error.code for error in compiler.errors({})]

    (tmp_path / "jsconfig.json").write_text('{"compilerOptions": {"strict": true}}')
    assert codes() == [7006]  # a parameter is implicitly any
    (tmp_path / "src" / "tsconfig.json").write_text('{"compilerOptions": {"strict": false}}')
    assert codes() == []


@pytest.mark.skipif(_installed() is None, reason="takes Node and the npm package typescript")
def test_the_compiler_takes_generic_types_with_the_arguments_that_are_given(tmp_path: Path):
    found = _installed()
    assert found is not None
    path = tmp_path / "a.ts"
    path.write_text("let v: Map\n")
    with Diagnostics(*found[:2], tmp_path, [path]) as compiler:
        assert [error.code for error in compiler.errors({})] == [2314]
        lines = [
            f"let v{i}: {with_arguments(name, '')};" for i, name in enumerate(generics.ARGUMENTS)
        ]
        assert compiler.errors({0: "\n".join(lines)}) == []
