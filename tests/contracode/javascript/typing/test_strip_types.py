"""TypeScript without its types: the remaining text, and the map of positions."""

import pytest

import augment
from contracode.javascript.typing.strip_types import strip_types


def strip(source: str, language: augment.Language = "typescript") -> str:
    return strip_types(augment.parse(source, language=language)).program.source.decode()


@pytest.mark.parametrize(
    ("typescript", "javascript"),
    [
        ("let x: string = 'a', y!: A.B<C>;", "let x = 'a', y;"),
        (
            "function f<T>(a?: T, ...r: T[]): a is T { return a! as T }",
            "function f(a, ...r) { return a }",
        ),
        ("const f = async <T,>(a: T): Promise<T> => a;", "const f = async (a) => a;"),
        ("class A<T> extends B<T> implements C, D { x?: T = 1; }", "class A extends B { x = 1; }"),
        ("class A { private readonly a = 1; protected static b; }", "class A { a = 1; static b; }"),
        (
            "class A { constructor(public a: B, @I() readonly b) {} }",
            "class A { constructor(a, b) {} }",
        ),
        ("class A { f(): void; f(a?: B): void {} }", "class A { f(a) {} }"),
        ("abstract class A { abstract a(): B; abstract c: D; e() {} }", "class A { e() {} }"),
        ("class A { [key: string]: B; declare c: D; override e?() {} }", "class A { e() {} }"),
        ("function f(this: A, b: B) {}", "function f(b) {}"),
        ("f(); function f(): A; declare let b: B; type C = D; g();", "f(); g();"),
        ("function f(a: A): void;\nfunction f(a: any) {}", "function f(a) {}"),
        (
            "let a = <B>c; let d = () => <E>{}; (<F>g).h();",
            "let a = c; let d = () => ({}); (g).h();",
        ),
        ("new Map<string, A[]>(); f?.<A>(b); let g = h<A>;", "new Map(); f?.(b); let g = h;"),
        ("let a = b satisfies C as D as unknown as E;", "let a = b;"),
        ("try {} catch (e: unknown) {}", "try {} catch (e) {}"),
        ("import type { A } from 'a';\nimport { type B, C } from 'c';", "import { C } from 'c';"),
        ("export type { A } from 'a';\nexport interface B {}\nexport { C };", "export { C };"),
        (
            "import a = require('a');\nimport b = c.d;\nexport = b;",
            "const a = require('a');\nconst b = c.d;\nmodule.exports = b;",
        ),
        ("export as namespace A;\ndeclare global { let b: C }\nlet d;", "let d;"),
        ("declare module 'a' { export let b: C }\nlet d;", "let d;"),
        ("enum A { B, C = 'c', D }", "const A = { B: 0, C : 'c', D: 2 }"),
        ("export const enum A { B }", "export const A = { B: 0 }"),
        ("namespace A.B { export let c: D; let e }", "const B = (() => { let c; let e })();"),
        ("export namespace A { export type B = 1 }\nlet c", "let c"),
        (
            "export namespace A { export function b() {} }",
            "export const A = (() => { function b() {} })();",
        ),
        ("/** of A */\ntype A = 1;\n/** of b */\nlet b;", "/** of b */\nlet b;"),
        ("// header\n\ninterface A {}\nlet b;", "// header\n\nlet b;"),
        ("let a; type B = 1; let c;", "let a; let c;"),
        ("type A = 1;\r\nlet b;\r\n", "let b;\r\n"),
        ("let a;\ntype A = 1;", "let a;\n"),
        ("let ü: Größe = '😀' as Größe;", "let ü = '😀';"),
    ],
)
def test_types_are_removed_and_enums_and_namespaces_rewritten(typescript, javascript):
    assert strip(typescript) == javascript


def test_tsx():
    assert strip("const a = <B c={d as E}>{f!}</B>;", "tsx") == "const a = <B c={d}>{f}</B>;"


def test_every_kept_token_maps_to_javascript_and_back():
    source = (
        "/* ü */ export abstract class A<T> extends B<T> implements C {\n  private readonly x?: "
        "number = 1;\n"
        "  abstract foo(): void;\n  constructor(public p: string, q = <any>2) { super(); this.x = "
        "p!; }\n}\n"
        "export interface I { a: string }\nenum E { A, B = 3 }\nlet z = (y as unknown as "
        "'😀').w<T>();\nlet v = () => <T>{};\n"
    )
    program = augment.parse(source, language="typescript")
    stripped = strip_types(program)
    made = 0
    for leaf in stripped.program.tree.leaves:
        start = stripped.to_typescript(leaf.start)
        same = program.source[
            start : start + leaf.end - leaf.start
        ].decode() == stripped.program.text(leaf)
        made += not same
        if same:
            assert stripped.to_javascript(start) == leaf.start
            assert stripped.to_typescript(leaf.end - 1) == start + leaf.end - leaf.start - 1
    assert made == 7  # `const`, `=`, `: 0`, `:` of the enum, the parentheses around `{}`


def test_a_removed_byte_maps_to_the_position_of_its_edit():
    program = augment.parse("let x: string = y;", language="typescript")
    stripped = strip_types(program)
    assert [stripped.to_javascript(offset) for offset in (4, 5, 8, 13, 14, 16)] == [
        4,
        5,
        5,
        5,
        6,
        8,
    ]


def test_javascript_is_left_as_it_is():
    source = "class A { static x = 1; get y() { return a < b || c > (d) } }\n"
    assert strip(source) == source


def test_a_result_that_is_not_javascript_is_refused():
    with pytest.raises(augment.ParseError):
        strip("if (a) type B = C")
