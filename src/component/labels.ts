// Labels of fields, cases, flags and parameters: their grammar and that they differ. Mirrors spec/14 and Explainer.md, "Import and Export Definitions".

import { isLabel } from "../wit/words.ts";

/** How errors call a label, alone and when it is one of several. */
export interface LabelKind {
  readonly one: string;
  readonly other: string;
}

/** Why some labels may not stand together, or null. They are compared without regard to case. */
export function labelError(labels: readonly string[], { one, other }: LabelKind): string | null {
  const seen = new Map<string, string>();
  for (const label of labels) {
    if (label === "") return `${one} name cannot be empty`;
    if (!isLabel(label)) return `${one} name \`${label}\` is not in kebab case`;
    const key = label.toLowerCase();
    const previous = seen.get(key);
    if (previous !== undefined) {
      return `${one} name \`${label}\` conflicts with previous ${other} name \`${previous}\``;
    }
    seen.set(key, label);
  }
  return null;
}
