"""The functions of a source that go into an index: their places, keys, sketches and words."""

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
import numpy as np

import augment
from contracode.corpus.sources.miner import Docstrings
from contracode.javascript.syntax_hash import normal_tokens
from contracode.products.search.sketches import sketch

MIN_TOKENS = 10
"""Tokens of the shortest function: below, all getters are alike. Corpora have the same limit."""

MAX_BYTES = 32_768
"""Bytes of the longest function: longer ones are wrappers of modules, which say little about the
functions in them.
"""

MAX_WORDS = 256
"""Most different words that are kept of a function."""

_RUN = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class IndexedFunction(msgspec.Struct, frozen=True, array_like=True):
    """One function of a file of an index.

    Attributes:
        name: "" for an anonymous function.
        line: 1-based line of its first byte.
        end_line: 1-based line of its last byte.
        start: its first byte in the file.
        end: the byte behind it.
        tokens: number of its tokens.
        text: key of its language and text; functions with the same key share a vector.
        syntax: key of its tokens, with declared names numbered.
        sketch: of its tokens (see `contracode.products.search.sketches`).
        words: `word_keys` of its name, code and documentation, each once, as uint32 in bytes.
    """

    name: str
    line: int
    end_line: int
    start: int
    end: int
    tokens: int
    text: bytes
    syntax: bytes
    sketch: bytes
    words: bytes


def functions_of(
    content: bytes | augment.Program, language: augment.Language, left_out: Counter[str]
) -> Iterator[tuple[IndexedFunction, str]]:
    """Yield the functions of a source that are worth comparing, nested ones too, each with its
    text.

    Args:
        content: of the file, or the file parsed.
        language: of the file.
        left_out: counts functions that are not, by reason.

    Raises:
        augment.ParseError: the file does not parse.
    """
    parsed = isinstance(content, augment.Program)
    program = content if parsed else augment.parse(content, language=language)
    docstrings = Docstrings(program)
    for function in program.functions:
        node = function.node
        if node.start < 0:  # of the wrapper in which a file with a top-level `return` parses
            continue
        if (reason := _reason(node)) is not None:
            left_out[reason] += 1
            continue
        text = program.text(node)
        keys = word_keys([function.name or "", docstrings.of(node), text])
        tokens = normal_tokens(program, node, function.name_span)
        yield (
            IndexedFunction(
                name=function.name or "",
                line=program.source.count(b"\n", 0, node.start) + 1,
                end_line=program.source.count(b"\n", 0, node.end) + 1,
                start=node.start,
                end=node.end,
                tokens=node.last - node.first,
                text=text_key(text, language),
                syntax=_key("\0".join(tokens)),
                sketch=sketch(tokens),
                words=np.fromiter(islice(keys, MAX_WORDS), np.uint32).tobytes(),
            ),
            text,
        )


def text_key(text: str, language: augment.Language) -> bytes:
    """Return a key that is equal for functions with the same vector."""
    return _key(f"{language}\0{text}")


def words(text: str) -> Iterator[str]:
    """Yield the lower-case words of a text, split at camelCase and snake_case, in the singular."""
    for run in _RUN.findall(text):
        for part in _HUMP.split(run):
            word = part.lower()
            if len(word) > 1:
                yield (
                    word[:-1]
                    if len(word) > 3 and word.endswith("s") and not word.endswith("ss")
                    else word
                )


def word_keys(texts: Iterable[str]) -> dict[int, None]:
    """Return a hash of each different word of the texts, in order of first occurrence."""
    return dict.fromkeys(zlib.crc32(word.encode()) for text in texts for word in words(text))


def _reason(node: augment.Node) -> str | None:
    if node.last - node.first < MIN_TOKENS:
        return f"fewer than {MIN_TOKENS} tokens"
    return f"over {MAX_BYTES} bytes" if node.end - node.start > MAX_BYTES else None


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
