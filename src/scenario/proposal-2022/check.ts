// Scenarios about June 2022: what belongs to that design, and only to it. Mirrors spec/12.

import type { Component, ExportDecl, HostFunc, Scenario } from "../ast.ts";
import type { Pos, Signature, TypeExpr } from "../ast-types.ts";
import type { Place } from "../check-names.ts";
import { type BodyShape, checkBody } from "../check-stmts.ts";
import { fault } from "../errors.ts";
import { checkHandle, isNumber } from "./check-builtins.ts";
import { is2022, isHandle } from "./types.ts";

function checkParameter(t: TypeExpr): void {
  if (isHandle(t)) checkHandle(t);
  else if (t.tag !== "prim" && !(t.tag === "list" && isNumber(t.t))) {
    fault(
      t.pos,
      "a parameter of June 2022 is no such value here",
      "numbers, text, lists of numbers, futures and streams",
    );
  }
}

function checkSignature2022({ async, params, result }: Signature, pos: Pos): void {
  if (async) fault(pos, "there is no `async` in June 2022", "the result says it: -> future<u32>");
  for (const { t } of params) checkParameter(t);
  if (result === null) {
    fault(pos, "a function of June 2022 gives a future or a stream", "-> future, -> stream<u8>");
  } else checkHandle(result);
}

/** An export: its body knows its own task. */
export function checkExport2022(place: Place, e: ExportDecl): void {
  checkSignature2022(e.sig, e.pos);
  if (e.mode === "sync" || e.task === undefined) {
    fault(
      e.pos,
      `\`${e.name}\` does not name its task`,
      "stackful(t) { .. } or callback(t) { .. }",
    );
  }
  const names = e.sig.params.map((p) => p.name);
  const task = e.task ?? "";
  const shape: BodyShape = {
    place,
    kind: e.mode === "callback" ? "callback" : "stackful",
    params: [...names, task],
    result: null,
    returns: null,
    pos: e.pos,
  };
  checkBody(shape, e.body);
  if (e.mode === "callback" && e.onEvent === null) {
    fault(
      e.pos,
      `the callback export \`${e.name}\` has no \`on event\``,
      "on event(e, v1, v2) { .. }",
    );
  }
  if (e.onEvent !== null)
    checkBody({ ...shape, params: [task, ...e.onEvent.params] }, e.onEvent.body);
}

/** A function of the host is a leaf of the tree. */
export function checkHostFunc2022({ sig, pos, cancellable }: HostFunc): void {
  checkSignature2022(sig, pos);
  const { result } = sig;
  if (result?.tag === "stream") {
    fault(
      result.pos,
      "a function of the host gives a future here",
      "let a component give the stream",
    );
  }
  if (result?.tag === "future" && isHandle(result.t)) {
    fault(result.pos, "the host has no future of its own to give", "let a component give it");
  }
  if (sig.params.some(({ t }) => isHandle(t))) {
    fault(pos, "a function of the host takes no futures here", "let a component take them");
  }
  if (cancellable) fault(pos, "nothing is cancelled at once in June 2022", "drop `cancellable`");
}

/** What `return` gives in a function of the host: the value of its future. */
export function valueOf2022({ result }: Signature): TypeExpr | null {
  return result?.tag === "future" ? result.t : null;
}

function all(components: readonly Component[]): readonly Component[] {
  return components.flatMap((c) => [c, ...all(c.children)]);
}

function checkComponent2022({ name, memory, resources, exports, pos }: Component): void {
  if (memory.address === "i64")
    fault(pos, `${name} has a 64-bit memory`, "indices are i32 in June 2022");
  const [resource] = resources;
  if (resource !== undefined)
    fault(resource.pos, "there are no resources in June 2022", "pass numbers");
  for (const e of exports) {
    if (e.postReturn !== null)
      fault(e.pos, "there is no post-return in June 2022", "free it after RETURN_COMPLETE");
  }
}

/** What is of the one design in a scenario about the other. */
export function checkDesign(s: Scenario): void {
  const components = all(s.components);
  if (is2022(s)) {
    for (const c of components) checkComponent2022(c);
    return;
  }
  for (const e of components.flatMap((c) => c.exports)) {
    if (e.task !== undefined) {
      fault(e.pos, `\`${e.name}\` names its task`, "that needs the line `design proposal-2022`");
    }
    if ((e.onEvent?.params.length ?? 3) > 3) {
      fault(
        e.pos,
        "`on event` takes three names",
        "a closure needs the line `design proposal-2022`",
      );
    }
  }
}
