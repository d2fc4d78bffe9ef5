/** The section `contracode` as the server reads it. */

import * as vscode from "vscode";

/** Which of our hints stand where one of the built-in extension's would. */
const BUILT_IN: Record<string, string> = {
  parameters: "parameterTypes.enabled",
  returns: "functionLikeReturnTypes.enabled",
  variables: "variableTypes.enabled",
  fields: "propertyDeclarationTypes.enabled",
};

/**
 * Return the settings without those of this extension alone, and without the kinds of hints that the built-in TypeScript extension shows.
 *
 * Those are per language and ours are not: a kind is left out where either language has it on and a document of that language is open.
 */
export function effectiveSettings(scope: vscode.Uri | undefined): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration("contracode", scope);
  const { besideTypeScript, ...hints } = all.get<Record<string, boolean>>("hints", {});
  if (!besideTypeScript) {
    for (const [ours, theirs] of Object.entries(BUILT_IN)) {
      hints[ours] = hints[ours] !== false && !openLanguages().some((language) => shows(language, theirs, scope));
    }
  }
  return {
    enabled: all.get("enabled"),
    threshold: all.get("threshold"),
    maxFileSize: all.get("maxFileSize"),
    hints,
    names: all.get("names"),
  };
}

function shows(language: string, key: string, scope: vscode.Uri | undefined): boolean {
  return vscode.workspace.getConfiguration(`${language}.inlayHints`, scope).get<boolean>(key, false);
}

/** Which of the built-in extension's languages are open. */
export function openLanguages(): string[] {
  const open = new Set(vscode.workspace.textDocuments.map((document) => document.languageId.replace(/react$/, "")));
  return ["javascript", "typescript"].filter((language) => open.has(language));
}
