"""Programs as the parts of an embedding read them, where a test knows that they parse."""

from augment import Program
from contracode.inputs.input_forms import SourceForms


def parsed(source: str) -> Program:
    program = SourceForms(source).program
    assert program is not None
    return program


def normal(source: str) -> Program:
    program = SourceForms(source).normal
    assert program is not None
    return program
