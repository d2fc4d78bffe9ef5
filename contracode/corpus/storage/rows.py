"""One function of a corpus, in CodeSearchNet's JSONL schema."""

import msgspec


class FunctionRecord(msgspec.Struct, kw_only=True):
    """A row as CodeSearchNet publishes it, and the two fields at the end that mined rows have
    besides.

    Attributes:
        repo: `owner/name`, or the folder it was mined from.
        path: of the file in the repository.
        func_name: "" for an anonymous function.
        original_string: the function as it stands in the file.
        language: of `code`; what was TypeScript is JavaScript after its types are removed.
        code: what models read; the same as `original_string` in JavaScript.
        code_tokens: the leaves of its syntax tree.
        docstring: the comment before it, without delimiters.
        docstring_tokens: its words and punctuation.
        sha: commit, where known.
        url: where the function can be looked at, or path and lines of it.
        partition: train, valid or test.
        lines: first and last line in the file, from 1.
        licence: name of the repository's licence file, "" where none was found.

    Source: Husain et al., "CodeSearchNet Challenge" (arXiv 1909.09436), repository
        github/CodeSearchNet, README, "Schema".
    """

    repo: str = ""
    path: str = ""
    func_name: str = ""
    original_string: str = ""
    language: str = "javascript"
    code: str = ""
    code_tokens: list[str] = []
    docstring: str = ""
    docstring_tokens: list[str] = []
    sha: str = ""
    url: str = ""
    partition: str = ""
    lines: tuple[int, int] | None = None
    licence: str = ""
