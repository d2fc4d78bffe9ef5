// Rewrites programs with a tool from npm, for `contracode evaluate robustness --tool`: JSON lines in, JSON lines out.
//
//   npm install terser esbuild prettier javascript-obfuscator
//   contracode evaluate robustness --data corpus --tool 'terser=node rewrite.cjs terser'
//
// A line {"id": 0, "source": "...", "seed": 0} is answered by {"id": 0, "source": "..."} or {"id": 0, "error": "..."}.
const { createRequire } = require("node:module");
const readline = require("node:readline");
const load = createRequire(process.cwd() + "/"); // what is installed in the working directory

const tools = {
  terser: async (source) => (await load("terser").minify(source, { toplevel: false })).code,
  esbuild: async (source) => (await load("esbuild").transform(source, { minify: true })).code,
  prettier: async (source) => load("prettier").format(source, { parser: "babel" }),
  obfuscator: async (source, seed) => {
    const options = { seed: seed + 1, compact: true, controlFlowFlattening: true, deadCodeInjection: true, stringArray: true };
    return load("javascript-obfuscator").obfuscate(source, options).getObfuscatedCode();
  },
};

async function main() {
  const rewrite = tools[process.argv[2]];
  if (!rewrite) throw new Error(`no tool ${process.argv[2]}; there are ${Object.keys(tools).join(", ")}`);
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { id, source, seed } = JSON.parse(line);
    let answer;
    try {
      answer = { id, source: await rewrite(source, seed) };
    } catch (error) {
      answer = { id, error: String(error.message ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
