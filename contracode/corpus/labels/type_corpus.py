"""Labels of types from TypeScript sources: what was written, taken out of the source and kept
beside it.

By tree-sitter alone, so that any folder of TypeScript will do: no compiler, no installed packages.
A file gives the JavaScript that is left of it (see `stripping`) and, for each of its targets (see
`contracode.javascript.typing.targets`) that had an annotation, the label (see `typenames`).

With a compiler (see `checker`) the targets without an annotation get the type that it infers, and
each name of the JavaScript that is a variable, parameter, property or function, declared or used,
has its type at that place, as in DeepTyper's data (Hellendoorn et al., "Deep Learning Type
Inference", ESEC/FSE 2018, §4.1): a name of a function has the type that it is declared to return
(of overloads, the implementation's), a key of an object literal that of its value. It runs without
`strict`, as there. What it calls `any`, because it is or because a package is not installed, is
counted and left out: nothing is to be learned from it.

Where both are known a label is what was written. The compiler's own is another one for about two in
a hundred: it sees through names that are given to simple types (`type DocumentUri = string`) and to
unions with null, through renamed imports and through computed types (`ReturnType<F>`, `keyof T`),
and it leaves out type arguments that are the defaults. `TypeCounts.agreement` counts them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

import augment
from augment import Language, Node, Program
from contracode.corpus.labels.checker import CheckedFile, Checker, Role
from contracode.corpus.sources.repositories import Repository, SourceFile, find_repositories
from contracode.corpus.storage.manifest import (
    CorpusManifest,
    SourceFacts,
    ordered,
    refuse_foreign,
    write_manifest,
)
from contracode.corpus.storage.shards import SHARD_ROWS, ShardWriter
from contracode.corpus.storage.splits import split_of
from contracode.javascript.records import Kind, Span
from contracode.javascript.typing.strip_types import (
    ANNOTATIONS,
    Stripped,
    remove_annotations,
    strip_types,
)
from contracode.javascript.typing.targets import TypeTarget, find_targets
from contracode.javascript.typing.type_labels import label_of_text, type_label
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

TYPED: frozenset[Language] = frozenset({"typescript", "tsx"})

VOCABULARY = "vocabulary.tsv"
IDENTIFIER_VOCABULARY = "identifier_vocabulary.tsv"

Spelling = Literal["javascript", "typescript", "both"]
"""What files are left as: JavaScript without types, TypeScript that lacks the annotations of what
is labelled, or both.
"""

Source = Literal["written", "checker"]
"""Who says it: an annotation or the compiler."""


class TypeLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """The type that one target had; spans are bytes of the file's `code`, as in `TypeTarget`."""

    kind: Kind
    name: str
    span: Span
    hint_offset: int
    occurrences: tuple[Span, ...]
    type: str
    source: Source = "written"


class IdentifierType(msgspec.Struct, frozen=True, array_like=True):
    """The compiler's type of the name at a span of the file's `code`; of a function, the type of
    what it returns.
    """

    start: int
    end: int
    type: str


class LabelledFile(msgspec.Struct, kw_only=True):
    """A TypeScript file as JavaScript, or without its annotations, with the types that were written
    in it.

    Attributes:
        repo: repository.
        path: of the TypeScript file in it.
        sha: commit, "" where unknown.
        partition: train, valid or test; "" before the corpus is split.
        language: of the code; "tokens" stands for the tokens of a file with spaces between, as
            DeepTyper's lines have them, which need not parse (see `contracode.corpus.labels.deeptyper`).
        code: what is left of the file.
        labels: in the order of their spans.
        identifiers: the compiler's type at each name, in source order, `any` left out; none without
            a compiler.
    """

    repo: str
    path: str
    sha: str = ""
    partition: str = ""
    language: Language | Literal["tokens"] = "javascript"
    code: str
    labels: list[TypeLabel]
    identifiers: list[IdentifierType] = []


class Labelling(NamedTuple):
    """What is left of a file, and what `LabelledFile` has of its types."""

    code: str
    labels: list[TypeLabel]
    identifiers: list[IdentifierType]


@dataclass(slots=True)
class TypeCounts:
    """What was met while labelling.

    Attributes:
        left_out: number of files without labels, by reason; see `repositories` for most.
        labels: number of labels by kind; those of the compiler apart.
        unlabelled: annotations, and with a compiler targets and names, that give no label, by
            reason.
        agreement: of the targets with an annotation and a type of the compiler that is not `any`,
            how many have the same label from both.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    unlabelled: Counter[str] = field(default_factory=Counter)
    agreement: Counter[str] = field(default_factory=Counter)


def labelled_files(
    paths: Iterable[str | Path],
    *,
    counts: TypeCounts | None = None,
    checker: Checker | None = None,
    spelling: Spelling = "javascript",
    on_problem: Callable[[str], None] = lambda problem: None,
) -> Iterator[LabelledFile]:
    """Yield the TypeScript files of folders and repositories that have types, each text once.

    Args:
        paths: as `contracode.corpus.sources.repositories.find_repositories` takes them.
        counts: where to count what is met.
        checker: compiler to ask for what is not written.
        spelling: what the files are left as; with "both" each comes twice.
        on_problem: told when the compiler fails.

    Raises:
        InputError: there is no such file or folder, or the compiler does not start.
    """
    repositories = find_repositories(paths)
    yield from _labelled(repositories, counts or TypeCounts(), checker, spelling, on_problem)


def _labelled(
    repositories: list[Repository],
    counts: TypeCounts,
    checker: Checker | None,
    spelling: Spelling,
    on_problem: Callable[[str], None],
) -> Iterator[LabelledFile]:
    seen: set[bytes] = set()
    for repository in repositories:
        told: set[str] = set()
        sources = _sources(repository, seen, counts)
        answers = (
            _checked(repository, sources, checker)
            if checker
            else ((source, None) for source, new in sources if new)
        )
        for source, checked in answers:
            if isinstance(checked, str):
                if checked not in told:
                    told.add(checked)
                    on_problem(f"{repository.name}/{source.path}: {checked}")
                counts.left_out["not answered by the compiler"] += 1
                continue
            try:
                program = augment.parse(source.content, language=source.language)
            except augment.ParseError:
                counts.left_out["does not parse"] += 1
                continue
            for typescript in _SPELLED[spelling]:
                file = _file(repository, source, program, counts, checked, typescript=typescript)
                if file is not None:
                    yield file
        counts.left_out.update(repository.left_out)


_SPELLED: dict[Spelling, tuple[bool, ...]] = {
    "javascript": (False,),
    "typescript": (True,),
    "both": (False, True),
}


def _file(
    repository: Repository,
    source: SourceFile,
    program: Program,
    counts: TypeCounts,
    checked: CheckedFile | None,
    *,
    typescript: bool,
) -> LabelledFile | None:
    try:
        code, labels, identifiers = label_types(program, counts, checked, typescript=typescript)
    except augment.ParseError:
        counts.left_out[
            "does not parse without its annotations"
            if typescript
            else "is no JavaScript without its types"
        ] += 1
        return None
    if not labels and not identifiers:
        counts.left_out["no types" if checked else "no types written"] += 1
        return None
    counts.labels.update(
        label.kind if label.source == "written" else f"{label.kind}, of the compiler"
        for label in labels
    )
    if identifiers:
        counts.labels["name, of the compiler"] += len(identifiers)
    return LabelledFile(
        repo=repository.name,
        path=source.path,
        sha=repository.sha,
        language=source.language if typescript else "javascript",
        code=code,
        labels=labels,
        identifiers=identifiers,
    )


def _sources(
    repository: Repository, seen: set[bytes], counts: TypeCounts
) -> Iterator[tuple[SourceFile, bool]]:
    """Yield the TypeScript files of a repository, and whether their text is new."""
    for source in repository.sources():
        if source.language not in TYPED:
            counts.left_out["JavaScript"] += 1
            continue
        digest = hashlib.blake2b(source.content, digest_size=8).digest()
        new = digest not in seen
        if new:
            seen.add(digest)
        else:
            counts.left_out["duplicate"] += 1
        yield source, new


def _checked(
    repository: Repository, sources: Iterable[tuple[SourceFile, bool]], checker: Checker
) -> Iterator[tuple[SourceFile, CheckedFile | str | None]]:
    """Yield the new sources of a repository with what the compiler says of them; None for those
    that it is not asked about.

    It sees their copies too, and the declarations and generated sources, which are not labelled.
    """
    asked: dict[str, SourceFile] = {}
    texts: list[tuple[str, str, Role]] = []
    for source, new in sources:
        try:
            texts.append((source.path, source.content.decode(), "labelled" if new else "imported"))
        except UnicodeDecodeError:
            if new:
                yield source, None
            continue
        if new:
            asked[source.path] = source
    for reason, source in repository.left("declarations", "generated") if asked else ():
        if source.language in TYPED:
            text = source.content.decode(errors="replace")
            texts.append((source.path, text, "ambient" if reason == "declarations" else "imported"))
    if asked:
        modules = None if repository.bare or repository.place.is_file() else repository.place
        for path, checked in checker.check(texts, modules):
            yield asked[path], checked


def build_types(
    places: Iterable[str | Path | Repository],
    output: Path,
    *,
    seed: int = 0,
    splits: Mapping[str, str] | None = None,
    shard_rows: int = SHARD_ROWS,
    leave_out: Sequence[str] = (),
    checker: Checker | None = None,
    spelling: Spelling = "javascript",
    progress: Callable[[str, int], None] = lambda repository, rows: None,
    on_problem: Callable[[str], None] = lambda problem: None,
) -> CorpusManifest:
    """Write labelled files to `output`, which is replaced as a whole: `types_{split}_{i}.jsonl.gz`,
    a vocabulary, a manifest.

    `vocabulary.tsv` has the types of the labels of the training split and how often each occurs
    there, the commonest first; `identifier_vocabulary.tsv` has the same of its names, if a compiler
    was asked.

    Args:
        places: as `find_repositories` takes them.
        output: folder of the corpus.
        seed: of the splits.
        splits: repositories whose split is given.
        shard_rows: rows of a full shard.
        leave_out: patterns, as in .gitignore, of files to leave out.
        checker: compiler to ask for what is not written.
        spelling: what the files are left as; with "both" each comes twice.
        progress: called after each file that gives labels, with its repository and the number of
            files so far.
        on_problem: told when the compiler fails.

    Raises:
        InputError: a place is not there, `output` is a folder of something else, the compiler does
            not start, or no types were found.
    """
    refuse_foreign(output)
    repositories = [
        replace(repository, leave_out=tuple(leave_out)) for repository in find_repositories(places)
    ]
    counts = TypeCounts()
    rows: Counter[str] = Counter()
    rows_of: Counter[tuple[str, str]] = Counter()
    vocabulary: Counter[str] = Counter()
    identifiers: Counter[str] = Counter()
    with replacing(output) as folder:
        folder.mkdir()
        with ShardWriter(folder, "types", shard_rows=shard_rows) as writer:
            for file in _labelled(repositories, counts, checker, spelling, on_problem):
                file.partition = split_of(file.repo, seed=seed, fixed=splits)
                writer.write(file.partition, file)
                rows[file.partition] += 1
                rows_of[file.repo, file.sha] += 1
                if file.partition == "train":
                    vocabulary.update(label.type for label in file.labels)
                    identifiers.update(identifier.type for identifier in file.identifiers)
                progress(file.repo, rows.total())
        if not rows:
            raise InputError(
                f"no types found in {sum(repository.files for repository in repositories)} files"
            )
        _write_vocabulary(folder / VOCABULARY, vocabulary)
        if checker:
            _write_vocabulary(folder / IDENTIFIER_VOCABULARY, identifiers)
        manifest = CorpusManifest(
            kind="types",
            seed=seed,
            options={"shard_rows": shard_rows}
            | ({"spelling": spelling} if spelling != "javascript" else {})
            | ({"checker": f"typescript {checker.version}"} if checker else {})
            | ({"leave_out": " ".join(leave_out)} if leave_out else {}),
            sources=[
                SourceFacts(
                    r.name,
                    r.sha,
                    r.licence,
                    split_of(r.name, seed=seed, fixed=splits),
                    r.files,
                    rows_of[r.name, r.sha],
                )
                for r in repositories
            ],
            files=sum(repository.files for repository in repositories),
            files_left_out=ordered(counts.left_out),
            rows=dict(rows),
            rows_left_out=ordered(counts.unlabelled),
            labels=ordered(counts.labels),
            agreement=ordered(counts.agreement),
            shards=writer.shards,
        )
        write_manifest(folder, manifest)
    return manifest


def _write_vocabulary(path: Path, counts: Counter[str]) -> None:
    path.write_text(
        "".join(f"{name}\t{count}\n" for name, count in ordered(counts).items()), "utf-8"
    )


def label_types(
    program: Program,
    counts: TypeCounts | None = None,
    checked: CheckedFile | None = None,
    *,
    typescript: bool = False,
) -> Labelling:
    """Return a TypeScript program as JavaScript, or without its annotations, with labels of what
    was written or the compiler infers.

    Args:
        program: parsed as "typescript" or "tsx".
        counts: counts what gives no label.
        checked: what the compiler says of it.
        typescript: remove the annotations of what is labelled alone.

    Raises:
        augment.ParseError: it does not parse when its types are removed.
    """
    counts = counts or TypeCounts()
    stripped = remove_annotations(program) if typescript else strip_types(program)
    annotations = {node.span: node for node in program.nodes(*ANNOTATIONS)}
    bodies = {function.node.span: function.body.start for function in program.functions}
    targets = {(target.kind, target.span): target for target in find_targets(stripped.program)}
    labels: list[TypeLabel] = []
    for typed in find_targets(program):
        source: Source = "written" if typed.annotation is not None else "checker"
        if typed.annotation is None and checked is None:
            continue
        label = None
        if typed.annotation is not None:
            label = type_label(program, _type_of(annotations[typed.annotation]))
        if checked is not None:
            inferred = _inferred(typed, bodies, checked)
            if source == "written" and label is not None and inferred not in (None, "any"):
                counts.agreement["the same" if inferred == label else "another"] += 1
            if label is None and inferred is not None:
                label, source = inferred, "checker"
        start, end = typed.span
        target = targets.get(
            (typed.kind, (stripped.to_javascript(start), stripped.to_javascript(end)))
        )
        if label is None:
            counts.unlabelled["not told by its text"] += 1
        elif target is None:
            counts.unlabelled["not in the JavaScript"] += 1
        elif label == "any" and source == "checker":
            counts.unlabelled["any, of the compiler"] += 1
        else:
            labels.append(_label(target, label, source))
    identifiers = _identifiers(stripped, checked, counts) if checked is not None else []
    return Labelling(stripped.program.source.decode(), labels, identifiers)


def _type_of(annotation: Node) -> Node:
    return annotation.named[0] if annotation.type == "type_annotation" else annotation


def _label(target: TypeTarget, label: str, source: Source) -> TypeLabel:
    return TypeLabel(
        target.kind, target.name, target.span, target.hint_offset, target.occurrences, label, source
    )


def _inferred(typed: TypeTarget, bodies: Mapping[Span, int], checked: CheckedFile) -> str | None:
    """Return the compiler's label for a target of the TypeScript."""
    if typed.kind == "return":
        assert typed.function is not None
        text = checked.returns.get(bodies[typed.function])
    else:
        text = checked.identifiers.get(typed.span)
    return label_of_text(text) if text else None


_NAMES = (
    "identifier",
    "private_property_identifier",
    "property_identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
)


def _identifiers(
    stripped: Stripped, checked: CheckedFile, counts: TypeCounts
) -> list[IdentifierType]:
    """Return the compiler's label for each name of the JavaScript that has one."""
    left = {node.span for node in stripped.program.nodes(*_NAMES)}
    found: list[IdentifierType] = []
    for (start, end), text in sorted(checked.identifiers.items()):
        # By its last byte: behind it something may have been inserted.
        span = (stripped.to_javascript(start), stripped.to_javascript(end - 1) + 1)
        if span not in left or span[1] - span[0] != end - start:
            continue  # a name of a type, gone with it
        label = label_of_text(text) if text else None
        if label is None:
            counts.unlabelled["name not told by its text"] += 1
        elif label == "any":
            counts.unlabelled["name any, of the compiler"] += 1
        else:
            found.append(IdentifierType(*span, label))
    return found
