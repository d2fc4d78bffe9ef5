"""Running JavaScript in V8: what a program answers, as text that can be compared before and after a
rewrite.
"""

import json
from collections.abc import Sequence

from py_mini_racer import JSEvalException, MiniRacer

# Shows a value so that two runs can be compared. Function names and the wording of engine errors
# are left out: rewrites may change both.
_SHOW = r"""
var console = { log() { __log.push("log " + Array.from(arguments).map(a => __show(a)).join(" ")); } };
console.error = console.warn = console.info = console.debug = console.log;
var __log = [], __answers = [];
function __show(value, depth = 0, seen = []) {
  if (value === undefined) return "undefined";
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return "[function/" + value.length + "]";
  if (value === null || typeof value !== "object") return String(value);
  if (seen.includes(value)) return "[circular]";
  if (depth > 6) return "[deep]";
  const inner = v => __show(v, depth + 1, seen.concat([value]));
  if (value instanceof Error) return __failure(value);
  if (value instanceof RegExp) return String(value);
  if (value instanceof Date) return "Date " + (isNaN(value) ? "invalid" : value.toISOString());
  if (value instanceof Map) return "Map{" + Array.from(value, ([k, v]) => inner(k) + "=>" + inner(v)).join(",") + "}";
  if (value instanceof Set) return "Set{" + Array.from(value, inner).join(",") + "}";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "[" + Array.from(value, inner).join(",") + "]";
  return "{" + Reflect.ownKeys(value).map(k => String(k) + ":" + inner(value[k])).join(",") + "}";
}
function __failure(error) {
  if (!(error instanceof Error)) return "throws " + __show(error);
  const engine = /^(TypeError|ReferenceError|RangeError|SyntaxError)$/.test(error.name);
  return "throws " + error.name + (engine ? "" : ": " + error.message);
}
"""


def run_calls(source: str, calls: Sequence[str], *, source_type: str = "script") -> list[str]:
    """Load `source` in a fresh context and evaluate each of `calls` there.

    Args:
        source: a classic script, or a CommonJS module, whose exported properties become globals.
        calls: expressions; a promise is awaited.
        source_type: "script" or "commonjs".

    Returns:
        For each call what it gave, or "throws NAME[: MESSAGE]"; last what was logged. If the source
        itself throws, one entry says so.
    """
    context = MiniRacer()
    context.eval(_SHOW)
    if source_type == "commonjs":
        source = (
            f"var module = {{ exports: {{}} }}, exports = module.exports;\n(function (module, "
            f"exports) {{{source}\n}})"
            + (".call(exports, module, exports);\nObject.assign(globalThis, module.exports);")
        )
    try:
        context.eval(source, timeout_sec=10)
    except JSEvalException as error:
        return ["loading " + _named(str(error))]
    for number, call in enumerate(calls):
        context.eval(
            f"try {{ let v = (0, eval)({json.dumps('(' + call + ')')});"
            f" if (v && typeof v.then === 'function') v.then(x => __answers[{number}] = 'resolves "
            f"' + __show(x),"
            f" e => __answers[{number}] = 'rejects ' + __failure(e));"
            f" else __answers[{number}] = __show(v); }} catch (e) {{ __answers[{number}] = "
            f"__failure(e); }} undefined",
            timeout_sec=10,
        )
    answers: list[str] = json.loads(
        str(context.eval("JSON.stringify(__answers.concat([__log.join('|')]))"))
    )
    return answers


def _named(message: str) -> str:
    """Keep the error's name: its wording quotes the source."""
    for line in message.splitlines():
        head = line.rpartition("> ")[2] if line.startswith("<") else line
        for name in ("SyntaxError", "TypeError", "ReferenceError", "RangeError", "Error"):
            if name in head:
                return "throws " + name
    return "throws"
