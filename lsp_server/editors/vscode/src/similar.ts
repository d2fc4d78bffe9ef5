/** Similar functions as VS Code's list of references. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

export interface Argument {
  uri?: string;
  position?: { line: number; character: number };
}

interface Found {
  uri: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/** Ask about the function at the cursor, and show what is like it. */
export async function findSimilarFunctions(client: LanguageClient): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    return;
  }
  const { line, character } = editor.selection.active;
  const argument = { uri: client.code2ProtocolConverter.asUri(editor.document.uri), position: { line, character } };
  const params = { command: "contracode.similarFunctions", arguments: [argument] };
  await showSimilarFunctions(argument, await client.sendRequest<Found[]>("workspace/executeCommand", params));
}

export async function showSimilarFunctions(argument: Argument, found: unknown): Promise<void> {
  const locations = Array.isArray(found) ? (found as Found[]).map(location) : [];
  if (locations.length === 0 || !argument.uri || !argument.position) {
    void vscode.window.showInformationMessage("ContraCode: no similar functions.");
    return;
  }
  const { line, character } = argument.position;
  const at = new vscode.Position(line, character);
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(argument.uri), at, locations);
}

function location({ uri, range: { start, end } }: Found): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(start.line, start.character, end.line, end.character));
}
