"""The training frame that pretraining and fine-tuning share.

- `frame`: one Lightning run, on one process or on the processes of `torchrun`.
- `saving`: the checkpoint `last.ckpt`; the error of a run that diverges.
- `interruption`: SIGINT and SIGTERM end a run after the current step.
- `run_lock`: one process at a time writes a run folder.
- `run_progress`: the progress bar of a run.
- `events`: event files for TensorBoard.
"""
