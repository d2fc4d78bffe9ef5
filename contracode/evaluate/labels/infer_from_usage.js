// Applies the TypeScript compiler's quick fix "infer from usage" to every file of a repository.
//
// Started by compiler.py with the path of typescript.js. Reads {path: text} from standard input,
// and writes one line for each file: {"file": path, "changes": [start, length, text, ...]}, or
// {"file": path, "failed": reason}. Offsets are UTF-16 code units. The sources are not run, and the
// only other files read are the compiler's own declarations.

"use strict";

const fs = require("fs");
const path = require("path");
const ts = require(process.argv[2]);

const ROOT = "/repository/";
const LIBRARY = path.dirname(process.argv[2]).split(path.sep).join("/") + "/";
const input = JSON.parse(fs.readFileSync(0, "utf8"));
const texts = new Map(Object.entries(input).map(([name, text]) => [ROOT + name, text]));

const readFile = (name) => {
  if (texts.has(name)) return texts.get(name);
  return name.startsWith(LIBRARY) ? ts.sys.readFile(name) : undefined;
};
const service = ts.createLanguageService({
  fileExists: (name) => readFile(name) !== undefined,
  getCompilationSettings: () => ({
    jsx: ts.JsxEmit.Preserve,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noImplicitAny: true,
    target: ts.ScriptTarget.ESNext,
    types: [],
  }),
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: (options) => LIBRARY + ts.getDefaultLibFileName(options),
  getScriptFileNames: () => [...texts.keys()],
  getScriptSnapshot: (name) => {
    const text = readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getScriptVersion: () => "0",
  readFile,
});

for (const name of texts.keys()) {
  const file = name.slice(ROOT.length);
  let answer;
  try {
    const scope = { type: "file", fileName: name };
    const format = ts.getDefaultFormatCodeSettings("\n");
    const fixed = service.getCombinedCodeFix(scope, "inferFromUsage", format, {});
    const own = fixed.changes.filter((change) => change.fileName === name);
    const changes = own.flatMap((change) => change.textChanges);
    answer = {
      file,
      changes: changes.flatMap(({ span, newText }) => [span.start, span.length, newText]),
    };
  } catch (error) {
    answer = { file, failed: String((error && error.message) || error) };
  }
  const escape = (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
  const line = JSON.stringify(answer).replace(/[^\x00-\x7f]/g, escape);
  process.stdout.write(line + "\n");
}
