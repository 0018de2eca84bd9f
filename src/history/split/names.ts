// The names that splitting gives to the halves of a function, and which functions it leaves whole.

import type { PackageName } from "../../wit/ast.ts";
import { packageId } from "../../wit/names.ts";

/**
 * Ways of the original that the normal form does not follow:
 * - `share-payloads`: interfaces whose futures carry the same primitive type, or nothing, share one
 *   pair of resources, which stands in the first of them
 * - `float-names`: the resources of a `future<f32>` are called `..-float32`, not `..-f32`
 * - `split-again`: only halves in interfaces are known as results of splitting; halves in a world,
 *   the poll function and the functions of the resources of futures are split again
 */
export const quirks = ["share-payloads", "float-names", "split-again"] as const;

export type Quirk = (typeof quirks)[number];

/** Which functions an interface of this package and name has. */
export interface Owner {
  readonly package: PackageName;
  /** null: the world itself, or an interface that stands inside one */
  readonly interface: string | null;
}

/** A function by its place: `resource` is null for a plain function. */
export interface Candidate {
  readonly kind: "func" | "method" | "static";
  readonly resource: string | null;
  readonly name: string;
}

export const pollName = "isyswasfa-poll";

export function startName(name: string): string {
  return `${name}-isyswasfa-start`;
}

export function resultName(name: string): string {
  return `${name}-isyswasfa-result`;
}

/** The resources of a future whose payload is called `payload`, and the function that makes both. */
export function pairNames(payload: string): {
  readonly sender: string;
  readonly receiver: string;
  readonly pipe: string;
} {
  return {
    sender: `isyswasfa-sender-${payload}`,
    receiver: `isyswasfa-receiver-${payload}`,
    pipe: `isyswasfa-pipe-${payload}`,
  };
}

function isHalf(name: string): boolean {
  return name.endsWith("-isyswasfa-start") || name.endsWith("-isyswasfa-result");
}

/** Whether splitting itself made a function, though it is no half. */
function isMade({ resource, name }: Candidate): boolean {
  const whole = resource === null ? name : resource;
  return /^isyswasfa-(?:poll|pipe-|sender-)/.test(whole);
}

/** Of the functions of WASI only those that its HTTP of the time could wait in. */
function waitsInHttp(owner: Owner, { kind, resource, name }: Candidate): boolean {
  if (owner.interface === "handler") return true;
  const finish = kind === "static" && resource === "body" && name === "finish";
  return owner.interface === "types" && finish;
}

/** Whether a function of an interface is split. */
export function isSplit(owner: Owner, func: Candidate, how: ReadonlySet<Quirk>): boolean {
  if (isHalf(func.name)) return false;
  if (isMade(func) && !how.has("split-again")) return false;
  const { namespaces } = owner.package;
  const unversioned = packageId({ ...owner.package, version: null });
  if (unversioned === "wasi:http") return waitsInHttp(owner, func);
  return namespaces[0] !== "isyswasfa" && namespaces[0] !== "wasi";
}

/** Whether a function of a world itself is split, whoever the world belongs to. */
export function isSplitInWorld(func: Candidate, how: ReadonlySet<Quirk>): boolean {
  return how.has("split-again") || !(isHalf(func.name) || isMade(func));
}
