// Asks the TypeScript compiler for its fix "infer from usage" in every file of a repository. Started by compiler.py with the path of
// typescript.js; reads {path: text} from standard input, and writes one line for each file: {"file": path, "changes": [start, length, text,
// ...]}, or {"file": path, "failed": reason}. Offsets are UTF-16 code units. Nothing of the sources is run, and nothing else is read but the
// compiler's own declarations.

"use strict";

const fs = require("fs");
const path = require("path");
const ts = require(process.argv[2]);

const ROOT = "/repository/";
const LIBRARY = path.dirname(process.argv[2]).split(path.sep).join("/") + "/";
const texts = new Map(Object.entries(JSON.parse(fs.readFileSync(0, "utf8"))).map(([name, text]) => [ROOT + name, text]));

const readFile = (name) => (texts.has(name) ? texts.get(name) : name.startsWith(LIBRARY) ? ts.sys.readFile(name) : undefined);
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
    const fixed = service.getCombinedCodeFix({ type: "file", fileName: name }, "inferFromUsage", ts.getDefaultFormatCodeSettings("\n"), {});
    const own = fixed.changes.filter((change) => change.fileName === name).flatMap((change) => change.textChanges);
    answer = { file, changes: own.flatMap((change) => [change.span.start, change.span.length, change.newText]) };
  } catch (error) {
    answer = { file, failed: String((error && error.message) || error) };
  }
  const line = JSON.stringify(answer).replace(/[^\x00-\x7f]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
  process.stdout.write(line + "\n");
}
