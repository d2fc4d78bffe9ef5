// Asks the TypeScript compiler which parameters of a JavaScript file it leaves as `any`, and what its fix "infer from usage" makes of them.
// Started by any_parameters.py with the path of typescript.js; reads a source from standard input, and writes one line, of a number and
// two types for each name that is a parameter or part of one: [start, end, inferred, written by the fix or null, ...]. Offsets are UTF-16
// code units. The file is checked as with `checkJs`, so that what JSDoc says counts. Nothing of it is run.

"use strict";

const fs = require("fs");
const path = require("path");
const ts = require(process.argv[2]);

const LIBRARY = path.dirname(process.argv[2]).split(path.sep).join("/") + "/";
const NAME = "/file.js";

function serviceOf(text, noImplicitAny) {
  const readFile = (name) => (name === NAME ? text : name.startsWith(LIBRARY) ? ts.sys.readFile(name) : undefined);
  return ts.createLanguageService({
    fileExists: (name) => readFile(name) !== undefined,
    getCompilationSettings: () => ({
      allowJs: true,
      checkJs: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noImplicitAny,
      target: ts.ScriptTarget.ESNext,
      types: [],
    }),
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: (options) => LIBRARY + ts.getDefaultLibFileName(options),
    getScriptFileNames: () => [NAME],
    getScriptSnapshot: (name) => {
      const found = readFile(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getScriptVersion: () => "0",
    readFile,
  });
}

// The names of all parameters in the order of the source: start, end, type, and whether JSDoc says it.
function parametersOf(text) {
  const program = serviceOf(text, false).getProgram();
  const file = program.getSourceFile(NAME);
  const checker = program.getTypeChecker();
  const found = [];
  const take = (name, parameter) => {
    if (!ts.isIdentifier(name)) {
      for (const element of name.elements) if (element.name) take(element.name, parameter);
      return;
    }
    const type = checker.typeToString(checker.getTypeAtLocation(name), undefined, ts.TypeFormatFlags.NoTruncation);
    found.push({ start: name.getStart(), end: name.getEnd(), type, written: ts.getJSDocType(parameter) !== undefined });
  };
  const visit = (node) => {
    // what stands in a type, or in JSDoc, is no parameter of the program
    if (ts.isParameter(node) && node.parent.body !== undefined) take(node.name, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const source = fs.readFileSync(0, "utf8");
const fix = serviceOf(source, true).getCombinedCodeFix(
  { type: "file", fileName: NAME },
  "inferFromUsage",
  ts.getDefaultFormatCodeSettings("\n"),
  {},
);
let fixed = source;
const changes = fix.changes.flatMap((change) => change.textChanges).sort((one, other) => other.span.start - one.span.start);
for (const { span, newText } of changes) fixed = fixed.slice(0, span.start) + newText + fixed.slice(span.start + span.length);

const before = parametersOf(source);
const after = parametersOf(fixed);
if (before.length !== after.length) throw new Error("the fix has changed what parameters there are");
const answer = before.flatMap((one, number) => [one.start, one.end, one.type, after[number].written ? after[number].type : null]);
process.stdout.write(JSON.stringify(answer).replace(/[^\x00-\x7f]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")) + "\n");
