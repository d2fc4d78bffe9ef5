"""TF-IDF over n-grams of tokens in which names of variables are replaced."""

from collections.abc import Callable, Sequence
from functools import cache

import augment
from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Method, ProgramSet
from contracode.evaluate.clones.methods.tf_idf import TfIdf
from contracode.inference.model import Model
from contracode.javascript import leaves


class Rewritten:
    """Applies a method to rewritten programs, such as their normal forms.

    Args:
        method: compares the rewritten programs.
        rewrite: function applied to every source.
    """

    def __init__(self, method: Method, rewrite: Callable[[str], str]) -> None:
        self._method = method
        self._rewrite = rewrite

    def fit(self, sources: Sequence[str]) -> None:
        """Fit the method to the rewritten programs."""
        self._method.fit([self._rewrite(source) for source in sources])

    def read(self, sources: Sequence[str]) -> ProgramSet:
        """Convert the rewritten programs to the form that is compared."""
        return self._method.read([self._rewrite(source) for source in sources])


@cache
def normal_text(source: str) -> str:
    """Return the normal form of a source, or the source itself if it does not parse."""
    try:
        return augment.normalize(augment.parse(source))
    except augment.ParseError:
        return source


def _rename_blind() -> Method:
    return TfIdf(leaves.rename_blind, min_df=2)


@baseline("rename-blind", fast=True)
def build(model: Model | None, seed: int) -> Method:
    """Count 1- to 3-grams of the tokens as written."""
    return _rename_blind()


@baseline("rename-blind-normal")
def build_normal(model: Model | None, seed: int) -> Method:
    """Count 1- to 3-grams of the tokens of the normal form."""
    return Rewritten(_rename_blind(), normal_text)
