"""Types by the TypeScript compiler itself: baselines that abstain on most parameters.

The compiler gets the same sources as the model, without the annotations that are the labels, and
all files of a repository together. The first baseline is the types that it infers, as the paper's
CheckJS. The second is its quick fix "infer from usage", which annotates declarations that would
otherwise be `any` by their uses. `any` counts as no answer.

Source: Jain et al., EMNLP 2021, table 2.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import augment
from contracode.corpus.labels.checker import (
    LIMIT,
    CheckedFile,
    find_checker,
    find_typescript,
    utf16_to_bytes,
)
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.javascript.records import Kind, Span
from contracode.javascript.typing.strip_types import ANNOTATIONS
from contracode.javascript.typing.targets import find_targets
from contracode.javascript.typing.type_labels import label_of_text, type_label
from contracode.products.annotate.text_edits import TextEdit, apply_edits

INFERENCE = "TypeScript's inference"
USAGE = "TypeScript's infer from usage"
SCRIPT = Path(__file__).with_name("infer_from_usage.js")


def silent_tools(
    files: Sequence[LabelledFile], typescript: Path, *, foreign: Sequence[Path] = ()
) -> dict[str, list[str | None]]:
    """Return the answers of both baselines to each label, in order: a type, or None to abstain.

    Args:
        files: labelled sources. There are no answers if any of them holds lines of tokens.
        typescript: folder of the compiler, see `find_checker`.
        foreign: folders whose code must not be run.

    Raises:
        InputError: there is no compiler, or it does not start.
    """
    if any(file.language == "tokens" for file in files):
        return {}
    return {
        INFERENCE: compiler_types(files, typescript, foreign=foreign),
        USAGE: usage_types(files, typescript, foreign=foreign),
    }


def compiler_types(
    files: Sequence[LabelledFile], typescript: Path, *, foreign: Sequence[Path] = ()
) -> list[str | None]:
    """Return the type that the compiler infers for each label, see `silent_tools`."""
    checked: dict[int, CheckedFile] = {}
    with find_checker(typescript, foreign=foreign) as checker:
        for names in _repositories(files):
            for path, answer in checker.check(
                [(path, files[number].code, "labelled") for path, number in names.items()]
            ):
                if isinstance(answer, CheckedFile):
                    checked[names[path]] = answer
    found: list[str | None] = []
    for number, file in enumerate(files):
        answer = checked.get(number)
        bodies: dict[tuple[int, int], int] = {}
        if answer is not None and file.language != "tokens":
            program = augment.parse(file.code, language=file.language)
            body_of = {function.node.span: function.body.start for function in program.functions}
            bodies = {
                t.span: body_of[t.function]
                for t in find_targets(program)
                if t.kind == "return" and t.function
            }
        for label in file.labels:
            text = None
            if answer is not None:
                text = (
                    answer.returns.get(bodies.get(label.span, -1))
                    if label.kind == "return"
                    else answer.identifiers.get(label.span)
                )
            type = label_of_text(text) if text else None
            found.append(None if type == "any" else type)
    return found


def usage_types(
    files: Sequence[LabelledFile],
    typescript: Path,
    *,
    foreign: Sequence[Path] = (),
    limit: float = LIMIT,
) -> list[str | None]:
    """Return the type that "infer from usage" writes for each label, see `silent_tools`.

    A repository that takes longer than `limit` seconds has no answers.
    """
    node, folder, _ = find_typescript(typescript, foreign=foreign, option="--typescript")
    written: dict[int, dict[tuple[Kind, Span], str]] = {}
    for names in _repositories(files):
        texts = {path: files[number].code for path, number in names.items()}
        try:
            done = subprocess.run(
                [node, str(SCRIPT), str(folder / "lib" / "typescript.js")],
                input=json.dumps(texts).encode(),
                capture_output=True,
                cwd=SCRIPT.parent,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            continue
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            if answer.get("changes"):
                number = names[answer["file"]]
                written[number] = _written(files[number], answer["changes"])
    return [
        written.get(number, {}).get((label.kind, label.span))
        for number, file in enumerate(files)
        for label in file.labels
    ]


def _repositories(files: Sequence[LabelledFile]) -> Iterator[dict[str, int]]:
    """Yield the files of each repository, path -> index; JavaScript and TypeScript separately.

    The compiler reads JavaScript as TypeScript and infers the same types, apart from JSDoc.
    """
    found: dict[tuple[str, bool], dict[str, int]] = {}
    for number, file in enumerate(files):
        found.setdefault((file.repo, file.language == "javascript"), {})[file.path] = number
    yield from found.values()


def _written(file: LabelledFile, changes: Sequence[int | str]) -> dict[tuple[Kind, Span], str]:
    """Return the types that changes add, by kind and span of the annotated target."""
    assert file.language != "tokens"
    at = utf16_to_bytes(file.code)
    parts = iter(changes)
    edits: list[TextEdit] = []
    for start, length, text in zip(parts, parts, parts, strict=True):
        assert isinstance(start, int)
        assert isinstance(length, int)
        edits.append(TextEdit(at[start], at[start + length], str(text)))
    edits.sort()
    language = "tsx" if file.language == "tsx" else "typescript"
    try:
        program = augment.parse(apply_edits(file.code.encode(), edits), language=language)
    except augment.ParseError:
        return {}
    annotations = {node.span: node for node in program.nodes(*ANNOTATIONS)}
    found: dict[tuple[Kind, Span], str] = {}
    for target in find_targets(program):
        label = (
            type_label(program, annotations[target.annotation])
            if target.annotation is not None
            else None
        )
        if label is not None and label != "any":
            start = _before(edits, target.span[0])
            found[target.kind, (start, start + target.span[1] - target.span[0])] = label
    return found


def _before(edits: Sequence[TextEdit], offset: int) -> int:
    """Return the offset in the original text of a byte of the edited text."""
    grown = 0
    for edit in edits:
        size = len(edit.text.encode())
        if offset < edit.start + grown + size:
            break
        grown += size - (edit.end - edit.start)
    return offset - grown
