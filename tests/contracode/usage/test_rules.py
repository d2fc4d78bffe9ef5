"""Rules of usage evidence: the types that they find and exclude, and code without evidence."""

import pytest

import augment
from contracode.usage import Usage


def best(source: str, name: str, kind: str = "parameter") -> str | None:
    """Return the best type that the code shows of the first subject of a name."""
    program = augment.parse(source, language="javascript")
    usage = Usage(program)
    subjects = [one for one in usage.subjects if one.name == name and one.kind == kind]
    verdicts = usage.verdicts(subjects[0].node.index)
    return verdicts[0].type if verdicts else None


NOTHING_FOUND = [
    pytest.param("function f(x) { return x; }", "x", id="only returned"),
    pytest.param("function f(x) { return x.length; }", "x", id="length of a string or an array"),
    pytest.param("function f(x) { return x[0]; }", "x", id="indexed, a string or an array"),
    pytest.param("function f(x) { return x + y; }", "x", id="a sum of unknown operands"),
    pytest.param(
        "function f(x) { return x.get('a'); }", "x", id="a member of Map and of other types"
    ),
    pytest.param("function f(x) { return x.name; }", "x", id="one common member"),
    pytest.param(
        "function f(x) { console.log(x); }", "x", id="passed to a function that takes any value"
    ),
    pytest.param("function f(x) { return String(x); }", "x", id="passed to a conversion"),
    pytest.param("function f(x) { x = 1; return x * 2; }", "x", id="used after an assignment"),
    pytest.param(
        "function f(x) { if (x.then) return x.then(); }", "x", id="a member that is tested first"
    ),
    pytest.param("f(() => {}); function f(g, x) {}", "x", id="omitted by every call"),
]


@pytest.mark.parametrize(("source", "name"), NOTHING_FOUND)
def test_no_type_without_evidence(source: str, name: str):
    assert best(source, name) is None


FOUND = [
    ("function f(x) { return x * 2; }", "x", "number"),
    ("function f(x) { x++; }", "x", "number"),
    ("function f(x) { return x + 1; }", "x", "number"),
    ("function f(x) { return x === 'a'; }", "x", "string"),
    ("function f(x) { switch (x) { case 1: return; } }", "x", "number"),
    ("function f(x) { return /%/.test(x); }", "x", "string"),
    ("function f(x) { return parseInt(x, 10); }", "x", "string"),
    ("function f(x) { return Math.floor(x); }", "x", "number"),
    ("const path = require('path'); function f(x) { return path.join(x, 'a'); }", "x", "string"),
    ("import { join } from 'node:path'; function f(x) { return join(x); }", "x", "string"),
    ("function f(x) { return x.trim(); }", "x", "string"),
    ("function f(x) { return x.getTime(); }", "x", "Date"),
    ("function f(x) { return x.querySelector('a').offsetWidth; }", "x", "Element"),
    ("function f(x) { x(); }", "x", "Function"),
    ("function f(x = 1) {}", "x", "number"),
    ("function f(x) { x = x || 'a'; }", "x", "string"),
    ("f('a'); f('b'); function f(x) {}", "x", "string"),
    ("f('a'); f(1); function f(x) {}", "x", "string | number"),
    ("f(1, 2); function f(...x) {}", "x", "number[]"),
    ("class A { constructor(x) {} }\nnew A('a');", "x", "string"),
    ("['a'].forEach((x) => {});", "x", "string"),
    ("['a'].map((x, i) => i);", "i", "number"),
    ("['a'].reduce((x, y) => x + y.length, 0);", "x", "number"),
    ("[1].reduce((x, y) => x, {});", "y", "number"),
    ("const fs = require('fs'); fs.stat(p, (e, x) => {});", "x", "Stats"),
    ("const fs = require('fs'); fs.readFile(p, 'utf8', (e, x) => {});", "x", "string"),
    ("const fs = require('fs'); fs.readFile(p, (e, x) => {});", "x", "Buffer"),
    ("new Promise((x) => x(1));", "x", "Function"),
    ("document.addEventListener('click', (x) => {});", "x", "MouseEvent"),
    ("document.querySelectorAll('a').forEach((x) => {});", "x", "HTMLAnchorElement"),
    ("(req, res) => { res.render('a'); }", "res", "Response"),
    ("(req, res, next) => next();", "next", "NextFunction"),
    ("import http from 'http'; const f = (req, res) => res.end();", "req", "IncomingMessage"),
    ("(request, reply) => reply.send(1);", "reply", "FastifyReply"),
    ("run((err, x) => { if (err) throw err; });", "err", "Error"),
    ("(e) => { e.preventDefault(); };", "e", "Event"),
    ("(e) => { e.keyCode; };", "e", "KeyboardEvent"),
    ("() => <input onChange={(e) => 1} />;", "e", "React.ChangeEvent<HTMLInputElement>"),
    ("/** @param {string} y */ function g(y) {} function f(x) { g(x); }", "x", "string"),
    ("function g(y) { y.trim(); } function f(x) { g(x); }", "x", "string"),
    ("function f(x) { const y = x; y.trim(); }", "x", "string"),
    ("class P { a() {} moveBy(n) {} }\nfunction f(x) { x.a(); x.moveBy(1); }", "x", "P"),
    ("function f(size) { size.trim(); }\nfunction g(size) {}", "size", "string"),
]


@pytest.mark.parametrize(("source", "name", "type"), FOUND, ids=[f"{s[:40]}" for s, _, _ in FOUND])
def test_parameter_type_follows_from_the_code(source: str, name: str, type: str):
    assert best(source, name) == type


@pytest.mark.parametrize(
    ("source", "name", "type"),
    [
        ("let x; for (x in o) {}", "x", "string"),
        ("for (const x of ['a']) {}", "x", "string"),
        ("const x = 'a-b'.split('-');", "x", "string[]"),
        ("const a = s.split('-'); const x = a[1];", "x", "string"),
        ("const x = document.querySelector('h1');", "x", "HTMLHeadingElement | null"),
        ("const x = document.querySelector('.a');", "x", "Element | null"),
        ("const x = document.getElementById('a');", "x", "HTMLElement | null"),
        ("const x = []; x.push('a');", "x", "string[]"),
        ("const x = new Map(); x.set('a', 1);", "x", "Map<string, number>"),
        ("const x = new Set(); x.add('a');", "x", "Set<string>"),
        ("const x = {}; x[k] = 1;", "x", "Record<string, number>"),
        ("const { x } = { x: 1 };", "x", "number"),
        ("const x = new Date();", "x", "Date"),
        ("const x = a < b;", "x", "boolean"),
        ("class A {}\nconst x = new A();", "x", "A"),
        ("const x = await fetch('/');", "x", "Response"),
        ("const x = setTimeout(f, 1);", "x", None),
        ("let x = null; x = g();", "x", None),
    ],
)
def test_variable_type_follows_from_the_code(source: str, name: str, type: str | None):
    assert best(source, name, "variable") == type


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("function f() { g(); }", "void"),
        ("function f() { return 1; }", "number"),
        ("async function f() { return 1; }", "Promise<number>"),
        ("async function f() {}", "Promise<void>"),
        ("function f() { return <b/>; }", "JSX.Element"),
        ("function f(a) { return a ? 'b' : null; }", "string | null"),
        ("function f(n) { return n > 0 ? f(n - 1) : 'a'; }", "string"),
        ("exports.f = (req, res) => { if (a) return res.redirect('/'); res.render('x'); }", "void"),
        ("function f(a) { return a; }", None),
        ("function f() { throw new Error(); }", None),
        ("function* f() { yield 1; }", None),
    ],
)
def test_return_type_follows_from_the_code(source: str, type: str | None):
    assert best(source, "f", "return") == type


@pytest.mark.parametrize(
    ("source", "name", "type"),
    [
        ("function f(x) { const y = x; return y.left; }", "x", "number"),
        ("function f(x) { x.items.push(1); }", "x", "string"),
        ("function f(x) { return x.deep; }", "x", "Function"),
        ("f(function () {}); function f(a, x) { a(x.b); }", "x", "boolean"),
        ("function f(x) { return x[0].toString(); }", "x", "string"),
        ("function f(x) { return x * 2; }", "x", "string"),
        ("function f(x) { x.then(g); }", "x", "Date"),
    ],
)
def test_code_excludes_types_without_the_members(source: str, name: str, type: str):
    program = augment.parse(source, language="javascript")
    usage = Usage(program)
    (subject,) = [one for one in usage.subjects if one.name == name]
    assert usage.contradicts(subject.node.index, type)


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("function f(x) { return x.left; }", "Point"),
        ("function f(x) { return x.left; }", "object"),
        ("function f(x) { return x.trim(); }", "string | number"),
        ("function f(x) { if (typeof x === 'string') return x.trim(); }", "number"),
        ("function f(x) { if (x.then) x.then(); }", "string"),
        ("import Range from './range';\nfunction f(x) { return x.index; }", "Range"),
        ("function f(x) { return x.user; }", "Request"),
    ],
)
def test_code_does_not_exclude_possible_types(source: str, type: str):
    usage = Usage(augment.parse(source, language="javascript"))
    (subject,) = [one for one in usage.subjects if one.name == "x"]
    assert not usage.contradicts(subject.node.index, type)


def test_reasons_count_their_places():
    usage = Usage(augment.parse("f('a'); f('b'); f('c'); function f(x) {}"))
    (subject,) = [one for one in usage.subjects if one.name == "x"]
    assert usage.verdicts(subject.node.index)[0].reason == "called with string in 3 places"


def test_deeply_nested_code_is_read():
    source = "const x = " + "(" * 300 + "1" + ")" * 300 + ";\nconst y = " + "+".join(["a"] * 3000)
    Usage(augment.parse(source))


def test_circular_values_terminate():
    Usage(
        augment.parse("let a = b, b = a; a = [a]; b = {b}; function f(x) { f([x]); return f(x); }")
    )
