"""Sources that tree-sitter's grammars refuse are read all the same, and nothing of them is lost."""

import pytest

import augment
from augment import ParseError, Pipeline
from augment.checking.verify import check
from augment.reading.flow_types import blank_flow_types

PLAIN = [
    "while (n --> 0) f(n)",
    "let\n a = 1",
    "let\n [a] = b",
    r"String.raw`\usepackage ${a} \xy \9`",
    "class A { x\n*g(){} }",
    "class A { static\n x(){} get\n y(){} }",
    "for (using r = o;;) ;",
    "export {x} from 'm' with {type: 'json'}",
    "import defer * as x from 'm'",
    "import source x from 'm'",
    "import.defer('m')",
    "class A { accessor x = 1; static accessor y; }",
    "@(a[0]) class A {}",
    "class A { @(a[0]) m(){} }",
    '<a class="b" for="c">this & that</a>',
]
TYPED = [
    "using a = f(), b = g();",
    "for (using r of o) ;",
    "async function f() { await using a = b; }",
    "class A { accessor x = 1; static accessor y = 2 }",
    "const Box = styled.div<{wide: boolean}>`c`",
    "let as: string = f(as)",
    "class A { abstract?: boolean; readonly = 1; accessor; accessor(){} }",
    "interface A<in out T, out U> {}",
    "import.defer('x')",
    "import type * as X from 'x'; export type * from 'x'; export type * as N from 'y'",
    "type A<T extends import('./x').B<C>> = T",
]


@pytest.mark.parametrize("source", PLAIN)
def test_plain_syntax_beyond_the_grammar_is_read(source: str) -> None:
    _read_and_rewrite(source, "javascript")


@pytest.mark.parametrize("source", TYPED)
def test_typed_syntax_beyond_the_grammar_is_read(source: str) -> None:
    _read_and_rewrite(source, "typescript")


def _read_and_rewrite(source: str, language: augment.Language) -> None:
    program = augment.parse(source, language=language)
    assert "".join(map("".join, zip(program.trivia, program.text_of, strict=True))) == source
    for seed in range(3):
        view = Pipeline.everything().view(program, seed)
        assert check(program, view) == [], view.text


@pytest.mark.parametrize(
    "source",
    [
        "a = `\\u`",  # only tagged templates may hold what is no escape sequence
        "-->",
        "a\n--> b",  # a comment of scripts
        "class A { accessor\n }}",
        "function broken( {",
        "let x: number = ;",
    ],
)
def test_errors_are_still_refused(source: str) -> None:
    with pytest.raises(ParseError):
        augment.parse(source)


def test_names_in_a_hidden_place_keep_their_name() -> None:
    program = augment.parse("function f(deco) { @(deco[0]) class A {} return A }")
    view = Pipeline(["rename-variables"], probability=1, strength=1).view(program, 1)
    assert "@(deco[0])" in view.text
    assert "function f(deco)" in view.text


FLOW = """\
// @flow
import type { A } from './a';
import { type B, c, typeof D } from './b';
export type Shape = {| +a: number, -b?: ?string, [key: string]: mixed, ... |};
opaque type ID: string = string;
declare var __DEV__: boolean;
declare class Bar { m(): void }
function area(w: number, h: ?number, ...rest: Array<number>): number { return w * (h ?? 1); }
const f = (x: number): string => String(x), k = async <T>(y?: ?T, z: number = 3): T => y;
class P<T> extends React.Component<Props<T>, State> implements X<Y> {
  +prop: T;
  static q: number = 1;
  handle = (e: Event): void => { this.x = (e: any).y; };
  async m<K>(a: K): Promise<K> { return a; }
}
const r = s ? (x: any) : y, t = { b: s ? c : d, m(x: number): string { return ''; } };
switch (x) { case (y: number): z(); default: w(); }
const el = <div a={(x: any)}>Don't {list.map((v: V): Node => <b key={v}>{v}</b>)}</div>;
new Map<string, number>(); g<?number>(null); h(x as any);
function pred(x: mixed): boolean %checks { return typeof x === 'string'; }
"""

WITHOUT_TYPES = """\
// @flow

import {         c,          } from './b';




function area(w        , h         , ...rest               )         { return w * (h ?? 1); }
const f = (x        )         => String(x), k = async    (y     , z         = 3)    => y;
class P    extends React.Component                                  {
   prop   ;
  static q         = 1;
  handle = (e       )       => { this.x = (e     ).y; };
  async m   (a   )             { return a; }
}
const r = s ? (x     ) : y, t = { b: s ? c : d, m(x        )         { return ''; } };
switch (x) { case (y        ): z(); default: w(); }
const el = <div a={(x     )}>Don't {list.map((v   )       => <b key={v}>{v}</b>)}</div>;
new Map                (); g         (null); h(x       );
function pred(x       )                  { return typeof x === 'string'; }
"""


def test_flow_types_become_blanks_of_the_same_length() -> None:
    blanked = blank_flow_types(FLOW.encode()).decode()
    assert len(blanked) == len(FLOW)
    assert [line.rstrip() for line in blanked.splitlines()] == WITHOUT_TYPES.splitlines()


def test_flow_sources_are_read_and_say_so() -> None:
    program = augment.parse(FLOW)
    assert program.adjusted == "Flow types are left out"
    area = next(function for function in program.functions if function.name == "area")
    assert area.node.start == FLOW.index("function area")


@pytest.mark.parametrize("source", [WITHOUT_TYPES, "a ? (b) : c => d; for (;x < y;) z > (1)"])
def test_plain_javascript_has_no_flow_types(source: str) -> None:
    assert blank_flow_types(source.encode()).decode() == source
    assert augment.parse(source).adjusted == ""


BROKEN = """\
import x from 'x';
const first = (text) => text.trim();
function broken( {
  const lost = 1;
}
class Box {
  open() { return first(this.name); }
  bad() {
    const y = ;
    return y;
  }
  close() { return 1; }
}
export function last(b) {
  for (const a of b) { use(a); }
  return first(b);
}
"""


def test_what_parses_of_a_broken_source_is_read_at_its_place() -> None:
    program = augment.parse(BROKEN, partial=True)
    assert [function.name for function in program.functions] == [
        "first",
        "open",
        "bad",
        "close",
        "last",
    ]
    last = program.functions[-1]
    assert BROKEN[last.node.start :].startswith("function last")
    lost = [BROKEN[slice(*part.span)] for part in program.skipped]
    assert lost == [
        "function broken( {\n  const lost = 1;\n}\n",
        "    const y = ;\n",
    ]
    assert all(part.reason == "this does not parse" for part in program.skipped)
    with pytest.raises(ParseError):
        augment.parse(BROKEN)


def test_names_that_a_skipped_part_mentions_are_not_renamed() -> None:
    program = augment.parse("const a = 1, b = 2;\nf(a, );;;)\nexport {};\n", partial=True)
    kept = {binding.name: binding.frozen for binding in program.scopes.bindings}
    assert kept["a"]
    assert not kept["b"]


def test_a_source_of_which_nothing_parses_is_refused() -> None:
    with pytest.raises(ParseError):
        augment.parse("function broken( {", partial=True)


VUE = """\
<template><p v-if="a < b">{{ a }}</p></template>
<!-- <script>lost(</script> -->
<script>
export const name = 'x'
</script>
<script setup lang="ts">
const props = defineProps<{ size: number }>();
function twice(n: number): number { return n * 2; }
</script>
<script type="application/json">{ "not": "code" }</script>
<style>p { color: red }</style>
"""


def test_scripts_of_markup_are_read_at_their_place() -> None:
    program = augment.parse_file(VUE.encode(), "App.vue")
    assert program.language == "typescript"
    assert program.adjusted == "2 scripts of a file of markup"
    (twice,) = program.functions
    assert VUE[twice.node.start :].startswith("function twice")
    assert len(program.source) == len(VUE)


def test_astro_reads_front_matter_and_html_only_scripts() -> None:
    astro = b"---\nconst { title } = Astro.props;\n---\n<h1>{title}</h1>\n<script>go()</script>\n"
    program = augment.parse_file(astro, "page.astro")
    assert [binding.name for binding in program.scopes.bindings] == ["title"]
    with pytest.raises(ParseError, match="no script"):
        augment.parse_file(b"<p>hello</p>", "a.html")


def test_latin_1_is_decoded_and_said() -> None:
    program = augment.parse_file(b"// caf\xe9 \x80\nconst a = '\xfc';\n", "a.js")
    assert program.adjusted == "decoded from Latin-1"
    assert program.source.decode() == "// café €\nconst a = 'ü';\n"
    assert augment.parse(b"a = '\xe9'", partial=True).adjusted == "decoded from Latin-1"
    with pytest.raises(ParseError, match="0xe9"):
        augment.parse(b"a = '\xe9'")
