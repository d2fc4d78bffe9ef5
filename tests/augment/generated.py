"""Random programs that end and print what they compute: what differential runs in V8 are made of.

A program is a few functions and classes, each calling only those before it, with loops of few
rounds; so it ends. Expressions are drawn by kind (number, text, truth, list, record), so that most
of what they compute is not an error; errors are caught and printed as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from augment import Pipeline, Semantics, registry

KINDS = ("number", "text", "truth", "list", "record")

_NAMES = (
    "a b c d e i j k n s t x y z acc buf count data done flag index item key list name next out "
    "pos rest size sum temp total"
).split()

_KEYS = ("p", "q", "size", "name")


class Generator:
    """Draws one program.

    Args:
        seed: the same seed gives the same program.
    """

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(f"program/{seed}")
        self.scopes: list[
            dict[str, tuple[str, bool]]
        ] = []  # name to (kind, whether it may be written)
        self.used: list[
            set[str]
        ] = []  # for each scope, what it reads of those around: a declaration there would come too late
        self.functions: list[tuple[str, int]] = []
        self.classes: list[str] = []
        self.generators: list[str] = []
        self.labels: list[str] = []
        self.loops = 0
        self.hot = (
            0  # loops and callbacks around: nothing is called there, lest programs take for ever
        )
        self.number = 0
        self.in_function = False

    # -- names

    def fresh(self) -> str:
        """Return a name: often one that an outer scope has too, never one of the innermost
        scope.
        """
        while True:
            name = self.draw.choice(_NAMES)
            if self.draw.random() < 0.3:
                self.number += 1
                name += str(self.number)
            if all(name not in scope for scope in self.scopes[-2:]) and name not in self.used[-1]:
                self.used[-1].add(name)
                self.scopes[-1][name] = ("none", False)
                return name

    def enter(self, kinds: dict[str, tuple[str, bool]] | None = None) -> None:
        self.scopes.append(dict(kinds or {}))
        self.used.append(set())

    def leave(self) -> None:
        self.scopes.pop()
        self.used[-2:] = [self.used[-2] | self.used[-1]]

    def visible(self, kind: str, *, writable: bool = False) -> list[str]:
        found: dict[str, tuple[str, bool]] = {}
        for scope in self.scopes:
            found.update(scope)
        return [
            name for name, (own, free) in found.items() if own == kind and (free or not writable)
        ]

    def pick(self, names: list[str]) -> str:
        """Choose a variable to use."""
        name = self.draw.choice(names)
        self.used[-1].add(name)
        return name

    def declare(self, name: str, kind: str, writable: bool = True) -> None:
        self.scopes[-1][name] = (kind, writable)

    # -- expressions

    def expression(self, kind: str, depth: int = 3) -> str:
        draw = self.draw
        known = self.visible(kind)
        if known and draw.random() < 0.35:
            return self.pick(known)
        if depth <= 0:
            return self.literal(kind)
        if draw.random() < 0.06:
            other = draw.choice(KINDS)
            return (
                f"({self.expression('truth', depth - 1)} ? {self.expression(kind, depth - 1)} : "
                f"{self.expression(other, depth - 2)})"
            )
        made: dict[str, Callable[[int], str]] = {
            "number": self.a_number, "text": self.a_text, "truth": self.a_truth, "list": self.a_list, "record": self.a_record
        }  # fmt: skip
        return made[kind](depth - 1)

    def literal(self, kind: str) -> str:
        draw = self.draw
        if kind == "number":
            return draw.choice(
                ("0", "1", "2", "7", "10", "0.5", "1e3", "0x1F", "-3", "255", "NaN", "-0")
            )
        if kind == "text":
            return draw.choice(
                ("''", "'a'", '"b c"', "'it\\'s'", '"q\\n"', "`t`", "'10'", '"é"', "'x' + 'y'")
            )
        if kind == "truth":
            return draw.choice(("true", "false", "!0", "!1"))
        if kind == "list":
            return draw.choice(("[]", "[1, 2, 3]", "['a', , 'c']", "[[1], 2]", "[undefined, null]"))
        return draw.choice(
            ("{}", "{ p: 1 }", "{ 'p': 2, q: 'z' }", "{ size: 3, get name() { return 4; } }")
        )

    def a_number(self, depth: int) -> str:
        draw, e = self.draw, self.expression
        choice = draw.randrange(13)
        if choice < 4:
            operator = draw.choice(("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"))
            return f"{self.group(e('number', depth))} {operator} {self.group(e('number', depth))}"
        if choice == 4:
            return f"{draw.choice('-+~')}{self.group(e('number', depth))}"
        if choice == 5:
            return f"{self.group(e('list', depth))}.length"
        if choice == 6:
            return f"({e('truth', depth)} ? {e('number', depth)} : {e('number', depth)})"
        if choice == 7:
            return f"Math.{draw.choice(('max', 'min'))}({e('number', depth)}, {e('number', depth)})"
        if choice == 8:
            written = self.visible("number", writable=True)
            if written:
                name = self.pick(written)
                return draw.choice(
                    (
                        f"{name}++",
                        f"--{name}",
                        f"({name} = {e('number', depth)})",
                        f"({name} += {e('number', depth)})",
                    )
                )
        if choice == 9 and self.functions and not self.hot:
            return self.call(depth)
        if choice == 10:
            return f"({e('number', depth)}, {e('number', depth)})"
        if choice == 11:
            body = f"{self.group(e('number', depth - 1))} + v"
            return draw.choice(
                (
                    f"(v => {body})({e('number', depth)})",
                    f"(function (v) {{ return {body}; }})({e('number', depth)})",
                )
            )
        return f"({e('number', depth)} {draw.choice(('||', '&&', '??'))} {e('number', depth)})".replace(
            "?? -", "?? 0-"
        )

    def a_text(self, depth: int) -> str:
        draw, e = self.draw, self.expression
        choice = draw.randrange(7)
        if choice < 2:
            return (
                f"{self.group(e('text', depth))} + "
                f"{self.group(e(draw.choice(('text', 'number')), depth))}"
            )
        if choice == 2:
            return f"`{draw.choice(('', 'v: ', '$'))}${{{e('number', depth)}}}{draw.choice(('', '-'))}${{{e('text', depth)}}}`"
        if choice == 3:
            return f"typeof {self.group(e(draw.choice(KINDS), depth))}"
        if choice == 4:
            return f"String({e(draw.choice(('number', 'truth', 'list')), depth)})"
        if choice == 5:
            return f"{self.group(e('text', depth))}.{draw.choice(('toUpperCase()', 'slice(1)', 'trim()', 'concat(1)'))}"
        return f"({e('truth', depth)} ? {e('text', depth)} : {e('text', depth)})"

    def a_truth(self, depth: int) -> str:
        draw, e = self.draw, self.expression
        choice = draw.randrange(7)
        if choice < 3:
            kind = draw.choice(("number", "text"))
            operator = draw.choice(("<", ">", "<=", ">=", "===", "!==", "==", "!="))
            return f"{self.group(e(kind, depth))} {operator} {self.group(e(kind, depth))}"
        if choice == 3:
            return f"!{self.group(e(draw.choice(KINDS), depth))}"
        if choice == 4:
            return f"({e('truth', depth)} {draw.choice(('&&', '||'))} {e('truth', depth)})"
        if choice == 5:
            return f"'{draw.choice(_KEYS)}' in {self.group(e('record', depth))}"
        return f"Array.isArray({e(draw.choice(KINDS), depth)})"

    def a_list(self, depth: int) -> str:
        draw, e = self.draw, self.expression
        choice = draw.randrange(6)
        if choice == 0:
            return f"{self.group(e('list', depth))}.map({self.callback(depth)})"
        if choice == 1:
            return f"[...{self.group(e('list', depth))}, {e('number', depth)}]"
        if choice == 2 and self.generators:
            return f"[...{draw.choice(self.generators)}({e('number', depth)})]"
        if choice == 3:
            return f"{self.group(e('list', depth))}.filter({self.callback(depth)})"
        if choice == 4:
            return f"Object.keys({e('record', depth)})"
        return f"[{e('number', depth)}, {e('text', depth)}, {e('truth', depth)}]"

    def a_record(self, depth: int) -> str:
        draw, e = self.draw, self.expression
        choice = draw.randrange(4)
        if choice == 0 and self.classes:
            return f"new {draw.choice(self.classes)}({e('number', depth)})"
        if choice == 1:
            return f"({{ ...{self.group(e('record', depth))}, {draw.choice(_KEYS)}: {e('number', depth)} }})"
        names = [*self.visible("number"), *self.visible("text")]
        short = f"{self.pick(names)}, " if names else ""
        key, other = draw.choice(_KEYS), draw.choice(_KEYS)
        return f"({{ {short}{key}: {e('text', depth)}, ['{other}' + 1]: {e('number', depth)}, m(v) {{ return v; }} }})"

    def callback(self, depth: int) -> str:
        self.enter({"v": ("number", True)})
        self.hot += 1
        body = self.expression("number", depth - 1)
        self.hot -= 1
        self.leave()
        return self.draw.choice(
            (
                f"v => {body}",
                f"(v, w) => {{ return {body}; }}",
                f"function (v, w) {{ return {body}; }}",
                f"(v, w = 1) => ({body})",
            )
        )

    def call(self, depth: int) -> str:
        name, arity = self.draw.choice(self.functions)
        return f"{name}({', '.join(self.expression('number', depth - 1) for _ in range(self.draw.randrange(arity + 1)))})"

    def group(self, text: str) -> str:
        return text if text.isidentifier() or text.isdigit() else f"({text})"

    # -- statements

    def block(self, size: int, pad: str, kinds: dict[str, tuple[str, bool]] | None = None) -> str:
        """Return statements with `pad` before each, in a scope of their own."""
        self.enter(kinds)
        text = "".join(self.statement(size, pad) for _ in range(self.draw.randrange(1, 4)))
        self.leave()
        return text

    def body(self, size: int, pad: str, kinds: dict[str, tuple[str, bool]] | None = None) -> str:
        """Return what stands behind `if (...)`: a block, or sometimes one statement."""
        if self.draw.random() < 0.25:
            return f"\n{pad}  {self.simple()}\n"
        return f" {{\n{self.block(size - 1, pad + '  ', kinds)}{pad}}}\n"

    def simple(self) -> str:
        draw, e = self.draw, self.expression
        kind = draw.choice(KINDS)
        written = self.visible(kind, writable=True)
        if written and draw.random() < 0.6:
            name = self.pick(written)
            if kind == "text":
                # doubled in a loop it would fill the memory
                return f"{name} = String({e(kind)}).slice(0, 20);"
            operator = (
                draw.choice(("=", "=", "+=", "-=", "*=", "||=", "??=")) if kind == "number" else "="
            )
            return f"{name} {operator} {e(kind)};"
        return f"console.log({e(draw.choice(KINDS))}, {e('text', 2)});"

    def statement(self, size: int, pad: str) -> str:
        choice = self.draw.randrange(20) if size > 0 else self.draw.randrange(5)
        if choice < 3:
            return self.declaration(pad)
        if choice < 6:
            return f"{pad}{self.simple()}\n"
        makers = (
            self.an_if, self.an_if, self.a_for, self.a_for, self.a_while, self.a_for_of, self.a_switch, self.a_try, self.a_label,
            self.a_closure, self.a_pattern, self.a_jump, self.a_sequence, self.an_if,
        )  # fmt: skip
        return makers[choice - 6](size, pad)

    def declaration(self, pad: str) -> str:
        kind, keyword = self.draw.choice(KINDS), self.draw.choice(("let", "const", "var", "let"))
        name = self.fresh()
        if keyword == "var":
            self.number += 1
            name = f"{name}_{self.number}"  # hoisted: it must be the only one in its function
        value = self.expression(kind)
        self.declare(name, kind, keyword != "const")
        if self.draw.random() < 0.2:
            second = self.fresh()
            text = f"{pad}{keyword} {name} = {value}, {second} = {self.expression('number', 1)};\n"
            self.declare(second, "number", keyword != "const")
            return text.replace(f"{keyword} ", "let ", 1) if keyword == "var" else text
        return f"{pad}{keyword} {name} = {value};\n"

    def an_if(self, size: int, pad: str) -> str:
        text = f"{pad}if ({self.expression('truth')}){self.body(size, pad)}"
        while self.draw.random() < 0.35:
            text += f"{pad}else if ({self.expression('truth')}){self.body(size, pad)}"
        return text + (f"{pad}else{self.body(size, pad)}" if self.draw.random() < 0.5 else "")

    def looped(self, size: int, pad: str, kinds: dict[str, tuple[str, bool]]) -> str:
        self.loops += 1
        self.hot += 1
        text = f" {{\n{self.block(size - 2, pad + '  ', kinds)}{pad}}}\n"
        self.loops -= 1
        self.hot -= 1
        return text

    def a_for(self, size: int, pad: str) -> str:
        name, limit = self.fresh(), self.draw.randrange(1, 4)
        keyword = self.draw.choice(("let", "let", "var"))
        if keyword == "var":
            self.number += 1
            name = f"{name}_{self.number}"
        step = self.draw.choice((f"{name}++", f"++{name}", f"{name} += 1"))
        return f"{pad}for ({keyword} {name} = 0; {name} < {limit}; {step})" + self.looped(
            size, pad, {name: ("number", False)}
        )

    def a_while(self, size: int, pad: str) -> str:
        self.number += 1
        name, limit = f"left{self.number}", self.draw.randrange(1, 4)
        if self.draw.random() < 0.5:
            head = f"{pad}let {name} = {limit};\n{pad}while ({name}-- > 0)"
            return head + self.looped(size, pad, {})
        loop = self.looped(size, pad, {}).rstrip("\n")
        return f"{pad}let {name} = {limit};\n{pad}do{loop} while (--{name} > 0);\n"

    def a_for_of(self, size: int, pad: str) -> str:
        name = self.fresh()
        if self.draw.random() < 0.3:
            head = f"{pad}for (const {name} in {self.expression('record', 2)})"
            return head + self.looped(size, pad, {name: ("text", False)})
        values = self.draw.choice(("[1, 2, 3]", "['u', 'v']", "'xyz'", "[[1, 2], [3, 4]]"))
        if values.startswith("[["):
            return f"{pad}for (const [{name}, y9 = 0] of {values})" + self.looped(
                size, pad, {name: ("number", False)}
            )
        return f"{pad}for (const {name} of {values})" + self.looped(
            size, pad, {name: ("text" if "'" in values else "number", False)}
        )

    def a_switch(self, size: int, pad: str) -> str:
        text = f"{pad}switch ({self.expression('number', 1)}) {{\n"
        labels = self.draw.sample(("0", "1", "2", "7", "'a'", "NaN"), 3)
        for label in labels:
            ending = self.draw.choice((f"{pad}    break;\n", f"{pad}    break;\n", ""))
            text += (
                f"{pad}  case {label}: {{\n{self.block(size - 2, pad + '    ')}{pad}  }}\n{ending}"
            )
        if self.draw.random() < 0.6:
            text += f"{pad}  default:\n{pad}    {self.simple()}\n"
        return text + f"{pad}}}\n"

    def a_try(self, size: int, pad: str) -> str:
        raised = self.draw.choice(
            (
                f"throw {self.expression('number', 1)};",
                "null.x;",
                "throw new TypeError('bad');",
                "undeclared9();",
                "",
            )
        )
        guard = (
            f"if ({self.expression('truth', 1)}) " if raised and self.draw.random() < 0.5 else ""
        )
        text = f"{pad}try {{\n{self.block(size - 1, pad + '  ')}{pad}  {guard}{raised}\n{pad}}}"
        caught = self.draw.random() < 0.8
        if caught:
            text += f" catch (err) {{\n{pad}  console.log('caught', typeof err === 'object' ? err.name : err);\n"
            text += f"{self.block(size - 2, pad + '  ')}{pad}}}"
        if not caught or self.draw.random() < 0.4:
            text += f" finally {{\n{self.block(size - 2, pad + '  ')}{pad}}}"
        return text + "\n"

    def a_label(self, size: int, pad: str) -> str:
        self.number += 1
        label, name = f"outer{self.number}", f"round{self.number}"
        self.labels.append(label)
        inner = self.looped(size, pad, {name: ("number", False)})
        self.labels.pop()
        jump = self.draw.choice(("continue", "break"))
        inner = (
            inner.rstrip("\n")[:-1].rstrip()
            + f"\n{pad}  if ({self.expression('truth', 1)}) {jump} {label};\n{pad}}}\n"
        )
        return f"{pad}{label}: for (let {name} = 0; {name} < 2; {name}++){inner}"

    def a_jump(self, size: int, pad: str) -> str:
        condition = self.expression("truth", 2)
        options = [f"return {self.expression('number', 2)}"] if self.in_function else []
        if self.loops:
            options += ["break", "continue"]
        if self.labels:
            options += [f"break {self.labels[-1]}", f"continue {self.labels[-1]}"]
        return (
            f"{pad}if ({condition}) {self.draw.choice(options)};\n"
            if options
            else self.an_if(size, pad)
        )

    def a_closure(self, size: int, pad: str) -> str:
        """A function that keeps a variable, called a few times."""
        name, kept = self.fresh(), self.visible("number", writable=True)
        outer = (self.loops, self.labels, self.in_function)
        self.loops, self.labels, self.in_function = 0, [], True
        self.hot += 1
        self.enter({"p1": ("number", True)})
        change = f"{self.pick(kept)} += p1; " if kept else ""
        inner = f"{{\n{self.block(size - 2, pad + '  ')}{pad}  {change}return {self.expression('number', 2)};\n{pad}}}"
        self.leave()
        self.loops, self.labels, self.in_function = outer
        self.hot -= 1
        head = self.draw.choice(
            ("(p1) =>", "p1 =>", "function (p1)", f"function {name}Inner(p1)", "(p1 = 2) =>")
        )
        self.declare(name, "function", False)
        return f"{pad}const {name} = {head} {inner};\n{pad}console.log({name}(1), {name}());\n"

    def a_pattern(self, size: int, pad: str) -> str:
        one, two = self.fresh(), self.fresh()
        if self.draw.random() < 0.5:
            text = f"{pad}let [{one} = 5, ...{two}] = {self.expression('list', 2)};\n"
        else:
            rest = self.draw.choice(("", f", ...{two}Rest"))
            text = (
                f"{pad}let {{ p: {one} = 5, q: {two} = [1]{rest} }} = "
                f"{self.expression('record', 2)};\n"
            )
        self.declare(one, "number")
        self.declare(two, "list")
        return text

    def a_sequence(self, size: int, pad: str) -> str:
        return (
            f"{pad}({self.expression('number', 2)}), {self.group(self.expression('number', 2))};\n"
        )

    # -- programs

    def a_function(self) -> str:
        self.number += 1
        name, arity = f"fn{self.number}", self.draw.randrange(4)
        parameters = [f"arg{number}" for number in range(arity)]
        kinds = dict.fromkeys(parameters, ("number", True))
        shown = [f"{p} = {n}" if self.draw.random() < 0.3 else p for n, p in enumerate(parameters)]
        self.in_function = True
        body = self.block(3, "  ", kinds)
        self.enter(kinds)
        body += f"  return {self.expression('number')};\n"
        self.leave()
        self.in_function = False
        style = self.draw.randrange(3)
        text = f"function {name}({', '.join(shown)}) {{\n{body}}}\n"
        if style == 1:
            text = f"const {name} = ({', '.join(shown)}) => {{\n{body}}};\n"
        elif style == 2:
            text = f"var {name} = function ({', '.join(shown)}) {{\n{body}}};\n"
        self.functions.append((name, arity))
        return text

    def a_class(self) -> str:
        self.number += 1
        name = f"Kind{self.number}"
        extends = (
            f" extends {self.draw.choice(self.classes)}"
            if self.classes and self.draw.random() < 0.5
            else ""
        )
        field = self.expression("number", 1)
        self.enter({"first": ("number", True)})
        value = self.expression("number", 2)
        method = self.expression("number", 2)
        self.leave()
        first = "super(first);\n    " if extends else ""
        self.classes.append(name)
        return (
            f"class {name}{extends} {{\n  field = {field};\n  static made = 0;\n"
            f"  constructor(first) {{\n    {first}{name}.made++;\n    this.p = {value};\n  }}\n"
            f"  get size() {{ return this.p + this.field; }}\n  add(first) "
            f"{{ return this.size + {method}; }}\n"
            f"  static make() {{ return new this(3).add(2); }}\n}}\nconsole.log({name}.make(), new {name}(1).add(1), {name}.made);\n"
        )

    def a_generator(self) -> str:
        self.number += 1
        name = f"gen{self.number}"
        self.enter({"n": ("number", True)})
        value = self.expression("number", 2)
        self.leave()
        self.generators.append(name)
        return (
            f"function* {name}(n) "
            f"{{\n  try {{\n    for (let k = 0; k < 3; k++) {{\n      const got = yield k + ({value});\n"
            "      if (got) return got;\n    }\n  } finally {\n    console.log('end');\n  }\n}\n"
        )

    def program(self) -> str:
        """Return the text of the program: a function `main`, called, in which all else stands."""
        self.enter()
        strict = "  'use strict';\n" if self.draw.random() < 0.3 else ""
        makers = [self.a_function, self.a_function, self.a_class, self.a_generator, self.a_function]
        parts = [self.draw.choice(makers)() for _ in range(self.draw.randrange(2, 5))]
        self.in_function = True
        parts += [self.statement(3, "") for _ in range(self.draw.randrange(2, 6))]
        for name, arity in self.functions:
            arguments = ", ".join(self.expression("number", 1) for _ in range(arity))
            parts.append(
                f"try {{ console.log({name}({arguments}), {name}()); }} catch (e) "
                f"{{ console.log('threw', e.name); }}\n"
            )
        inside = "".join("  " + line + "\n" for part in parts for line in part.splitlines())
        return f"function main() {{\n{strict}{inside}}}\n"


def plain_data() -> Pipeline:
    """Return the pipeline of all rewrites that generated programs may meet. They compute NaN and
    -0, which plain data has not.
    """
    names = [
        name
        for name, item in registry().items()
        if item.level <= Semantics.PLAIN_DATA and name not in NEED_NUMBERS
    ]
    return Pipeline(names, probability=1, strength=1, level=Semantics.PLAIN_DATA)


NEED_NUMBERS = frozenset({"convert-extremes"})
"""Transforms that give the same results for numbers other than NaN and -0."""


def generate(seed: int) -> str:
    """Return the program of `seed`."""
    return Generator(seed).program()
