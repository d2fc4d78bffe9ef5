"""Rewrites that attack programs: by all transforms, by one family, and by external tools."""

import random
import shlex
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import msgspec

import augment
from contracode.support.errors import InputError

_LEVELS = (0.15, 0.3, 0.5, 0.75, 1.0)
"""Probabilities of a transform and shares of its sites; each rewrite draws one of each."""

Rewriter = Callable[[Sequence[str], int, int], list[list[str]]]
"""Sources, number of rewrites, and seed -> rewrites; a source that cannot be rewritten is returned
unchanged.
"""


def transforms_of(names: Iterable[str]) -> set[str]:
    """Return the transforms with these names, or in families with these names.

    Raises:
        InputError: there is neither a family nor a transform of that name.
    """
    families = augment.families()
    found: set[str] = set()
    for name in names:
        if name in families:
            found.update(families[name])
        elif name in augment.registry():
            found.add(name)
        else:
            raise InputError(f"no family or transform {name!r}; families are {', '.join(families)}")
    return found


def engine(*, without: Iterable[str] = ()) -> Rewriter:
    """Return a rewriter that uses all transforms at random strength.

    Args:
        without: families or transforms to leave out.

    Raises:
        InputError: there is no such family or transform, or no transform is left.
    """
    left_out = transforms_of(without)
    chosen = tuple(
        name for names in augment.families().values() for name in names if name not in left_out
    )
    if not chosen:
        raise InputError("no transform is left")

    def pipeline(draw: random.Random) -> augment.Pipeline:
        return _pipeline(chosen, draw.choice(_LEVELS), draw.choice(_LEVELS))

    return lambda sources, count, seed: [
        _views(source, count, seed, pipeline) for source in sources
    ]


def family(name: str) -> Rewriter:
    """Return a rewriter that applies one family at all its sites."""
    pipeline = _pipeline(augment.families()[name], 1.0, 1.0)
    return lambda sources, count, seed: [
        _views(source, count, seed, lambda _: pipeline) for source in sources
    ]


@cache
def _pipeline(names: tuple[str, ...], probability: float, strength: float) -> augment.Pipeline:
    return augment.Pipeline(sorted(names), probability=probability, strength=strength)


def _views(
    source: str, count: int, seed: int, pipeline: Callable[[random.Random], augment.Pipeline]
) -> list[str]:
    try:
        program = augment.parse(source)
    except augment.ParseError:
        return [source] * count
    draw = random.Random(f"{seed}/{program.key}")
    return [pipeline(draw).view(program, seed, copy).text for copy in range(count)]


class _Asked(msgspec.Struct):
    id: int
    source: str
    seed: int


class _Answered(msgspec.Struct):
    id: int
    source: str | None = None
    error: str | None = None


def tool(command: str, *, on_problem: Callable[[str], None] = lambda _: None) -> Rewriter:
    """Return a rewriter that runs an external program.

    The program reads JSON lines `{"id": 0, "source": "...", "seed": 0}`. For each it writes
    `{"id": 0, "source": "..."}` or `{"id": 0, "error": "..."}`, in any order.

    Args:
        command: command and arguments, quoted as in a shell.
        on_problem: called with one line of text if some sources were not rewritten.

    Raises:
        InputError: (when the rewriter is called) the command cannot be run, fails, or writes
            anything else.
    """

    def rewrite(sources: Sequence[str], count: int, seed: int) -> list[list[str]]:
        asked = [
            _Asked(id=at * count + copy, source=source, seed=seed + copy)
            for at, source in enumerate(sources)
            for copy in range(count)
        ]
        answers = _run(command, asked)
        texts = [one.source for one in asked]
        errors = [""] * len(asked)
        for answer in answers:
            if not 0 <= answer.id < len(asked):
                raise InputError(f"{command}: unknown id {answer.id} in its output")
            if answer.source is None:
                errors[answer.id] = answer.error or "no source"
            else:
                texts[answer.id] = answer.source
        for number in sorted(set(range(len(asked))) - {answer.id for answer in answers}):
            errors[number] = "no answer"
        failed = [message for message in errors if message]
        if failed:
            on_problem(
                f"{command}: {len(failed)} of {len(asked)} not rewritten, the first: "
                f"{failed[0][:200]}"
            )
        return [texts[at * count : (at + 1) * count] for at in range(len(sources))]

    return rewrite


def named_command(given: str) -> tuple[str, str]:
    """Split `NAME=COMMAND`; a command without a name is its own name."""
    name, equals, command = given.partition("=")
    return (name, command) if equals and name.isidentifier() and command else (given, given)


def _run(command: str, asked: Sequence[_Asked]) -> list[_Answered]:
    try:
        done = subprocess.run(
            shlex.split(command),
            input=msgspec.json.Encoder().encode_lines(asked),
            capture_output=True,
        )
    except (OSError, ValueError) as error:
        raise InputError(f"cannot run {command}: {error}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise InputError(f"{command} ended with {done.returncode}: {said[-1][:300]}")
    try:
        return msgspec.json.Decoder(_Answered).decode_lines(done.stdout)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"{command} wrote a line that is not an answer: {error}") from None
