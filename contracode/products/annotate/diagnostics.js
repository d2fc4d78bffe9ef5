// Tells the errors that the TypeScript compiler finds in a project whose texts change. Started by diagnostics.py, which documents the
// protocol; the one argument is the path of typescript.js. Only the compiler's own interface is used: it reads sources and never runs
// them, writes nothing, and has no plugins. What a change does not affect is not looked at again.

"use strict";

const path = require("path");
const readline = require("readline");
const ts = require(process.argv[2]);

const DEFAULTS = {
  allowImportingTsExtensions: true,
  jsx: ts.JsxEmit.Preserve,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
};

const FORCED = {
  allowJs: true,
  checkJs: true,
  composite: undefined,
  incremental: undefined,
  noEmit: true,
  plugins: undefined,
  skipLibCheck: true,
  tsBuildInfoFile: undefined,
};

// As `tsc` does: of the nearest folder, this one or one above it, that has either file.
function settings(root) {
  const found = ["tsconfig.json", "jsconfig.json"]
    .map((name) => ts.findConfigFile(root, ts.sys.fileExists, name))
    .filter((file) => file !== undefined)
    .sort((one, other) => path.dirname(other).length - path.dirname(one).length);
  for (const file of found) {
    const read = ts.readConfigFile(file, ts.sys.readFile);
    if (read.error) continue;
    const host = { ...ts.sys, readDirectory: () => [] };
    return { ...ts.parseJsonConfigFileContent(read.config, host, path.dirname(file), undefined, file).options, ...FORCED };
  }
  return { ...DEFAULTS, ...FORCED };
}

const texts = new Map();
const sources = new Map();
let names = [];
let options = {};
let host;
let builder;

function start(root, files, implicitAny) {
  names = files;
  options = settings(root);
  if (implicitAny) options.noImplicitAny = true;
  host = ts.createCompilerHost(options, true);
  const readFile = host.readFile;
  host.getCurrentDirectory = () => root;
  host.readFile = (name) => (texts.has(name) ? texts.get(name) : readFile(name));
  host.getSourceFile = (name, version) => {
    const known = sources.get(name);
    const text = known !== undefined && !texts.has(name) ? known.text : host.readFile(name);
    if (text === undefined) return undefined;
    if (known !== undefined && known.text === text) return known;
    const source = ts.createSourceFile(name, text, version, true);
    source.version = known === undefined ? "0" : String(Number(known.version) + 1);
    sources.set(name, source);
    return source;
  };
}

function errors() {
  builder = ts.createSemanticDiagnosticsBuilderProgram(names, options, host, builder);
  const number = new Map(names.map((name, index) => [name, index]));
  const found = [];
  const add = (diagnostic) => {
    const file = diagnostic.file && number.get(diagnostic.file.fileName);
    if (file === undefined || diagnostic.category !== ts.DiagnosticCategory.Error) return;
    found.push(file, diagnostic.start, diagnostic.code);
  };
  for (const name of names) builder.getSyntacticDiagnostics(builder.getSourceFile(name)).forEach(add);
  builder.getSemanticDiagnostics().forEach(add);
  return found;
}

function say(answer) {
  const line = JSON.stringify(answer).replace(/[^\x00-\x7f]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
  process.stdout.write(line + "\n");
}

say({ typescript: ts.version });
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  try {
    if (asked.root !== undefined) start(asked.root, asked.files, asked.implicitAny);
    for (const [name, text] of Object.entries(asked.texts)) texts.set(name, text);
    say({ errors: errors() });
  } catch (error) {
    say({ failed: String((error && error.message) || error) });
  }
});
