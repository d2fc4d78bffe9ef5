"""What the type head reads beside the encoder: hashed features, type names of the file, how well
their words fit.
"""

import numpy as np
import pytest

import augment
from contracode.inference.model_folder import read_manifest
from contracode.inference.types.features import MARKS, TARGET_SLOTS, Features, TypeName, type_names
from contracode.javascript.subtokens import Splitter
from contracode.javascript.typing.targets import find_targets
from contracode.support.resources import data_dir

SOURCE = """import { QueryRunner, helper } from "./q";
import type { User } from "./user";
import * as vscode from "vscode";
interface Options { depth: number }
const MAX = 3;
export function run(queryRunner, users, options, at) {
  const made = new vscode.Position(MAX, 0);
  if (at instanceof Position) return helper(queryRunner as QueryRunner);
  return users;
}
"""


def test_type_names_are_declared_imported_constructed_or_used_as_types():
    found = type_names(augment.parse(SOURCE, language="typescript"))
    assert [(one.name, len(one.occurrences), one.declared) for one in found] == [
        ("QueryRunner", 2, True),
        ("User", 1, False),
        ("Options", 1, True),
        ("Position", 2, False),
    ]
    source = SOURCE.encode()
    assert {source[start:end] for start, end in found[3].occurrences} == {b"Position"}


def marks(target: str, name: str) -> np.ndarray:
    program = augment.parse(SOURCE, language="typescript")
    targets = [one for one in find_targets(program) if one.name == target]
    names = [one for one in type_names(program) if one.name == name]
    return Features.of_program(program).fits(targets, names)[0, 0]


@pytest.mark.parametrize(
    ("target", "name", "same", "plural", "beside"),
    [
        ("queryRunner", "QueryRunner", 1, 0, 1),  # and it is cast to it
        ("users", "User", 0, 1, 0),
        ("options", "Options", 1, 0, 0),
        ("at", "Position", 0, 0, 1),  # tested for it
        ("made", "Options", 0, 0, 0),
    ],
)
def test_words_and_neighbours_say_which_name_fits(
    target: str, name: str, same: int, plural: int, beside: int
):
    found = marks(target, name)
    assert (found[0], found[1], found[5], found[6]) == (1, same, plural, beside)


def test_no_names_or_targets_give_empty_marks():
    features = Features.of_program(augment.parse("f()"))
    assert features.fits([], [TypeName("A", ((0, 1),), True)]).shape == (0, 1, MARKS)
    assert features.targets([], 100).shape == (0, TARGET_SLOTS)


def test_features_depend_on_name_and_neighbours_not_on_what_literals_say():
    def hashed(source: str) -> set[int]:
        program = augment.parse(source)
        (target,) = [one for one in find_targets(program) if one.kind == "variable"]
        (row,) = Features.of_program(program).targets([target], 1 << 20)
        assert row.max() < 1 << 20
        assert (row[np.flatnonzero(row).max() + 1 :] == 0).all()
        return set(row) - {0}

    assert hashed("let name = 'a'; name.trim()") == hashed('let  name = "b";\nname.trim() // c')
    other = hashed("let name = 'a'; name.push()")
    assert 0 < len(hashed("let name = 'a'; name.trim()") - other) < len(other)
    assert len(hashed("let name = 'a'") & hashed("const size = [0]")) == 1  # `=` behind both


@pytest.mark.parametrize(("splitter", "shared"), [("unicode", 1), ("ascii", 0)])
def test_names_of_all_scripts_fit_only_when_split_by_unicode(splitter: Splitter, shared: float):
    program = augment.parse("class Число {}\nfunction f(число) { return число }")
    targets = [one for one in find_targets(program) if one.name == "число"]
    (fit_M,) = Features.of_program(program, splitter).fits(targets, type_names(program))[0]
    assert fit_M[1] == shared


def test_shipped_heads_split_names_as_they_were_trained():
    assert read_manifest(data_dir() / "models" / "editor").heads["types"].splitter == "ascii"  # pyright: ignore[reportAttributeAccessIssue]
