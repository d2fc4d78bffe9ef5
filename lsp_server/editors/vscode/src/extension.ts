/** Starts `contracode-lsp` and shows its answers; what the protocol itself covers is left to vscode-languageclient. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type Middleware, State } from "vscode-languageclient/node";

import { effectiveSettings, openLanguages } from "./settings";
import { type Argument, findSimilarFunctions, showSimilarFunctions } from "./similar";

const SIMILAR = "contracode.similarFunctions";

const DOCUMENTS = ["javascript", "javascriptreact", "typescript", "typescriptreact"].flatMap((language) =>
  ["file", "untitled"].map((scheme) => ({ language, scheme })),
);

let client: LanguageClient | undefined;
let languages = "";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("contracode.findSimilarFunctions", () => client && findSimilarFunctions(client)),
    vscode.commands.registerCommand("contracode.showStatus", () => showStatus()),
    vscode.commands.registerCommand("contracode.restartServer", () => restart()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("contracode.server")) {
        await restart();
      } else if (event.affectsConfiguration("javascript.inlayHints") || event.affectsConfiguration("typescript.inlayHints")) {
        await renewSettings();
      }
    }),
    vscode.workspace.onDidOpenTextDocument(async () => {
      const open = openLanguages().join();
      if (open !== languages) {
        languages = open;
        await renewSettings();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Let the server ask for its settings anew: those of the built-in extension, and which languages are open, are part of them. */
async function renewSettings(): Promise<void> {
  if (client?.state === State.Running) {
    await client.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }
}

async function restart(): Promise<void> {
  await client?.dispose();
  client = undefined;
  await start();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("contracode.server");
  // `inspect`: even a scope of "machine" is overridden by the settings of a remote workspace, so the user's own are asked for.
  const [command, ...args] = own<string[]>(settings, "command") ?? ["contracode-lsp"];
  const model = own<string>(settings, "model");
  if (!command) {
    return;
  }
  args.push("--log-level", own<string>(settings, "logLevel") ?? "warning", ...(model ? ["--model", model] : []));
  const options: LanguageClientOptions = {
    documentSelector: DOCUMENTS,
    synchronize: { configurationSection: "contracode" },
    middleware,
  };
  client = new LanguageClient("contracode", "ContraCode", { command, args }, options);
  client.onDidChangeState(({ newState }) =>
    vscode.commands.executeCommand("setContext", "contracode.running", newState === State.Running),
  );
  try {
    await client.start();
  } catch (error) {
    const install = "The server is `contracode-lsp` of the Python package contracode; name it in contracode.server.command.";
    void vscode.window.showErrorMessage(`ContraCode: ${command} does not start (${String(error)}). ${install}`);
  }
}

/** What the user, not the workspace, has set. */
function own<T>(settings: vscode.WorkspaceConfiguration, key: string): T | undefined {
  const found = settings.inspect<T>(key);
  return found?.globalValue ?? found?.defaultValue;
}

const middleware: Middleware = {
  // The command of the code action: VS Code has a list of references, which the server's own choice stands in for elsewhere.
  executeCommand: async (command, args, next) => {
    if (command !== SIMILAR) {
      return next(command, args);
    }
    const argument = { ...(args[0] as Argument), show: false };
    const found: unknown = await next(command, [argument]);
    await showSimilarFunctions(argument, found);
    return found;
  },
  workspace: {
    configuration: (params, _token, _next) =>
      params.items.map((item) =>
        item.section === "contracode" ? effectiveSettings(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined) : null,
      ),
  },
};

async function showStatus(): Promise<void> {
  if (client?.state !== State.Running) {
    void vscode.window.showInformationMessage("ContraCode: the server does not run.");
    return;
  }
  const { model, documents } = await client.sendRequest<Status>("contracode/status");
  const uri = vscode.window.activeTextEditor?.document.uri.toString();
  const silent = documents.find((document) => document.uri === uri)?.silentBecause;
  const problem = model.problem ? ` (${model.problem})` : "";
  void vscode.window.showInformationMessage(
    `ContraCode: model ${model.name ?? ""} ${model.state}${problem}` + (silent ? `; this document has no hints: ${silent}` : ""),
  );
}

interface Status {
  model: { state: string; name: string | null; problem: string | null };
  documents: { uri: string; silentBecause: string | null }[];
}
