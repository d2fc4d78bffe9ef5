// Runs rewritten TypeScript and JSX: stdin has a JSON list of { code, loader }, stdout what `main` of
// each answers. esbuild is taken from the folder that is the first argument.
const { createRequire } = require("module");
const esbuild = createRequire(process.argv[2] + "/")("esbuild");
const vm = require("vm");

const element = (type, props, ...children) => ({
  type: typeof type === "function" ? type(props || {}) : String(type),
  props,
  children,
});
const React = { createElement: element, Fragment: "fragment", memo: (component) => component };
const MODULES = {
  react: { __esModule: true, default: React, ...React },
  preact: { h: element, Fragment: "fragment" },
  "react/jsx-runtime": { jsx: element, jsxs: element, Fragment: "fragment" },
};

async function answer({ code, loader, jsx }) {
  const log = [];
  try {
    const options = { loader, jsx, format: "cjs", target: "es2022", logLevel: "silent" };
    options.tsconfigRaw = { compilerOptions: { experimentalDecorators: true } };
    const text = esbuild.transformSync(code, options).code;
    const module = { exports: {} };
    const globals = { module, exports: module.exports, require: (name) => MODULES[name] };
    const context = vm.createContext({ ...globals, console: { log: (...all) => log.push(all) } });
    vm.runInContext(text, context, { timeout: 5000 });
    const value = await module.exports.main();
    return JSON.stringify([value, Object.keys(module.exports).sort(), log]);
  } catch (error) {
    return `throws ${error.name}: ${error.message}`;
  }
}

(async () => {
  const answers = [];
  for (const job of JSON.parse(require("fs").readFileSync(0, "utf8"))) answers.push(await answer(job));
  process.stdout.write(JSON.stringify(answers));
})();
