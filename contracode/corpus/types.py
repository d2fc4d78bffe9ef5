"""Labels of types from TypeScript sources: what was written, taken out of the source and kept beside it.

By tree-sitter alone, so that any folder of TypeScript will do: no compiler, no installed packages. A file gives the JavaScript that is left
of it (see `stripping`) and, for each of its targets (see `contracode.targets`) that had an annotation, the label (see `typenames`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import augment
from augment import Language, Node, Program
from contracode.corpus.manifest import Manifest, SourceFacts, ordered, refuse_foreign, write_manifest
from contracode.corpus.repositories import Repository, find_repositories
from contracode.corpus.shards import SHARD_ROWS, ShardWriter
from contracode.corpus.splits import split_of
from contracode.corpus.stripping import strip_types
from contracode.corpus.typenames import type_label
from contracode.errors import InputError
from contracode.files import replacing
from contracode.predictions import Kind, Span
from contracode.targets import TypeTarget, find_targets

TYPED: frozenset[Language] = frozenset({"typescript", "tsx"})


VOCABULARY = "vocabulary.tsv"


class TypeLabel(msgspec.Struct, frozen=True):
    """The type that one target had; spans are bytes of the file's `code`, as in `TypeTarget`."""

    kind: Kind
    name: str
    span: Span
    hint_offset: int
    occurrences: tuple[Span, ...]
    type: str


class LabelledFile(msgspec.Struct, kw_only=True):
    """A TypeScript file as JavaScript, with the types that were written in it.

    Attributes:
        repo: repository.
        path: of the TypeScript file in it.
        sha: commit, "" where unknown.
        partition: train, valid or test; "" before the corpus is split.
        code: the JavaScript.
        labels: in the order of their spans.
    """

    repo: str
    path: str
    sha: str = ""
    partition: str = ""
    code: str
    labels: list[TypeLabel]


@dataclass(slots=True)
class TypeCounts:
    """What was met while labelling.

    Attributes:
        left_out: number of files without labels, by reason; see `repositories` for most.
        labels: number of labels by kind.
        unlabelled: annotations that give no label, by reason.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    unlabelled: Counter[str] = field(default_factory=Counter)


def labelled_files(
    paths: Iterable[str | Path],
    *,
    counts: TypeCounts | None = None,
) -> Iterator[LabelledFile]:
    """Yield the TypeScript files of folders and repositories that have written types, each text once.

    Args:
        paths: as `contracode.corpus.repositories.find_repositories` takes them.
        counts: where to count what is met.

    Raises:
        InputError: there is no such file or folder.
    """
    yield from _labelled(find_repositories([str(path) for path in paths]), counts or TypeCounts())


def _labelled(repositories: list[Repository], counts: TypeCounts) -> Iterator[LabelledFile]:
    seen: set[bytes] = set()
    for repository in repositories:
        for source in repository.sources():
            if source.language not in TYPED:
                counts.left_out["JavaScript"] += 1
                continue
            digest = hashlib.blake2b(source.content, digest_size=8).digest()
            if digest in seen:
                counts.left_out["duplicate"] += 1
                continue
            seen.add(digest)
            try:
                program = augment.parse(source.content, language=source.language)
            except augment.ParseError:
                counts.left_out["does not parse"] += 1
                continue
            try:
                code, labels = label_types(program, counts.unlabelled)
            except augment.ParseError:
                counts.left_out["is no JavaScript without its types"] += 1
                continue
            if not labels:
                counts.left_out["no types written"] += 1
                continue
            counts.labels.update(label.kind for label in labels)
            yield LabelledFile(repo=repository.name, path=source.path, sha=repository.sha, code=code, labels=labels)
        counts.left_out.update(repository.left_out)


def build_types(
    places: Iterable[str | Path],
    output: Path,
    *,
    seed: int = 0,
    splits: Mapping[str, str] | None = None,
    shard_rows: int = SHARD_ROWS,
    progress: Callable[[str, int], None] = lambda repository, rows: None,
) -> Manifest:
    """Write labelled files to `output`, which is replaced as a whole: `types_{split}_{i}.jsonl.gz`, a vocabulary, a manifest.

    `vocabulary.tsv` has the types of the training split and how often each occurs there, the commonest first.

    Args:
        places: as `find_repositories` takes them.
        output: folder of the corpus.
        seed: of the splits.
        splits: repositories whose split is given.
        shard_rows: rows of a full shard.
        progress: called after each file that gives labels, with its repository and the number of files so far.

    Raises:
        InputError: a place is not there, `output` is a folder of something else, or no types were found.
    """
    refuse_foreign(output)
    repositories = find_repositories([str(place) for place in places])
    counts = TypeCounts()
    rows: Counter[str] = Counter()
    rows_of: Counter[str] = Counter()
    vocabulary: Counter[str] = Counter()
    with replacing(output) as folder:
        folder.mkdir()
        with ShardWriter(folder, "types", shard_rows=shard_rows) as writer:
            for file in _labelled(repositories, counts):
                file.partition = split_of(file.repo, seed=seed, fixed=splits)
                writer.write(file.partition, file)
                rows[file.partition] += 1
                rows_of[file.repo] += 1
                if file.partition == "train":
                    vocabulary.update(label.type for label in file.labels)
                progress(file.repo, rows.total())
        if not rows:
            raise InputError(f"no types found in {sum(repository.files for repository in repositories)} files")
        lines = [f"{name}\t{count}\n" for name, count in ordered(vocabulary).items()]
        (folder / VOCABULARY).write_text("".join(lines), "utf-8")
        manifest = Manifest(
            kind="types",
            seed=seed,
            options={"shard_rows": shard_rows},
            sources=[
                SourceFacts(
                    r.name, r.sha, r.licence, split_of(r.name, seed=seed, fixed=splits), r.files, rows_of[r.name]
                )
                for r in repositories
            ],
            files=sum(repository.files for repository in repositories),
            files_left_out=ordered(counts.left_out),
            rows=dict(rows),
            rows_left_out=ordered(counts.unlabelled),
            labels=ordered(counts.labels),
            shards=writer.shards,
        )
        write_manifest(folder, manifest)
    return manifest


def label_types(program: Program, unlabelled: Counter[str] | None = None) -> tuple[str, list[TypeLabel]]:
    """Return a TypeScript program as JavaScript, and labels for what had a type written.

    Args:
        program: parsed as "typescript" or "tsx".
        unlabelled: counts annotations that give no label.

    Raises:
        augment.ParseError: it is no JavaScript when its types are removed.
    """
    unlabelled = unlabelled if unlabelled is not None else Counter()
    stripped = strip_types(program)
    annotations = {node.span: node for node in program.nodes(*_ANNOTATIONS)}
    targets = {(target.kind, target.span): target for target in find_targets(stripped.program)}
    labels: list[TypeLabel] = []
    for typed in find_targets(program):
        if typed.annotation is None:
            continue
        label = type_label(program, _type_of(annotations[typed.annotation]))
        start, end = typed.span
        target = targets.get((typed.kind, (stripped.to_javascript(start), stripped.to_javascript(end))))
        if label is None:
            unlabelled["not told by its text"] += 1
        elif target is None:
            unlabelled["not in the JavaScript"] += 1
        else:
            labels.append(_label(target, label))
    return stripped.program.source.decode(), labels


_ANNOTATIONS = ("type_annotation", "type_predicate_annotation", "asserts_annotation")


def _type_of(annotation: Node) -> Node:
    return annotation.named[0] if annotation.type == "type_annotation" else annotation


def _label(target: TypeTarget, label: str) -> TypeLabel:
    return TypeLabel(target.kind, target.name, target.span, target.hint_offset, target.occurrences, label)
