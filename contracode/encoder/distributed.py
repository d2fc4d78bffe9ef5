"""Several processes that train one model, as `torchrun` starts them: what each may ask of the
others.

Alone, every function here returns what it is given.

Legend: W processes, N rows of all of them.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import distributed

Item = TypeVar("Item")


@contextmanager
def joined() -> Iterator[None]:
    """While the block runs, be one of the processes that `torchrun` has started, if any: its
    environment variables tell.
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
    """Return W."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Return the number of this process, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def local_world() -> int:
    """Return the number of processes of this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1")) if world() > 1 else 1


def share(items: Sequence[Item]) -> Sequence[Item]:
    """Return the part of this process of what all have: every W-th, so that neighbours, which are
    alike, are shared out evenly.
    """
    return items[rank() :: world()]


def least(value: int) -> int:
    """Return the smallest of the values of all processes."""
    if world() == 1:
        return value
    on_gpu = distributed.get_backend() == "nccl"
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
    shared = torch.tensor([value], device=device)
    distributed.all_reduce(shared, distributed.ReduceOp.MIN)
    return int(shared)


def barrier() -> None:
    """Wait for the others."""
    if world() > 1:
        distributed.barrier()


@torch.no_grad()
def gathered(rows: torch.Tensor) -> torch.Tensor:
    """Return the rows of all processes, those of the first process first, without gradient.

    Args:
        rows: of this process: any number, the other dimensions as those of the others.
    """
    if world() == 1:
        return rows
    counts = [torch.zeros(1, dtype=torch.long, device=rows.device) for _ in range(world())]
    distributed.all_gather(counts, torch.tensor([len(rows)], device=rows.device))
    # They must be of one shape to be sent: what is missing is filled up, and cut off again.
    filled = rows.new_zeros(int(max(counts)), *rows.shape[1:])
    filled[: len(rows)] = rows
    parts = [torch.empty_like(filled) for _ in range(world())]
    distributed.all_gather(parts, filled.contiguous())
    return torch.cat([part[: int(count)] for part, count in zip(parts, counts, strict=True)])


@torch.no_grad()
def summed(
    values: Sequence[float | torch.Tensor], device: torch.device
) -> list[float | torch.Tensor]:
    """Return the sums over all processes."""
    if world() == 1:
        return list(values)  # tensors as they are: to read them would make a GPU wait
    sums = torch.tensor([float(value) for value in values], dtype=torch.float64, device=device)
    distributed.all_reduce(sums)
    return [*sums.tolist()]


def told(value: float, device: torch.device) -> float:
    """Return what the first process has, such as its clock, by which all decide alike."""
    if world() == 1:
        return value
    shared = torch.tensor([value], dtype=torch.float64, device=device)
    distributed.broadcast(shared, 0)
    return float(shared)
