import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from augment.syntax.literals import number_text, number_value, string_text, string_value


@pytest.fixture(scope="module")
def v8() -> MiniRacer:
    context = MiniRacer()
    context.eval("function show(bits) { return JSON.stringify(JSON.parse(bits).map(String)) }")
    context.eval(
        "function units(text) { return JSON.stringify(Array.from({length: text.length}, (_, i) => "
        "text.charCodeAt(i))) }"
    )
    return context


def test_numbers_are_written_as_v8_writes_them(v8: MiniRacer) -> None:
    values = [
        0.1,
        1e21,
        1e-7,
        123456789012345680000.0,
        5e-324,
        1.7976931348623157e308,
        1.5,
        1e-6,
        1.2e-7,
        12e20,
        100.0,
        0.0,
    ]
    for bits in range(0, 2**63, 2**63 // 4001):
        value = struct.unpack("d", struct.pack("Q", bits))[0]
        if value == value and abs(value) != float("inf"):
            values += [value, -value]
    shown = json.loads(v8.call("show", json.dumps(values)))
    assert [number_text(value) or "0" for value in values] == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x10", 16.0),
        ("1_000", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("0b11", 3.0),
        ("0o17", 15.0),
        ("017", None),
        ("1n", None),
        ("08", None),
    ],
)
def test_number_values(text: str, value: float | None) -> None:
    assert number_value(text) == value


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_string_literals_round_trip(value: str) -> None:
    assert string_value(string_text(value)) == value
    assert string_value(string_text(value, "'")) == value


@pytest.mark.parametrize(
    "literal",
    [
        r'"a\x41\u{1F600}\u0041\n\0"',
        r"'it\'s\
 on'",
        '"\\v\\q"',
    ],
)
def test_string_values_equal_those_of_v8(v8: MiniRacer, literal: str) -> None:
    units = json.loads(v8.eval(f"units({literal})"))
    value = string_value(literal)
    assert value is not None
    encoded = value.encode("utf-16-le")
    assert [encoded[i] | encoded[i + 1] << 8 for i in range(0, len(encoded), 2)] == units


@pytest.mark.parametrize("literal", [r'"\07"', r'"\1"', r'"\ud800"'])
def test_octal_escapes_and_lone_surrogates_have_no_value_here(literal: str) -> None:
    assert string_value(literal) is None
