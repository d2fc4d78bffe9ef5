// Reads the declarations of npm packages with the TypeScript compiler and prints them as one JSON
// object; build_declarations.py documents the format. Arguments: a folder with node_modules.

"use strict";

const path = require("path");

const root = path.resolve(process.argv[2]);
const ts = require(path.join(root, "node_modules", "typescript"));

const LIBRARIES = ["lib.es2023.full.d.ts"];

// Modules whose exports are listed: a require or import of one gives these members.
const MODULES = {
  node: [
    "assert", "buffer", "child_process", "cluster", "crypto", "dns", "events", "fs", "fs/promises", "http",
    "https", "net", "os", "path", "perf_hooks", "process", "querystring", "readline", "stream", "string_decoder",
    "timers", "timers/promises", "tls", "url", "util", "vm", "worker_threads", "zlib",
  ],
  express: ["express"],
  fastify: ["fastify"],
  koa: ["koa"],
  react: ["react"],
};

// Interfaces of browsers that programs hardly name; together they are half of lib.dom.
const SKIPPED = /^(SVG(?!Element$)|WebGL|WEBGL|GPU|RTC|OES_|OVR_|EXT_|KHR_|ANGLE_|XR|MIDI|Payment|PublicKey|Authenticator|VTT|MathML(?!Element$)|CSS(?!StyleDeclaration$|StyleSheet$|Rule$)|Media(?!Query|Recorder$|Stream)|Font|Video|Encoded|Wake|Speech|Report|Background|Biquad|Convolver|Dynamics|Oscillator|Wave|Stereo|Panner|Periodic|Delay|Gain|Iir|IIR|Constant|Channel|Script|Animation(?!Event$)|Idle|Paint|Remote|Text(Track|Metrics|Event)|Sensor|View(Transition|Timeline)|DOM(Matrix|Quad|Point|Implementation|Settable)|LargestContentful|Performance(?!$|Entry$)|HTML(Map|Area|Param|Frame|Font|Marquee|Directory|Data|Time|Mod|Quote|Ruby|Slot|Track|Unknown|Base|BR|HR|DList|Legend|Meter|Output|OptGroup|Picture|Progress|TableCaption|TableCol|Title|Menu|Meta|Embed))/;

const GLOBALS_LEFT_OUT = /^(on[a-z]+|undefined|NaN|Infinity|globalThis|[a-z]+bar)$/;

const LONGEST = 160;

const files = [path.join(path.dirname(require.resolve(path.join(root, "node_modules", "typescript"))), LIBRARIES[0])];
const source = path.join(root, "declarations-entry.ts");
const listed = Object.values(MODULES).flat();
const text = [
  '/// <reference types="node" />',
  '/// <reference types="jquery" />',
  '/// <reference types="mocha" />',
  ...listed.map((name, i) => `import * as m${i} from ${JSON.stringify(name)}; export { m${i} };`),
].join("\n");

const options = {
  esModuleInterop: true,
  lib: LIBRARIES,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: ["node", "jquery", "mocha"],
};
const host = ts.createCompilerHost(options);
const readSource = host.getSourceFile.bind(host);
host.getSourceFile = (name, ...rest) =>
  path.resolve(name) === source ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : readSource(name, ...rest);
const exists = host.fileExists.bind(host);
host.fileExists = (name) => path.resolve(name) === source || exists(name);
const program = ts.createProgram([source], options, host);
const checker = program.getTypeChecker();
const entry = program.getSourceFile(source);

// The qualified name of a declared type: what a reader writes behind `import('...').`, or a global.
function origin(symbol) {
  const declaration = symbol.declarations && symbol.declarations[0];
  if (!declaration) return null;
  const file = declaration.getSourceFile().fileName;
  const names = [];
  let module = null;
  let isGlobal = false;
  for (let node = declaration; node; node = node.parent) {
    if (ts.isModuleDeclaration(node)) {
      if (ts.isStringLiteral(node.name)) module = isGlobal ? null : node.name.text.replace(/^node:/, "");
      else if (node.name.text === "global") isGlobal = true;
      else names.unshift(node.name.text);
    }
  }
  const found = /node_modules\/(?:@types\/)?([^/]+)\//.exec(file);
  const group = found ? found[1] : null;
  if (group === "typescript") return { group: /lib\.(dom|webworker|scripthost)/.test(file) ? "dom" : "es", module: null, names };
  if (group === "express-serve-static-core" || group === "serve-static" || group === "express") return { group: "express", module: "express", names: [] };
  if (group === "koa") return { group, module: "koa", names: names.filter((one) => one !== "Application") };
  if (group === "fastify" || group === "react") return { group, module: group, names: names.filter((one) => one !== "React" && one !== "fastify") };
  if (group === "undici-types") return { group: "node", module: null, names };
  return { group, module, names };
}

// An interface that only gives another of its name to the world stands for that: express.Request.
function declared(symbol) {
  if (!(symbol.flags & ts.SymbolFlags.Interface) || (symbol.members && [...symbol.members.values()].some((one) => one.name !== "__call" && !(one.flags & ts.SymbolFlags.TypeParameter)))) return symbol;
  const [base] = checker.getBaseTypes(checker.getDeclaredTypeOfSymbol(symbol)) || [];
  return base && base.symbol && base.symbol.name === symbol.name && base.symbol !== symbol ? declared(base.symbol) : symbol;
}

const types = {};
const waiting = [];

function nameOf(symbol) {
  const from = origin(symbol);
  if (!from || !from.group) return null;
  if (!["es", "dom", "node", "express", "fastify", "koa", "react", "jquery", "mocha"].includes(from.group)) return null;
  const name = [...from.names, symbol.name].join(".");
  if (/^__|^default$|^"/.test(symbol.name)) return null;
  if (from.group === "node" && ["NodeJS.ReadableStream", "NodeJS.WritableStream"].includes(name)) return name;
  if (from.group === "dom" && SKIPPED.test(symbol.name)) return null;
  return from.module ? `${from.module}:${name}` : name;
}

// The packages fastify and mocha declare hundreds of types; programs name these.
const NAMED_OF = { fastify: /^fastify:Fastify(Request|Reply|Instance)$/, mocha: /^Mocha\.(Done|Context|Func|AsyncFunc|TestFunction|SuiteFunction|HookFunction)$/ };

function add(given) {
  const symbol = declared(given);
  const name = nameOf(symbol);
  const group = name && origin(symbol).group;
  if (!name || (NAMED_OF[group] && !NAMED_OF[group].test(name))) return null;
  if (types[name]) return name;
  types[name] = {};
  waiting.push([name, symbol]);
  return name;
}

const PRIMITIVE = ts.TypeFlags.String | ts.TypeFlags.Number | ts.TypeFlags.Boolean | ts.TypeFlags.BigInt | ts.TypeFlags.ESSymbol |
  ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Never;

// A type as text: `any` for what has no short name. Type parameters are `$T`.
function print(type, depth = 0) {
  if (depth > 4) return "any";
  const flags = type.flags;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "any";
  if (flags & PRIMITIVE) return checker.typeToString(type);
  if (flags & ts.TypeFlags.BooleanLiteral) return "boolean";
  if (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.TemplateLiteral)) return "string";
  if (flags & ts.TypeFlags.NumberLiteral) return "number";
  if (flags & ts.TypeFlags.UniqueESSymbol) return "symbol";
  if (flags & ts.TypeFlags.Enum || flags & ts.TypeFlags.EnumLiteral) return "number";
  if (flags & ts.TypeFlags.TypeParameter) {
    const usual = /^TResult/.test(type.symbol.name) ? undefined : checker.getDefaultFromTypeParameter(type);
    return type.isThisType ? "this" : usual ? print(usual, depth + 1) : `$${type.symbol.name}`;
  }
  if (flags & ts.TypeFlags.IndexedAccess) {
    const whole = print(type.objectType, depth + 1);
    return /^\w+$/.test(whole) && type.indexType.flags & ts.TypeFlags.TypeParameter ? `${whole}[${print(type.indexType)}]` : "any";
  }
  if (flags & ts.TypeFlags.Index) return "string";
  if (type.isUnion()) {
    const parts = [...new Set(type.types.map((one) => print(one, depth + 1)))];
    return parts.includes("any") || parts.length > 5 ? "any" : parts.map((one) => (one.includes("=>") ? `(${one})` : one)).join(" | ");
  }
  if (type.isIntersection()) {
    const parts = type.types.map((one) => print(one, depth + 1)).filter((one) => one !== "any" && one !== "object");
    return parts.length ? parts[0] : "any";
  }
  if (flags & ts.TypeFlags.NonPrimitive) return "object";
  if (!(flags & ts.TypeFlags.Object)) return "any";
  if (checker.isArrayType(type)) {
    const element = print(checker.getTypeArguments(type)[0], depth + 1);
    return /[ |]/.test(element) ? `Array<${element}>` : `${element}[]`;
  }
  if (checker.isTupleType(type)) {
    const elements = checker.getTypeArguments(type).map((one) => print(one, depth + 1));
    return `[${elements.join(", ")}]`;
  }
  const symbol = type.aliasSymbol && type.symbol && type.symbol.name === "__type" ? type.aliasSymbol : type.symbol;
  const calls = type.getCallSignatures();
  if (symbol && /^__(type|function)$/.test(symbol.name)) {
    if (calls.length === 1) {
      const shown = calls[0].parameters.map((p) => `${p.name}: ${print(checker.getTypeOfSymbol(p), depth + 1)}`);
      return `(${shown.join(", ")}) => ${print(calls[0].getReturnType(), depth + 1)}`;
    }
    return calls.length ? "Function" : "object";
  }
  if (!symbol) return "any";
  const name = symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias) ? add(symbol) : null;
  if (!name) return calls.length ? "Function" : "any";
  const given = type.aliasTypeArguments && symbol === type.aliasSymbol ? [] : (checker.getTypeArguments(type) || []).filter((one) => !one.isThisType);
  const plain = given.slice(0, 2).map((one) => print(one, depth + 1));
  const generic = /^(Promise|PromiseLike|Map|Set|WeakMap|WeakSet|ReadonlyArray|Iterable|Iterator|IterableIterator|ArrayIterator|MapIterator|SetIterator|Record|NodeListOf|HTMLCollectionOf|JQuery|react:\w+|koa:\w+)$/.test(name);
  return generic && plain.length && plain.some((one) => one !== "any") ? `${name}<${plain.join(", ")}>` : name;
}

const short = (text) => (text.length > LONGEST ? "any" : text);

// A parameter: its type, or the signature of a callback.
function parameter(symbol, declaration) {
  let type = checker.getTypeOfSymbol(symbol);
  const optional = declaration && ts.isParameter(declaration) && (declaration.questionToken || declaration.initializer);
  const rest = declaration && ts.isParameter(declaration) && declaration.dotDotDotToken;
  type = checker.getNonNullableType(type);
  const callback = callable(type);
  const mark = rest ? "..." : optional ? "?" : "";
  if (callback) return [mark, callback];
  return mark + short(print(checker.getTypeOfSymbol(symbol)).replace(optional ? / \| undefined$/ : /^$/, ""));
}

// The one signature of what is only to be called; of an alternative among several, its.
function callable(type) {
  const some = type.isUnion() ? type.types : [type];
  const found = some.filter((one) => one.getCallSignatures().length && !one.getProperties().length);
  if (found.length !== 1) return null;
  const signature = found[0].getCallSignatures()[0];
  return sign(signature, 1);
}

function sign(signature, depth = 0) {
  if (depth > 2) return ["any"];
  const parameters = signature.parameters.map((one) => parameter(one, one.valueDeclaration));
  return [short(print(signature.getReturnType())), ...parameters];
}

// A member: its type as text, or a list of signatures.
function member(symbol) {
  const type = checker.getTypeOfSymbol(symbol);
  const bare = checker.getNonNullableType(type);
  const calls = bare.getCallSignatures();
  if (calls.length && (symbol.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Function) || !bare.getProperties().length)) {
    const seen = new Set();
    const kept = [];
    for (const signature of calls) {
      const one = sign(signature);
      const key = JSON.stringify(one);
      if (!seen.has(key)) kept.push(one);
      seen.add(key);
    }
    return kept.slice(0, 6);
  }
  if (calls.length && bare.symbol && bare.symbol.flags & ts.SymbolFlags.Interface) return print(bare);
  return short(print(type));
}

function describe(name, symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const record = { o: origin(symbol).group, m: {} };
  const parameters = (type.typeParameters || []).filter((one) => !one.isThisType).map((one) => one.symbol.name);
  if (parameters.length) record.p = parameters;
  const bases = type.isClassOrInterface && type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
  const extended = bases.map((one) => print(one)).filter((one) => one !== "any" && one !== "object");
  if (extended.length) record.x = extended;
  const inherited = new Set(bases.flatMap((one) => checker.getPropertiesOfType(one)));
  const own = symbol.members ? [...symbol.members.values()] : checker.getPropertiesOfType(type);
  for (const one of own) {
    if (!(one.flags & (ts.SymbolFlags.Property | ts.SymbolFlags.Method | ts.SymbolFlags.Accessor))) continue;
    if (/^__|^[A-Z][A-Z0-9_]+$|^#/.test(one.name)) continue;
    if (name === "CSSStyleDeclaration" && !/^(cssText|length|parentRule|getProp|item|removeP|setP)/.test(one.name)) continue;
    if (inherited.has(one)) continue;
    record.m[one.name] = member(one);
  }
  // Browsers dispatch these as PointerEvent today; handlers are written for MouseEvent, its base.
  for (const one of ["auxclick", "click", "contextmenu"]) if (/EventMap$/.test(name) && record.m[one]) record.m[one] = "MouseEvent";
  const index = type.getStringIndexType && type.getStringIndexType();
  if (name === "CSSStyleDeclaration") record.s = "string";
  else if (index) record.s = print(index);
  const numbered = type.getNumberIndexType && type.getNumberIndexType();
  if (numbered) record.n = print(numbered);
  const calls = symbol.flags & ts.SymbolFlags.TypeAlias || type.getCallSignatures().length ? type.getCallSignatures() : [];
  if (calls.length) record.c = calls.slice(0, 6).map((one) => sign(one));
  return record;
}

function work() {
  while (waiting.length) {
    const [name, symbol] = waiting.pop();
    types[name] = describe(name, symbol);
  }
}

const globals = {};
const constructors = {};
for (const symbol of checker.getSymbolsInScope(entry, ts.SymbolFlags.Value | ts.SymbolFlags.Type)) {
  const from = origin(symbol);
  if (!from || from.names.length || from.module) continue;
  if (!["es", "dom", "node", "jquery", "mocha"].includes(from.group) || /^m\d+$/.test(symbol.name)) continue;
  if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) {
    if (from.group !== "mocha") add(symbol);
  }
  if (!(symbol.flags & ts.SymbolFlags.Value) || GLOBALS_LEFT_OUT.test(symbol.name)) continue;
  if (from.group === "dom" && SKIPPED.test(symbol.name)) continue;
  const type = checker.getTypeOfSymbol(symbol);
  const made = type.getConstructSignatures();
  if (made.length && from.group !== "mocha") {
    constructors[symbol.name] = made.slice(0, 4).map((one) => sign(one));
    if (!/Constructor$/.test(print(type)) || true) {
      const statics = {};
      for (const one of checker.getPropertiesOfType(type)) {
        if (/^__|^[A-Z][A-Z0-9_]+$|^prototype$/.test(one.name) || one.name in statics) continue;
        if (!one.declarations || /lib\.es5/.test(one.declarations[0].getSourceFile().fileName) && ["apply", "call", "bind", "toString", "arguments", "caller", "length"].includes(one.name)) continue;
        statics[one.name] = member(one);
      }
      globals[symbol.name] = { m: statics };
      if (type.getCallSignatures().length) globals[symbol.name].c = type.getCallSignatures().slice(0, 4).map((one) => sign(one));
    }
  } else globals[symbol.name] = member(symbol);
}

const modules = {};
listed.forEach((name, i) => {
  const alias = checker.getExportsOfModule(entry.symbol).find((one) => one.name === `m${i}`);
  const target = checker.getAliasedSymbol(alias);
  const found = {};
  for (let symbol of checker.getExportsOfModule(target)) {
    if (symbol.flags & ts.SymbolFlags.Alias) symbol = Object.assign(checker.getAliasedSymbol(symbol), {});
    if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) add(symbol);
    if (!(symbol.flags & ts.SymbolFlags.Value) || /^[A-Z][A-Z0-9_]+$/.test(symbol.name) || symbol.name === "default") continue;
    const type = checker.getTypeOfSymbol(symbol);
    const made = type.getConstructSignatures();
    if (made.length) found[symbol.name] = { n: made.slice(0, 3).map((one) => sign(one)) };
    else found[symbol.name] = member(symbol);
  }
  modules[name] = { m: found };
  const whole = target.exports && target.exports.get("export=");
  if (whole) {
    const calls = checker.getTypeOfSymbol(whole.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(whole) : whole).getCallSignatures();
    if (calls.length) modules[name].c = calls.slice(0, 4).map((one) => sign(one));
  }
});
work();

const version = (name) => {
  const found = require(path.join(root, "node_modules", name, "package.json"));
  return { version: found.version, licence: found.license };
};
const packages = {};
for (const name of ["typescript", "@types/node", "@types/express", "@types/express-serve-static-core", "@types/jquery", "@types/koa", "@types/mocha", "@types/react", "fastify"]) packages[name] = version(name);

process.stdout.write(JSON.stringify({ packages, types, globals, constructors, modules }));
