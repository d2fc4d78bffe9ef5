// Asks the TypeScript compiler for the type of every name. Started by checker.py, which documents the protocol; the one argument is the
// path of typescript.js. Only the compiler's own interface is used: it reads sources and never runs them, there are no plugins, and of the
// disk it sees the compiler's own declarations and what is installed in the node_modules folders of the repository.

"use strict";

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const ts = require(process.argv[2]);

const LIBRARY = path.dirname(process.argv[2]).split(path.sep).join("/");

// Where the compiler sees a repository, wherever it lies: no path of the machine gets into a type.
const ROOT = "/repository";

// No `strict` and what comes with it, as DeepTyper had it: null and undefined vanish from unions.
const OPTIONS = {
  allowImportingTsExtensions: true,
  jsx: ts.JsxEmit.Preserve,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  noErrorTruncation: true,
  strict: false,
  target: ts.ScriptTarget.ESNext,
};

const NAMED =
  ts.SymbolFlags.Variable |
  ts.SymbolFlags.Property |
  ts.SymbolFlags.EnumMember |
  ts.SymbolFlags.Function |
  ts.SymbolFlags.Method |
  ts.SymbolFlags.Accessor;

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

// Longer spellings tell no type that anybody would write: what is left of them is whether it is a function or an object.
const LONGEST = 2000;

const libraries = new Map();

function host(files, modules) {
  const folders = new Set([ROOT]);
  for (const name of files.keys()) {
    for (let folder = path.posix.dirname(name); !folders.has(folder); folder = path.posix.dirname(folder)) folders.add(folder);
  }
  const onDisk = (name) => {
    if (name.startsWith(LIBRARY + "/")) return name;
    return modules && name.startsWith(ROOT + "/") && name.includes("/node_modules") ? modules + name.slice(ROOT.length) : undefined;
  };
  const ask = (name, question, otherwise) => {
    const place = onDisk(name);
    return place === undefined ? otherwise : question(place);
  };
  const readFile = (name) => (files.has(name) ? files.get(name) : ask(name, ts.sys.readFile));
  return {
    directoryExists: (name) => folders.has(name) || ask(name, ts.sys.directoryExists, false),
    fileExists: (name) => files.has(name) || ask(name, ts.sys.fileExists, false),
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: (options) => `${LIBRARY}/${ts.getDefaultLibFileName(options)}`,
    getDirectories: (name) => ask(name, ts.sys.getDirectories, []),
    getNewLine: () => "\n",
    getSourceFile: (name, options) => {
      if (libraries.has(name)) return libraries.get(name);
      const text = readFile(name);
      const source = text === undefined ? undefined : ts.createSourceFile(name, text, options);
      if (name.startsWith(LIBRARY + "/")) libraries.set(name, source);
      return source;
    },
    readFile,
    // Package managers link packages to each other; what a link finds outside of the repository keeps the link's name.
    realpath: (name) => {
      const place = onDisk(name);
      if (place === undefined || place === name) return name;
      const real = path.relative(fs.realpathSync(modules), ts.sys.realpath(place)).split(path.sep).join("/");
      return real.startsWith("..") || path.isAbsolute(real) ? name : `${ROOT}/${real}`;
    },
    useCaseSensitiveFileNames: () => true,
    writeFile: () => {},
  };
}

// A type as somebody would write it: like the compiler's typeToString, but type arguments that are the defaults are left out, and a
// member of an enumeration has the enumeration's type, as a literal has its base type.
function spell(checker, spelled, type) {
  if (type.flags & ts.TypeFlags.EnumLiteral && !type.isUnion()) type = checker.getBaseTypeOfLiteralType(type);
  let text = spelled.get(type);
  if (text === undefined) {
    spelled.set(type, ""); // a type that contains itself without a name has no spelling
    text = spellAnew(checker, spelled, type);
    if (text.length > LONGEST) text = outline(type);
    spelled.set(type, text);
  }
  return text;
}

function outline(type) {
  if (!(type.flags & ts.TypeFlags.Object)) return "";
  const calls = type.getCallSignatures().length + type.getConstructSignatures().length;
  return calls > 0 && type.getProperties().length === 0 ? "() => any" : "{}";
}

function spellAnew(checker, spelled, type) {
  const inside = (part) => spell(checker, spelled, part) || "any";
  const withArguments = (symbol, parameters, given) => {
    let count = given.length; // those of a type that is not found, in a package that is not installed, have no parameters
    while (count > 0 && count <= parameters.length && isDefault(checker, parameters[count - 1].getDefault(), given[count - 1], parameters, given)) count--;
    return nameOf(symbol) + (count > 0 ? `<${given.slice(0, count).map(inside).join(", ")}>` : "");
  };
  if (type.flags & ts.TypeFlags.UniqueESSymbol) return "symbol";
  if (type.aliasSymbol) {
    const declared = checker.getDeclaredTypeOfSymbol(type.aliasSymbol);
    return withArguments(type.aliasSymbol, declared.aliasTypeArguments || [], type.aliasTypeArguments || []);
  }
  const union = type.origin && type.origin.isUnion() ? type.origin : type; // as written, aliases of members kept
  const isPlain = !(type.flags & (ts.TypeFlags.Boolean | ts.TypeFlags.EnumLiteral));
  if (union.isUnion() && isPlain && (union !== type || !type.origin)) {
    return [...new Set(union.types.map((member) => `(${inside(member)})`))].join(" | ");
  }
  const { target = type } = type;
  if (target.isClassOrInterface() && target.symbol.name !== ts.InternalSymbolName.Class) {
    const parameters = target.localTypeParameters || [];
    const before = (target.outerTypeParameters || []).length;
    const given = target.typeParameters ? checker.getTypeArguments(type) : [];
    return withArguments(type.symbol, parameters, given.slice(before, before + parameters.length));
  }
  return checker.typeToString(type, undefined, FORMAT);
}

// The name of a type as somebody would write it: `ts.Symbol` is not the global `Symbol`.
function nameOf(symbol) {
  const { parent } = symbol;
  const declared = (symbol.declarations || []).find((declaration) => declaration.name);
  const name = symbol.name === ts.InternalSymbolName.Default && declared ? declared.name.text : symbol.name;
  return parent && /^[\w$]+$/.test(parent.name) ? `${parent.name}.${name}` : name;
}

// Whether `given` is what `assumed`, the default of a type parameter, means among these arguments.
function isDefault(checker, assumed, given, parameters, all) {
  if (!assumed) return false;
  const position = parameters.indexOf(assumed);
  if (position >= 0) return all[position] === given;
  if (assumed === given) return true;
  const isSame = (ones, others) =>
    ones.length === others.length && ones.every((one, i) => isDefault(checker, one, others[i], parameters, all));
  if (assumed.aliasSymbol) {
    return assumed.aliasSymbol === given.aliasSymbol && isSame(assumed.aliasTypeArguments || [], given.aliasTypeArguments || []);
  }
  if (!assumed.target || assumed.target !== given.target) return false;
  return isSame(checker.getTypeArguments(assumed), checker.getTypeArguments(given));
}

// The types of one file: spellings, each once; [start, end, spelling] of names; [start of the body, spelling] of what functions return.
// Offsets are UTF-16 code units of the text; a spelling that is missing is any.
function typesOf(checker, source, spelled) {
  const spellings = new Map();
  const identifiers = [];
  const returns = [];

  const spelling = (type) => {
    const text = spell(checker, spelled, type);
    if (!spellings.has(text)) spellings.set(text, spellings.size);
    return spellings.get(text);
  };

  const holdsFunction = (node) => {
    if (!node || !(ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node))) return false;
    let value = node.initializer;
    while (value && ts.isParenthesizedExpression(value)) value = value.expression;
    return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  };

  const named = (node) => {
    const { parent } = node;
    if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent) || ts.isMetaProperty(parent)) return;
    const isTag = ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent);
    if (isTag && parent.tagName === node && /^[a-z]/.test(node.text)) return; // an element of the page, no variable
    let symbol = checker.getSymbolAtLocation(node);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    if (symbol && checker.isUndefinedSymbol(symbol)) return;
    if (!symbol || checker.isUnknownSymbol(symbol)) {
      identifiers.push(node.getStart(source), node.end, spelling(checker.getAnyType()));
      return;
    }
    if (!(symbol.flags & NAMED)) return;
    const type = checker.getTypeOfSymbolAtLocation(symbol, node);
    let answer = type;
    if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Method) || holdsFunction(symbol.valueDeclaration)) {
      // A name of a function has the type that a call gives; of overloads, the implementation's where it can be seen.
      const signatures = type.getCallSignatures();
      if (signatures.length === 1) answer = signatures[0].getReturnType();
      else if (signatures.length > 1) {
        const implementation = symbol.declarations.find((d) => ts.isFunctionLike(d) && d.body);
        const signature = implementation && checker.getSignatureFromDeclaration(implementation);
        if (!signature) return;
        answer = signature.getReturnType();
      }
    }
    identifiers.push(node.getStart(source), node.end, spelling(answer));
  };

  const visit = (node) => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      named(node);
    } else if (ts.isExpressionWithTypeArguments(node)) {
      visit(node.expression);
    } else if (!ts.isTypeNode(node) && !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) {
      if (ts.isFunctionLike(node) && node.body && !ts.isConstructorDeclaration(node) && !ts.isSetAccessor(node)) {
        const signature = checker.getSignatureFromDeclaration(node);
        if (signature) returns.push(node.body.getStart(source), spelling(signature.getReturnType()));
      }
      ts.forEachChild(node, visit);
    }
  };
  ts.forEachChild(source, visit);
  return { types: [...spellings.keys()], identifiers, returns };
}

function write(value) {
  // Half a character, which a string in a type can be, is an escape here and no Unicode; only those are left as \ud800 to \udfff.
  const line = JSON.stringify(value).replace(/\\(ud[89a-f]..|.)/g, (all, escaped) => (escaped.length > 1 ? "\\ufffd" : all));
  return new Promise((resolve) => {
    if (process.stdout.write(line + "\n")) resolve();
    else process.stdout.once("drain", resolve);
  });
}

async function check(files, roots, labelled, modules) {
  const program = ts.createProgram(roots, OPTIONS, host(files, modules));
  const checker = program.getTypeChecker();
  const spelled = new Map();
  for (const name of labelled) {
    let answer;
    try {
      answer = typesOf(checker, program.getSourceFile(name), spelled);
    } catch (error) {
      answer = { error: String(error && error.message).split("\n")[0] };
    }
    await write({ file: name.slice(ROOT.length + 1), ...answer });
  }
  await write({ done: true });
}

async function main() {
  process.stdout.on("error", () => process.exit(0)); // nobody listens any more
  await write({ node: process.versions.node, typescript: ts.version });
  let files = new Map();
  let roots = [];
  let labelled = [];
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity, terminal: false })) {
    const message = JSON.parse(line);
    if (message.file !== undefined) {
      const name = `${ROOT}/${message.file}`;
      files.set(name, message.text);
      if (message.role !== "imported") roots.push(name);
      if (message.role === "labelled") labelled.push(name);
    } else {
      await check(files, roots, labelled, message.modules);
      files = new Map();
      roots = [];
      labelled = [];
    }
  }
}

main();
