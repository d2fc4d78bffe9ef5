"""Former wrong hints of the shipped model, each with the acceptable types."""

import functools

import pytest

from contracode.inference.model import Model, load
from contracode.javascript.records import TypePrediction
from contracode.products.annotate.draw_hints import shown


@functools.cache
def editor() -> Model:
    """Return the shipped model of the editor."""
    return load()


def hints(source: str) -> dict[tuple[str, str], TypePrediction]:
    """Return what an editor shows of a source, by kind and name."""
    model = editor()
    return {
        (one.kind, one.name): one
        for one in shown(model.predict_types(source), model.metadata.threshold)
    }


def shown_type(source: str, kind: str, name: str) -> str | None:
    """Return the type that an editor shows, None where it is silent."""
    one = hints(source).get((kind, name))
    return one.candidates[0].type if one is not None else None


RIGHT = [
    pytest.param(
        "function f() { var i; for (i in this) if (i === 'skip') continue; }",
        ("variable", "i"),
        {"string"},
        id="key of for-in",
    ),
    pytest.param(
        "function f(s) { const a = s.split('-'); const last = a[1]; return last; }",
        ("variable", "last"),
        {"string"},
        id="element of a split",
    ),
    pytest.param(
        "function f(main) { const hasTitle = main.querySelector('h1'); return hasTitle; }",
        ("variable", "hasTitle"),
        {None, "Element | null", "HTMLHeadingElement | null"},
        id="DOM query",
    ),
    pytest.param(
        "const $x = $(href).eq(0);", ("variable", "$x"), {None, "JQuery<HTMLElement>"}, id="jQuery"
    ),
    pytest.param(
        "function f(tags) { return tags.map(function row(t) { return <li>{t}</li>; }); }",
        ("return", "row"),
        {"JSX.Element"},
        id="JSX",
    ),
    pytest.param(
        "Array.from(h).reduce(function pick(best, c) {"
        " return !best || best.compareDocumentPosition(c) & 4 ? c : best; }, null);",
        ("return", "pick"),
        {None, "Node", "Element"},
        id="reduce to an item",
    ),
    pytest.param(
        "const fs = require('fs'); fs.stat(p, (err, s) => { if (err) throw err; use(s); });",
        ("parameter", "s"),
        {"Stats"},
        id="callback of a declared function",
    ),
    pytest.param(
        "function f(position) { var oldPos = position; return oldPos.x; }",
        ("variable", "oldPos"),
        {None, "object", "Point", "Position"},
        id="copy",
    ),
    pytest.param(
        "rows.sort((a, b) => a[0].toString().localeCompare(b[0].toString()));",
        ("parameter", "a"),
        {None, "any[]", "string[]"},
        id="sort of rows",
    ),
    pytest.param(
        "function f(size) { return /%/.test(size) && parseInt(size, 10); }",
        ("parameter", "size"),
        {"string"},
        id="tested by a regular expression",
    ),
    pytest.param(
        "function f(a, b) { var passwordEqual = secureCompare(a, b); if (!passwordEqual) no(); }",
        ("variable", "passwordEqual"),
        {None, "boolean"},
        id="helper for equality",
    ),
    pytest.param(
        "exports.getX = (req, res) => { if (req.u) return res.redirect('/'); res.render('x'); };",
        ("return", "getX"),
        {"void"},
        id="handler",
    ),
    pytest.param(
        "class Cart { constructor(items, currency) { this.currency = currency; } }\n"
        "new Cart(x, 'EUR');",
        ("parameter", "currency"),
        {None, "string"},
        id="argument of a constructor",
    ),
    pytest.param(
        "useEffect(function effect() { a(); return () => {}; });",
        ("return", "effect"),
        {None, "() => void"},
        id="effect",
    ),
    pytest.param(
        "function total(a, b) { return a + b * 2; }\nfunction count(n) { return n * 2; }\n"
        "function add(cart, item) { cart.items.push(item); return cart; }",
        ("return", "add"),
        {None, "object", "Cart"},
        id="returned object",
    ),
    pytest.param(
        "function f(a, b, opts) { g(a, b, opts); return opts.depth; }",
        ("parameter", "opts"),
        {None, "object", "Options"},
        id="options",
    ),
    pytest.param(
        "function isBuf(o) { return o != null && o.constructor.isBuffer(o); }",
        ("return", "isBuf"),
        {"boolean"},
        id="predicate",
    ),
]


@pytest.mark.parametrize(("source", "target", "right"), RIGHT)
def test_hint_is_not_contradicted(source: str, target: tuple[str, str], right: set[str | None]):
    assert shown_type(source, *target) in right


@pytest.mark.parametrize(
    ("source", "name", "type"),
    [
        (
            "import http from 'http'; http.createServer((req, res) => res.end(req.url));",
            "req",
            "IncomingMessage",
        ),
        (
            "import http from 'http'; http.createServer((req, res) => res.end(req.url));",
            "res",
            "ServerResponse",
        ),
        (
            "exports.f = (req, res, next) => { if (!req.user) return next(); res.json(1); };",
            "req",
            "Request",
        ),
        (
            "exports.f = (req, res, next) => { if (!req.user) return next(); res.json(1); };",
            "res",
            "Response",
        ),
        (
            "exports.f = (req, res, next) => { if (!req.user) return next(); res.json(1); };",
            "next",
            "NextFunction",
        ),
        (
            "button.addEventListener('click', (event) => { event.preventDefault(); });",
            "event",
            "MouseEvent",
        ),
        ("Item.find({}, (err, items) => { if (err) throw err; show(items); });", "err", "Error"),
    ],
)
def test_parameters_of_known_contracts_get_a_hint(source: str, name: str, type: str):
    assert shown_type(source, "parameter", name) == type


def test_equal_names_get_equal_hints():
    source = "".join(
        f"Item.find{n}((err, items{n}) => {{ if (err) return done{n}(err); }});\n" for n in range(4)
    )
    model = editor()
    shown_types = {
        one.candidates[0].type
        for one in model.predict_types(source)
        if one.name == "err" and one.candidates[0].probability >= model.metadata.threshold
    }
    shown_of = [one for one in model.predict_types(source) if one.name == "err"]
    assert shown_types == {"Error"}
    assert all(one.candidates[0].probability >= model.metadata.threshold for one in shown_of)


def test_hint_states_its_reason():
    one = hints("f('a'); f('b'); f('c'); function f(title) { return title.trim(); }")
    assert one["parameter", "title"].candidates[0].reason == "called with string in 3 places"
