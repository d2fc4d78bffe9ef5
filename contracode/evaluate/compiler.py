"""What the TypeScript compiler infers by itself, as the paper's CheckJS: an opponent that is not trained, and silent on most parameters.

It is given the sources as the model is, without the annotations that are the labels, the files of a repository together. What it calls
`any` is no answer.

Source: Jain et al., EMNLP 2021, table 2.
"""

from collections.abc import Sequence
from pathlib import Path

import augment
from contracode.corpus.checker import CheckedFile, find_checker
from contracode.corpus.typenames import label_of_text
from contracode.corpus.types import LabelledFile
from contracode.targets import find_targets

NAME = "TypeScript's inference"


def compiler_types(
    files: Sequence[LabelledFile], typescript: Path, *, foreign: Sequence[Path] = ()
) -> dict[str, list[str | None]]:
    """Return the compiler's type for each label of files, in their order; None where it has none, or failed.

    Args:
        files: sources; token lines give no answers at all.
        typescript: where the compiler is, see `find_checker`.
        foreign: folders whose code is not run.

    Raises:
        InputError: there is no compiler, or it does not start.
    """
    if any(file.language == "tokens" for file in files):
        return {}
    said: dict[int, CheckedFile] = {}
    by_repo: dict[str, list[int]] = {}
    for number, file in enumerate(files):
        by_repo.setdefault(f"{file.repo} {file.language == 'javascript'}", []).append(number)
    with find_checker(typescript, foreign=foreign) as checker:
        for numbers in by_repo.values():
            # JavaScript goes as TypeScript, which infers the same of it but for what JSDoc says.
            names = {files[number].path: number for number in numbers}
            for path, answer in checker.check(
                [(path, files[number].code, "labelled") for path, number in names.items()]
            ):
                if isinstance(answer, CheckedFile):
                    said[names[path]] = answer
    found: list[str | None] = []
    for number, file in enumerate(files):
        answer = said.get(number)
        bodies: dict[tuple[int, int], int] = {}
        if answer is not None and file.language != "tokens":
            program = augment.parse(file.code, language=file.language)
            body_of = {function.node.span: function.body.start for function in program.functions}
            bodies = {t.span: body_of[t.function] for t in find_targets(program) if t.kind == "return" and t.function}
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
    return {NAME: found}
