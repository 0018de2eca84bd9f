// Names that must be unique where they stand (Explainer.md, "strongly-unique").

import type { Name, Pos } from "./ast.ts";
import { fault } from "./errors.ts";

/** Names that are taken, in lower case, and who took them. */
export type Claims = Map<string, { readonly text: string; readonly place: string }>;

function place(pos: Pos): string {
  return `line ${pos.line}`;
}

/** Takes `text`, or stops at `pos` if another name has it but for capitals. */
export function claim(taken: Claims, text: string, pos: Pos, where: string = place(pos)): void {
  const key = text.toLowerCase();
  const other = taken.get(key);
  if (other === undefined) taken.set(key, { text, place: where });
  else if (other.text === text) {
    fault(pos, `\`${text}\` is declared twice`, `the other one is in ${other.place}`);
  } else {
    const hint = `\`${other.text}\` in ${other.place} differs only in capitals`;
    fault(pos, `\`${text}\` is declared twice`, hint);
  }
}

/** The names of the parts of one type or of one function. */
export function claimAll(names: readonly Name[]): void {
  const taken: Claims = new Map();
  for (const { name, pos } of names) claim(taken, name, pos);
}
