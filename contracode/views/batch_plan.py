"""The batches of each epoch, as indices of functions."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from torch.utils.data import Sampler


class EpochItem(NamedTuple):
    """A function in an epoch: indices of both."""

    epoch: int
    function: int


class BatchPlan(Sampler[list[EpochItem]]):
    """An endless sequence of batches.

    Each epoch is shuffled anew, and its incomplete last batch is dropped. To batch functions of
    similar length, the shuffled functions are cut into buckets of several batches, and each bucket
    is sorted by length before it is cut into batches.

    Args:
        lengths: the lengths of the functions, in any unit.
        batch_size: number of functions in a batch; a smaller corpus makes a single batch.
        bucket: number of batches that are sorted together.
        seed: seed of the order.
        start: number of the first batch, for a resumed run.
        functions: indices of the functions; by default 0, 1, ...
    """

    def __init__(
        self,
        lengths: Sequence[int] | np.ndarray,
        batch_size: int,
        *,
        bucket: int = 1,
        seed: int = 0,
        start: int = 0,
        functions: Sequence[int] | np.ndarray | None = None,
    ) -> None:
        self._lengths_N = np.asarray(lengths)
        self._functions_N = np.arange(len(lengths)) if functions is None else np.asarray(functions)
        self._batch_size = min(batch_size, len(lengths))
        self._bucket = bucket
        self._seed = seed
        self._start = start
        self.batches_per_epoch = len(lengths) // self._batch_size

    def __iter__(self) -> Iterator[list[EpochItem]]:
        epoch, first = divmod(self._start, self.batches_per_epoch)
        while True:
            for functions in self._epoch(epoch)[first:]:
                yield [EpochItem(epoch, function) for function in functions.tolist()]
            epoch, first = epoch + 1, 0

    def _epoch(self, epoch: int) -> list[np.ndarray]:
        """Return the batches of an epoch, each as indices of functions."""
        size = self._batch_size
        generator = np.random.Generator(np.random.PCG64([self._seed, epoch]))
        order_N = generator.permutation(len(self._lengths_N))[: size * self.batches_per_epoch]
        batches: list[np.ndarray] = []
        for start in range(0, len(order_N), size * self._bucket):
            bucket_N = order_N[start : start + size * self._bucket]
            bucket_N = bucket_N[np.argsort(self._lengths_N[bucket_N], kind="stable")]
            batches += list(self._functions_N[bucket_N].reshape(-1, size))
        return [batches[number] for number in generator.permutation(len(batches))]
