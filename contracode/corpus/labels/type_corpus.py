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
from dataclasses import replace
from functools import partial
from pathlib import Path

import augment
from augment import Language, Program
from contracode.corpus.labels.checker import CheckedFile, Checker, Role
from contracode.corpus.labels.label_types import label_types
from contracode.corpus.labels.labelled_file import LabelledFile, Spelling, TypeCounts
from contracode.corpus.sources.repositories import Repository, SourceFile, find_repositories
from contracode.corpus.storage.manifest import (
    CorpusManifest,
    SourceFacts,
    ordered,
    refuse_foreign,
    write_manifest,
)
from contracode.corpus.storage.shards import SHARD_ROWS, Shard, ShardWriter
from contracode.corpus.storage.splits import split_of
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

TYPED: frozenset[Language] = frozenset({"typescript", "tsx"})

VOCABULARY = "vocabulary.tsv"
IDENTIFIER_VOCABULARY = "identifier_vocabulary.tsv"


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
        on_problem: called with a message when the compiler fails.

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
        reported: set[str] = set()
        sources = _sources(repository, seen, counts)
        answers = (
            _checked(repository, sources, checker)
            if checker
            else ((source, None) for source, new in sources if new)
        )
        for source, checked in answers:
            if isinstance(checked, str):
                if checked not in reported:
                    reported.add(checked)
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
    there, the commonest first; `identifier_vocabulary.tsv` has those of its names, if a compiler
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
        progress: called after each file with labels: its repository, the number of files so far.
        on_problem: called with a message when the compiler fails.

    Raises:
        InputError: a place is not there, `output` is a folder of something else, the compiler does
            not start, or no types were found.
    """
    refuse_foreign(output)
    found = find_repositories(places)
    repositories = [replace(one, leave_out=tuple(leave_out)) for one in found]
    split = partial(split_of, seed=seed, fixed=splits)
    counts, written = TypeCounts(), _Written()
    with replacing(output) as folder:
        folder.mkdir()
        with ShardWriter(folder, "types", shard_rows=shard_rows) as writer:
            for file in _labelled(repositories, counts, checker, spelling, on_problem):
                file.partition = split(file.repo)
                writer.write(file.partition, file)
                written.add(file)
                progress(file.repo, written.rows.total())
        num_files = sum(repository.files for repository in repositories)
        written.write_vocabularies(folder, num_files, with_identifiers=checker is not None)
        options = _options(shard_rows, spelling, checker, leave_out)
        sources = [written.facts(one, split(one.name)) for one in repositories]
        manifest = _manifest(seed, options, sources, counts, written, writer.shards)
        write_manifest(folder, manifest)
    return manifest


def _manifest(
    seed: int,
    options: dict[str, str | int],
    sources: list[SourceFacts],
    counts: TypeCounts,
    written: _Written,
    shards: list[Shard],
) -> CorpusManifest:
    return CorpusManifest(
        kind="types",
        seed=seed,
        options=options,
        sources=sources,
        files=sum(source.files for source in sources),
        files_left_out=ordered(counts.left_out),
        rows=dict(written.rows),
        rows_left_out=ordered(counts.unlabelled),
        labels=ordered(counts.labels),
        agreement=ordered(counts.agreement),
        shards=shards,
    )


class _Written:
    """Counts of the files that were written.

    Attributes:
        rows: files of each split.
        types: types of the labels of the training split.
        identifiers: types of its names.
    """

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.types: Counter[str] = Counter()
        self.identifiers: Counter[str] = Counter()
        self._rows_of: Counter[tuple[str, str]] = Counter()

    def add(self, file: LabelledFile) -> None:
        """Count a file."""
        self.rows[file.partition] += 1
        self._rows_of[file.repo, file.sha] += 1
        if file.partition == "train":
            self.types.update(label.type for label in file.labels)
            self.identifiers.update(identifier.type for identifier in file.identifiers)

    def write_vocabularies(self, folder: Path, num_files: int, *, with_identifiers: bool) -> None:
        """Write the types that were met.

        Raises:
            InputError: there are none in `num_files` files.
        """
        if not self.rows:
            raise InputError(f"no types found in {num_files} files")
        _write_vocabulary(folder / VOCABULARY, self.types)
        if with_identifiers:
            _write_vocabulary(folder / IDENTIFIER_VOCABULARY, self.identifiers)

    def facts(self, repository: Repository, split: str) -> SourceFacts:
        """Return the manifest's entry of a repository."""
        name, sha = repository.name, repository.sha
        rows = self._rows_of[name, sha]
        return SourceFacts(name, sha, repository.licence, split, repository.files, rows)


def _options(
    shard_rows: int, spelling: Spelling, checker: Checker | None, leave_out: Sequence[str]
) -> dict[str, str | int]:
    options: dict[str, str | int] = {"shard_rows": shard_rows}
    if spelling != "javascript":
        options["spelling"] = spelling
    if checker is not None:
        options["checker"] = f"typescript {checker.version}"
    if leave_out:
        options["leave_out"] = " ".join(leave_out)
    return options


def _write_vocabulary(path: Path, counts: Counter[str]) -> None:
    path.write_text(
        "".join(f"{name}\t{count}\n" for name, count in ordered(counts).items()), "utf-8"
    )
