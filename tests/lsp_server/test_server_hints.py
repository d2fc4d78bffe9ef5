"""Known predictions move with edits; the worker's jobs are dropped when nobody waits."""

import asyncio
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracode.javascript.records import TypePrediction
from lsp_server.protocol.documents import Edit
from lsp_server.services.moved_predictions import move, move_all
from lsp_server.services.worker import Cancelled, Worker

SOURCE = "f(name, b) { name }"
NAME = TypePrediction("parameter", "name", (2, 6), 6, (), False, False, (0, 19))
RETURN = TypePrediction("return", "f", (0, 1), 10, (), False, False, (0, 19))


def edit_of(start: int, end: int, text: str) -> Edit:
    return Edit(start, end, text, before=SOURCE[:start][-1:], after=SOURCE[end:][:1])


def after(edit: Edit) -> str:
    return SOURCE[: edit.start] + edit.text + SOURCE[edit.end :]


@pytest.mark.parametrize(
    ("edit", "hint"),
    [
        (Edit(12, 12, "x"), 6),  # behind
        (Edit(0, 0, "// é\n"), 12),  # before; é has two bytes
        (Edit(2, 2, "a, "), 9),  # right before the name
        (Edit(6, 6, ", c"), 6),  # right behind it: the hint stays with the name
        (Edit(6, 9, ""), 6),  # what follows is deleted
        (Edit(0, 2, "("), 5),
        (Edit(2, 2, "a"), None),  # the name grows
        (Edit(6, 6, "s"), None),
        (Edit(3, 5, ""), None),  # or shrinks
        (Edit(0, 19, "g()"), None),  # or goes
        (Edit(6, 7, "é"), None),
        (Edit(6, 6, "\u0301"), None),  # by a mark that combines with its last letter
        (Edit(6, 6, "\u200d"), None),
    ],
)
def test_a_hint_moves_with_its_name(edit: Edit, hint: int | None) -> None:
    moved = move(NAME, edit)
    assert (None if moved is None else moved.hint_offset) == hint
    if moved is not None:
        assert after(edit).encode()[slice(*moved.span)] == b"name"


def test_the_hint_of_a_return_stays_behind_the_parenthesis() -> None:
    moved = move(RETURN, Edit(9, 9, ", c"))
    assert moved is not None
    assert (moved.span, moved.hint_offset, moved.function) == ((0, 1), 13, (0, 22))


@given(st.integers(0, 19), st.integers(0, 19), st.text("ab, (\u0301", max_size=5))
@example(6, 8, "")
@example(0, 2, "a")
def test_what_survives_still_names_the_same(one: int, other: int, text: str) -> None:
    edit = edit_of(min(one, other), max(one, other), text)
    moved = move(NAME, edit)
    if moved is not None:
        start, end = moved.span
        there = after(edit).encode()
        assert there[start:end] == b"name"
        assert not there[:start].decode()[-1:].isalnum()
        assert there[end:].decode()[:1] != "\u0301"
        assert not there[end:].decode()[:1].isalnum()
        assert moved.hint_offset == moved.span[1]


@given(st.integers(0, 19), st.integers(0, 19), st.text("ab, (é", max_size=5))
def test_all_move_as_each_does(one: int, other: int, text: str) -> None:
    edit = edit_of(min(one, other), max(one, other), text)
    behind = TypePrediction("variable", "c", (13, 17), 17, (), False, False, None)
    known = (NAME, RETURN, replace(NAME, name="b", span=(8, 9), hint_offset=9), behind)
    assert move_all(known, edit) == tuple(
        moved for p in known if (moved := move(p, edit)) is not None
    )


async def test_jobs_run_in_order_and_errors_reach_who_waits() -> None:
    worker = Worker()
    order: list[int] = []

    def job(number: int, cancelled: Cancelled) -> int:
        order.append(number)
        return 1 // number

    futures = [
        worker.submit(lambda cancelled, number=number: job(number, cancelled))
        for number in (1, 0, 2)
    ]
    results = await asyncio.gather(*futures, return_exceptions=True)
    assert order == [1, 0, 2]
    assert results[0] == 1
    assert isinstance(results[1], ZeroDivisionError)
    assert worker.close(timeout=30)


async def test_cancelled_jobs_are_dropped_or_told() -> None:
    worker = Worker()
    begun, told = threading.Event(), threading.Event()

    def endless(cancelled: Cancelled) -> None:
        begun.set()
        while not cancelled():
            pass
        told.set()

    dropped = threading.Event()
    running, waiting = worker.submit(endless), worker.submit(lambda _: dropped.set())
    assert await asyncio.to_thread(begun.wait, 30)
    waiting.cancel()
    running.cancel()
    assert await asyncio.to_thread(told.wait, 30)
    assert await worker.submit(lambda _: "next") == "next"
    assert not dropped.is_set()
    worker.submit(endless)
    assert worker.close(timeout=30)
