// The arguments of the functions of files: texts, flags, numbers, instants. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import type { World } from "../world.ts";
import { fail } from "./failure.ts";

/** A string. */
export function textOf(value: Value | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && "tag" in value && value.tag === "string" ? value.s : "";
}

/** The labels of flags. */
export function flagsOf(value: Value | undefined): ReadonlySet<string> {
  const flags = typeof value === "object" && "tag" in value && value.tag === "flags";
  return new Set(flags ? value.labels : []);
}

/** A `filesize`. */
export function sizeOf(value: Value | undefined): bigint {
  return typeof value === "bigint" || typeof value === "number" ? BigInt(value) : 0n;
}

const second = 1_000_000_000n;

/** An `instant`, from nanoseconds. */
export function instant(time: bigint): Value {
  const nanoseconds = ((time % second) + second) % second;
  const seconds = (time - nanoseconds) / second;
  return { tag: "record", fields: { seconds, nanoseconds: Number(nanoseconds) } };
}

/** The nanoseconds of an `instant`: `invalid` where its nanoseconds are more than a second. */
function nanosecondsOf(value: Value | null): bigint {
  if (typeof value !== "object" || value === null) return 0n;
  if (!("tag" in value) || value.tag !== "record") return 0n;
  const nanoseconds = sizeOf(value.fields.nanoseconds);
  return nanoseconds < second
    ? sizeOf(value.fields.seconds) * second + nanoseconds
    : fail("invalid");
}

/** The time that a `new-timestamp` stands for, where it was `before`. */
export function timeOf({ now }: World, value: Value | undefined, before: bigint): bigint {
  if (typeof value !== "object" || !("tag" in value) || value.tag !== "case") return before;
  if (value.label === "now") return now;
  return value.label === "timestamp" ? nanosecondsOf(value.value) : before;
}
