"""The `contracode` command line.

- `main`: entry point and the table of verbs; `parser`: the argument parser.
- `options`, `sources`, `progress`: shared options, input files, progress bars.
- `tools/`: verbs for sources and models; `training/`: verbs for corpora, training and evaluation;
  `demo/`: the demo.

A verb is a module with a docstring (its description), `EXAMPLES`, `add_arguments(parser)` and
`run(args) -> int`.
"""
