"""What rules about sources ask: call sites, and the program's types."""

from __future__ import annotations

from collections import defaultdict

from augment import Node, Program
from contracode.usage.calls import Call
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.contract_table import Contract
from contracode.usage.subjects import Subjects
from contracode.usage.type_text import tag


class UsageContext:
    """The state of one round of the fixpoint.

    Attributes:
        program: the source.
        subjects: its subjects.
        types: its expressions' types.
        contracts: how functions are called by name and shape, once that is asked.
        call_sites: calls of each function of the program, by the index of its node.
    """

    def __init__(self, program: Program, subjects: Subjects, types: ExpressionTypes) -> None:
        self.program = program
        self.subjects = subjects
        self.types = types
        self.contracts: dict[int, Contract] | None = None
        self._resolved: dict[int, tuple[Node | None, set[int], int]] = {}
        self._methods = self._by_name()
        self.call_sites: dict[int, list[Call]] = {}

    def find_calls(self) -> set[int]:
        """Resolve the calls of the program under the types known now.

        Returns:
            The functions that are called from other places than before.
        """
        found: dict[int, list[Call]] = defaultdict(list)
        for node in self.program.nodes("call_expression", "new_expression"):
            call = Call(node)
            known = self._resolved.get(node.index)
            if known is not None and self.types.is_fresh(known[1], known[2]):
                target = known[0]
            else:
                self.types.reads, since = set(), self.types.clock
                target = self._target(call)
                self._resolved[node.index] = target, self.types.reads, since
            if target is not None:
                found[target.index].append(call)
        before, self.call_sites = self.call_sites, found
        return {index for index, calls in found.items() if calls != before.get(index)}

    def _target(self, call: Call) -> Node | None:
        if call.node.type == "new_expression":
            letter, rest = tag(self.types.of(call.callee) or "")
            if letter == "c":
                body = self.program.tree.nodes[int(rest)].field("body")
                key = (body.index if body is not None else -1, "constructor")
                return self.subjects.methods.get(key)
        found = self.types.calls.target(call)
        if found is not None or call.callee.type != "member_expression":
            return found
        owner, name = call.callee.field("object"), call.callee.field("property")
        if owner is None or name is None or self.types.of(owner) is not None:
            return None
        return self._methods.get(self.types.text(name))

    def _by_name(self) -> dict[str, Node]:
        """Return the methods that no other function of the program, and no declared type, shares
        its name with.
        """
        found: dict[str, list[Node]] = defaultdict(list)
        for function in self.subjects.functions.values():
            if function.name is not None and _is_member(function.node):
                found[function.name].append(function.node)
        declarations = self.types.declarations
        return {
            name: nodes[0]
            for name, nodes in found.items()
            if len(nodes) == 1 and not declarations.owners(name)
        }


def _is_member(node: Node) -> bool:
    around = node.parent
    if around is None:
        return False
    if node.type == "method_definition" or around.type == "pair":
        return True
    left = around.field("left") if around.type == "assignment_expression" else None
    return left is not None and left.type == "member_expression"
