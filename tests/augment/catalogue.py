"""Writes docs/transforms.md from the registry and the case files; see COMMAND."""

import sys
from itertools import pairwise

import augment
from augment import Program, Transform
from augment.rewriting.registry import PHASES
from tests.augment.cases import Case, all_cases

COMMAND = "python -m tests.augment.catalogue > docs/transforms.md"

_LONGEST = 420
"""Characters of an example, where a shorter one can be had."""

HEAD = f"""\
# Transforms

<!-- Written by `{COMMAND}` from the registry and tests/cases; do not edit. -->

Each transform rewrites a program into an equivalent one. A view draws which of them it uses (**probability**), and each
rewrites a share of the sites it finds (**strength**); both are defaults, which a `Pipeline` may override. They run in
three **phases**: structure, names, layout.

The **level** is the most that a rewrite changes; a view tells the level of each rewrite that it took.

| level | what stays as it was |
|---|---|
| `preserved` | everything but what the source text itself shows: `toString()`, positions in stack traces |
| `observable` | also, the `name` of functions and classes may differ; `--keep-names` leaves those rewrites out |
| `plain_data` | results are the same for plain data; drawn where a `Pipeline` has that level |
| `changed` | nothing is promised: lossy views; never drawn unless named |

"""

OWN = '''\
## A transform of your own

A transform is a generator over a program, under a decorator, that yields a `Rewrite` for each of its sites. Sites are
found once; each view draws some of them. New code comes from templates with slots; what fills a slot keeps whatever
other rewrites do inside it, and parentheses, braces and semicolons are added where they are needed. This one writes
conditions with two negations:

```python
from augment import Pipeline, Rewrite, Semantics, expression, parse, replace, transform
from augment.checking.verify import check

TWICE = expression("!!$test")


@transform(
    "negate-twice",
    family="logic",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.3,
    strength=0.5,
)
def negate_twice(program):
    """Write `if (a)` as `if (!!a)`."""
    for node in program.nodes("if_statement"):
        test = node.field("condition").named[0]
        yield Rewrite((replace(test, TWICE, test=test),))


program = parse("if (a + b) c = 1")
view = Pipeline([negate_twice], probability=1, strength=1).view(program)
assert view.text == "if (!!(a + b)) c = 1"
assert check(program, view) == []  # it parses, and every name means what it meant

# With others, each at its own probability:
mixed = Pipeline([negate_twice, "rename-variables", "reformat"])
for view in mixed.views(program, 5, seed=1):
    assert check(program, view) == []
```

Analyses help to decide where a rewrite is safe: `program.scopes` (bindings, references, dynamic
scopes), `program.functions`, `augment.analysis.effects` (what evaluating an expression may do),
`augment.analysis.contexts` (what its context does with the value) and
`augment.analysis.value_kinds` (which kinds of value it can have). A site may also be a tuple of
rewrites, one of which is drawn, or a function of a `Draw`: take new names only from `draw.supply`
and random choices only from `draw`. A rewrite that others could make wrong declares this with
`needs` and `breaks`. `augment.rewriting.edits` documents the order of edits and which of two
conflicting rewrites wins.

A transform for everyone is one file in `augment/transforms/`, named like the transform, with a
folder of the same name in `tests/cases/`: what it does, and what it must leave alone. If it works
both ways, a generator under `@negate_twice.canonical` registers its canonical direction, which
`augment.normalize` applies.

An installed package adds transforms by an entry point of the group `augment.transforms`, and
`contracode augment --transform module:name` takes one from any importable module. Every transform
draws from a random stream of its own, so a new one changes no view of the others.
'''


def catalogue() -> str:
    """Return the text of docs/transforms.md."""
    table = sorted(
        augment.registry().values(), key=lambda item: (PHASES.index(item.phase), item.name)
    )
    rows = [
        "| transform | phase | level | probability | strength | what it does |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| [`{item.name}`](#{item.name}) | {item.phase} | {item.level.name.lower()} | "
        f"{item.probability:g} | {item.strength:g} |"
        f" {item.summary.replace('|', chr(92) + '|')} |"
        for item in table
    ]
    cases = all_cases()
    parts = [HEAD + "\n".join(rows) + "\n", OWN, "## Examples\n"]
    parts += [
        _section(item, [case for case in cases if case.transform == item.name]) for item in table
    ]
    return "\n".join(parts)


def _section(item: Transform, cases: list[Case]) -> str:
    examples = [example for case in cases for example in _examples(case)]
    before, after, language = min(
        examples,
        key=lambda example: (
            len(example[0]) > _LONGEST,
            -min(len(example[0]), 160),
            len(example[0]),
        ),
    )
    fence = "ts" if language == "typescript" else "js"
    return f"### {item.name}\n\n{item.summary}\n\n```{fence}\n{before}\n```\n\nbecomes\n\n```{fence}\n{after}\n```\n"


def _examples(case: Case) -> list[tuple[str, str, str]]:
    """Return what `case` changes, statement by statement where those of its output can be told apart, as (before, after, language)."""
    if case.expected is None:
        return []
    before, after = (
        case.parse(),
        augment.parse(case.expected, language=case.language, source_type=case.source_type),
    )
    old, new = _statements(before), _statements(after)
    if len(old) != len(new):
        old, new = [case.source], [case.expected]
    return [
        (a.strip("\n"), b.strip("\n"), case.language)
        for a, b in zip(old, new, strict=True)
        if a != b
    ]


def _statements(program: Program) -> list[str]:
    """Return the texts of the statements at the top, each with the comments before it."""
    ends = [0, *(node.end for node in program.root.named)]
    ends[-1] = len(program.source)
    return [program.source[a:b].decode() for a, b in pairwise(ends)]


if __name__ == "__main__":
    sys.stdout.write(catalogue())
