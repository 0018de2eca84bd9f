// The gates of what splitting adds: everything it mentions is there whenever it is.

import type { Gate, TypeExpr } from "../../wit/ast.ts";
import { namesInFunc } from "../../wit/type-names.ts";
import { compareVersions } from "../../wit/versions.ts";
import type { Scope } from "./scope.ts";

/** What a made-up item inside something with these gates has to repeat. */
export function outerGates(gates: readonly Gate[]): readonly Gate[] {
  return gates.filter((gate) => gate.tag === "unstable");
}

/** Whether what has gate `a` is there less often than what has gate `b`. */
function isNarrower(a: Gate, b: Gate): boolean {
  if (a.tag !== "since" || b.tag !== "since") return a.tag === "unstable" && b.tag === "since";
  return compareVersions(a.version, b.version) > 0;
}

/** The gates of the resources of a future: the narrowest gate that a type of its payload has. */
export function pairGates(scope: Scope, payload: TypeExpr | null): readonly Gate[] {
  const names = namesInFunc({ params: [], result: payload }).map((one) => one.name);
  const used = scope.items.filter((item) => names.includes(item.name?.name ?? ""));
  const gates = used.flatMap((item) => item.gates).filter((gate) => gate.tag !== "deprecated");
  const [first, ...rest] = gates;
  if (first === undefined) return scope.gates;
  return [rest.reduce((best, gate) => (isNarrower(gate, best) ? gate : best), first)];
}
