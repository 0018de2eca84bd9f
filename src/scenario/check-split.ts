// Whether the stackless bodies of a scenario can be compiled to halves: nobody else may call them.

import type { Block, ExportDecl, Scenario } from "./ast.ts";
import type { Pos, TypeExpr } from "./ast-types.ts";
import { everyComponent } from "./components.ts";
import { fault } from "./errors.ts";
import { hasTag, nodesIn } from "./nodes.ts";

interface Called {
  readonly key: string;
  readonly pos: Pos;
}

/** Every call of an export in a part of the syntax tree. */
function callsIn(part: unknown): readonly Called[] {
  return nodesIn(part, "call").map(({ name, pos }) => {
    return { key: name.path.slice(-2).join("."), pos };
  });
}

/** The bodies that are compiled in one way only. */
function otherBodies({ components, host }: Scenario): readonly Block[] {
  const guests = everyComponent(components).flatMap((c) => [
    ...c.exports.flatMap(({ mode, body, onEvent, postReturn }) =>
      mode === "stackless" ? [] : [body, onEvent?.body ?? [], postReturn ?? []],
    ),
    ...c.funcs.map((f) => f.body),
    ...c.resources.map((r) => r.dtor?.body ?? []),
    c.realloc?.body ?? [],
  ]);
  return [...guests, ...[...(host?.funcs ?? []), ...(host?.processes ?? [])].map((f) => f.body)];
}

/** Stops at the first call of a stackless export by somebody who has to call it as a whole. */
export function checkSplit(scenario: Scenario): void {
  for (const { exports } of everyComponent(scenario.components)) {
    for (const e of exports) if (e.mode === "stackless") checkCopies(e);
  }
  const split = new Set(
    everyComponent(scenario.components).flatMap(({ name, exports }) =>
      exports.filter(({ mode }) => mode === "stackless").map((e) => `${name}.${e.name}`),
    ),
  );
  const call = callsIn(otherBodies(scenario)).find(({ key }) => split.has(key));
  if (call === undefined) return;
  const hint = "of the split ABI only stackless bodies and `run` lines call stackless exports";
  fault(call.pos, `\`${call.key}\` is split, but its caller is not`, hint);
}

/** What pipes and pairs can do, beside what is awaited. */
const plain: ReadonlySet<string> = new Set(
  ["stream", "future"].flatMap((family) =>
    ["new", "drop-readable", "drop-writable"].map((verb) => `${family}.${verb}`),
  ),
);

/** `await stream.read ..`: the statement of that tag is of the host. */
const isAwait = (part: object): boolean =>
  hasTag(part, "await") && "value" in part && part.value.tag === "builtin";

const byte = (t: TypeExpr | null): boolean => t?.tag === "prim" && t.name === "u8";

/** Stops where a body does with a stream or future what the split ABI has nothing for. */
function checkCopies(e: ExportDecl): void {
  for (const { name, pos } of nodesIn(e, "builtin", isAwait)) {
    if (!/^(?:stream|future)\./.test(name) || plain.has(name)) continue;
    fault(pos, `there is no ${name} of the split ABI`, "await stream.read, stream.write, ..");
  }
  const types = nodesIn(e, "stream").filter(({ t }) => !byte(t));
  const copies = nodesIn(e, "builtin").filter(
    ({ name, t }) => name.startsWith("stream.") && t !== null && !byte(t),
  );
  const [other] = [...types, ...copies];
  if (other !== undefined) fault(other.pos, "only a stream of bytes can be split", "stream<u8>");
}
