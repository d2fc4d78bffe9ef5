"""Build, inspect and label training corpora.

`build` collects the functions of JavaScript and TypeScript sources, or of JSONL files, as
CodeSearchNet's JSONL without duplicates. `types` collects TypeScript files with the types of their
variables as labels. `stats` counts the contents of a corpus, `report` draws a page about it.
`convert` reads CodeSearchNet's pickle. `pack` writes the form that training maps into memory.
`count` counts fragments and words, which a bag model is trained on. `verify` compares a corpus
with its checksums.
"""

from __future__ import annotations

import argparse

from contracode.cli.corpus import building, counting, labelling, packing, reading

EXAMPLES = """\
examples:
  contracode corpus build ~/code -o corpus                  every repository below ~/code
  contracode corpus build lodash/lodash=./lodash -o corpus  one folder, and its repository's name
  contracode corpus build mirror.git -o corpus              a bare git directory, newest commit
  contracode corpus build javascript/ -o corpus --workers 8 CodeSearchNet's rows, *.jsonl.gz
  contracode corpus build ~/code -o corpus --near-duplicates 0.8
  contracode corpus build --list some.tsv --mirrors clones --leave-out 'test/ *.spec.*' -o corpus
  contracode corpus build --list some.tsv --mirrors clones --fetch-from https://github.com -o corpus
  contracode corpus types ~/typescript -o types             the authors' type annotations as labels
  contracode corpus types ~/typescript -o types --checker   also the types that the compiler infers
  contracode corpus stats corpus                            counts
  contracode corpus stats javascript_train_*.jsonl.gz --json
  contracode corpus report corpus -o corpus.html            a page with histograms
  contracode corpus convert javascript_dedupe_definitions_v2.pkl -o wide/javascript_0.jsonl.gz
  contracode corpus pack corpus -o packed                   the form that training reads
  contracode corpus pack corpus -o packed --copies 4 --tokenizer tokenizer --workers 8
  contracode corpus count corpus -o counted                 fragments and words, for a bag model
  contracode corpus verify packed

A PATH is a source file, a folder, or a git directory. A folder with repositories directly below it
stands for these repositories; any other folder is one repository. All functions of a repository are
in the same split. For `build`, a PATH is also a file of rows (.jsonl, .jsonl.gz, .parquet), or a
folder of such files.

A list is a table with tab-separated columns that are named in its first line: `repository`
(owner/name), `commit` (in full), and `language` (javascript, typescript or both; `types` reads the
last two). Each repository is read at its commit from a clone called owner/name or owner+name.

An interrupted `build`, `pack` or `count` resumes when the same command is run again; its
intermediate files are in .DIR.build beside DIR. The corpus does not depend on the engine or
the number of workers.

exit codes: 0 success; 1 broken input was skipped, with a line for each: rows, files of rows, items
of a pickle, and in `build` unreadable sources; 2 bad input, a shard that `verify` finds changed, or
with --strict the first broken input; 130 interrupted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    building.add_build(actions)
    labelling.add_types(actions)
    reading.add_stats(actions)
    reading.add_report(actions)
    reading.add_convert(actions)
    packing.add_pack(actions)
    counting.add_count(actions)
    packing.add_verify(actions)


def run(args: argparse.Namespace) -> int:
    """Run one action."""
    return args.act(args)
