// Whether a module or component is refused as a script says it must be. Mirrors spec/14.

import { Invalid } from "../wasm/invalid.ts";
import { type Assembly, bytesOfWat } from "./assembly.ts";
import type { Command } from "./script.ts";
import { failed, noted, passed, skipped, type Verdict } from "./verdict.ts";

export type AssertRefused = Extract<Command, { readonly tag: "assert-refused" }>;

/** The error of what refuses, or what it gives. */
function refusalOf(work: () => string | null): Invalid | string | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Invalid) return error;
    throw error;
  }
}

function sameWords(a: string, b: string): boolean {
  return a.includes(b) || b.includes(a);
}

function byInvalid({ as, message }: AssertRefused, invalid: Invalid): Verdict {
  if (invalid.kind === "unsupported") return skipped(invalid.message);
  const unlinkable = as === "unlinkable";
  if (unlinkable !== (invalid.kind === "unlinkable")) {
    return failed(`${as}: ${message}`, `${invalid.kind}: ${invalid.message}`);
  }
  if (sameWords(invalid.message, message)) return passed;
  return noted(`refused with other words: ${invalid.message}; the test says: ${message}`);
}

/**
 * `refuse` decodes, checks and links, and throws `Invalid` for what is not right; of what is accepted it may
 * give a reason why that is right.
 */
export function judgeRefusal(
  command: AssertRefused,
  assembly: Assembly,
  refuse: (bytes: Uint8Array) => string | null,
): Verdict {
  const { as, custom, message, wat } = command;
  const assembled = bytesOfWat(wat, assembly);
  if (assembled.tag === "refused") {
    if (as === "unlinkable") return skipped(`the assembler refuses it: ${assembled.message}`);
    return noted(`decided by the assembler: ${assembled.message}`, "assembler");
  }
  const invalid = refusalOf(() => refuse(assembled.bytes));
  if (invalid instanceof Invalid) return byInvalid(command, invalid);
  if (invalid !== null) return skipped(invalid);
  if (custom) return skipped("what custom sections and annotations say is not read");
  return failed(`${as}: ${message}`, "it is accepted");
}
