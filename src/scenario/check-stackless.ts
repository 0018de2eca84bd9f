// Stackless bodies: what may be awaited there, what bindings do for them, and that nobody else awaits.

import type { Expr } from "./ast-exprs.ts";
import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";

type Of<T extends Expr["tag"]> = Extract<Expr, { tag: T }>;

/** An expression that only stackless bodies have. */
export type Awaiting = Of<"await" | "start" | "first">;

export function isAwaiting(e: Expr): e is Awaiting {
  return e.tag === "await" || e.tag === "start" || e.tag === "first";
}

/** The expressions directly inside. */
export function awaitedBy(e: Awaiting): readonly Expr[] {
  return e.tag === "first" ? e.calls : [e.value];
}

/** Stops at `what` unless the body is stackless. */
export function checkStacklessOnly(kind: string | undefined, what: string, pos: Pos): void {
  if (kind === "stackless") return;
  fault(pos, `\`${what}\` outside a stackless body`, "async func .. stackless { .. }");
}

/** Built-ins that copy, for which a body can wait. */
const copies: ReadonlySet<string> = new Set([
  "stream.read",
  "stream.write",
  "future.read",
  "future.write",
]);

/** Stops unless what is started or awaited is something that can be. */
export function checkAwaiting(kind: string | undefined, e: Awaiting): void {
  const word = e.tag === "start" ? "start" : "await";
  checkStacklessOnly(kind, word, e.pos);
  for (const value of awaitedBy(e)) {
    if (value.tag === "call" && value.name.path.length === 1) {
      fault(value.pos, `a core function has nothing to ${word}`, "call it without");
    }
    if (value.tag === "builtin" && !copies.has(value.name)) {
      fault(value.pos, `${value.name} has nothing to await`, `only ${[...copies].join(", ")}`);
    }
  }
}

/** The built-ins that an application uses; the others are for its bindings. */
const families: readonly string[] = [
  "resource.",
  "stream.",
  "future.",
  "error-context.",
  "backpressure.",
];

/** Stops where a stackless body does what its bindings do. */
export function checkInStackless(e: Expr): void {
  if (e.tag !== "call" && e.tag !== "builtin") return;
  if (e.async) {
    fault(e.pos, "`async` in a stackless body", "`start` gives a call, `await` its result");
  }
  if (e.tag === "call" || families.some((family) => e.name.startsWith(family))) return;
  fault(e.pos, `${e.name} in a stackless body`, "its bindings call it: await, start, return, ..");
}
