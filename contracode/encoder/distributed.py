"""Collective operations of the processes that `torchrun` starts to train one model.

With a single process, every function returns its argument.

Legend: W processes.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import distributed

Item = TypeVar("Item")


@contextmanager
def process_group() -> Iterator[None]:
    """Join the process group of `torchrun` within the block.

    Does nothing if the environment variables of `torchrun` are not set.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 or distributed.is_initialized():
        yield
        return
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def world() -> int:
    """Return the number of processes, W."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Return the number of this process, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def local_world() -> int:
    """Return the number of processes on this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1")) if world() > 1 else 1


def shard(items: Sequence[Item]) -> Sequence[Item]:
    """Return this process's share of items that all processes have: every W-th item.

    Neighbouring items are often similar, and are spread evenly over the processes this way.
    """
    return items[rank() :: world()]


def minimum(value: int) -> int:
    """Return the smallest of the values of all processes."""
    if world() == 1:
        return value
    on_gpu = distributed.get_backend() == "nccl"
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
    shared = torch.tensor([value], device=device)
    distributed.all_reduce(shared, distributed.ReduceOp.MIN)
    return int(shared)


def barrier() -> None:
    """Wait until all processes have reached this call."""
    if world() > 1:
        distributed.barrier()


@torch.no_grad()
def gather(rows: torch.Tensor) -> torch.Tensor:
    """Return the rows of all processes in process order, without gradient.

    Args:
        rows: the rows of this process. Only the number of rows may differ between processes.
    """
    if world() == 1:
        return rows
    counts = [torch.zeros(1, dtype=torch.long, device=rows.device) for _ in range(world())]
    distributed.all_gather(counts, torch.tensor([len(rows)], device=rows.device))
    # All tensors of a collective operation must have the same shape: pad rows, then remove them.
    padded = rows.new_zeros(int(max(counts)), *rows.shape[1:])
    padded[: len(rows)] = rows
    parts = [torch.empty_like(padded) for _ in range(world())]
    distributed.all_gather(parts, padded.contiguous())
    return torch.cat([part[: int(count)] for part, count in zip(parts, counts, strict=True)])


@torch.no_grad()
def total(
    values: Sequence[float | torch.Tensor], device: torch.device
) -> list[float | torch.Tensor]:
    """Return the sums of the values over all processes."""
    if world() == 1:
        return list(values)  # not converted to floats, which would wait for a GPU
    sums = torch.tensor([float(value) for value in values], dtype=torch.float64, device=device)
    distributed.all_reduce(sums)
    return [*sums.tolist()]


def from_first(value: float, device: torch.device) -> float:
    """Return the first process's value, so that all processes make the same decisions."""
    if world() == 1:
        return value
    shared = torch.tensor([value], dtype=torch.float64, device=device)
    distributed.broadcast(shared, 0)
    return float(shared)
