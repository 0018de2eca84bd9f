// How a trace names the built-ins of June 2022: operands as they are, events by name. Mirrors spec/12.

import { type EventName, eventCodes } from "../history/proposal-2022/events.ts";
import { guest2022 } from "../history/proposal-2022/guest.ts";
import type { State } from "../history/proposal-2022/rule.ts";
import { type RuleName2022, ruleName } from "../history/proposal-2022/rules.ts";
import type { Frame } from "../model/frames.ts";
import type { CoreFunc } from "../model/program.ts";

/** What a call of a built-in shows; `lower` shows as the call that it makes. */
interface Called2022 {
  readonly kind: "builtin";
  readonly name: string;
  readonly args: readonly string[];
  readonly async: false;
  readonly to: null;
}

const shown: ReadonlySet<RuleName2022> = new Set<RuleName2022>([
  "return",
  "write",
  "listen",
  "wait",
  "splice",
  "skip",
  "forward",
  "finish",
  "drop",
  "cancel",
  "task.new",
]);

function nameOf({ tag, core }: Frame): RuleName2022 | null {
  const called = core as CoreFunc | undefined;
  if (tag !== "guest" || called?.guest !== guest2022) return null;
  const name = ruleName(called.code);
  return name !== null && shown.has(name) ? name : null;
}

/** The call of a built-in that is about to begin; null for any other frame. */
export function called2022(frame: Frame): Called2022 | null {
  const name = nameOf(frame);
  const { at, args } = (frame.state ?? {}) as Partial<State>;
  if (name === null || at !== "start") return null;
  const texts = (args ?? []).map(String);
  return { kind: "builtin", name: `canon.${name}`, args: texts, async: false, to: null };
}

/** What it gave; null for any other frame. */
export function result2022Text(frame: Frame, values: readonly number[]): string | null {
  const name = nameOf(frame);
  if (name === null) return null;
  if (name !== "wait") return values.join(" ");
  const [code = 0, ...rest] = values;
  const event = (Object.keys(eventCodes) as EventName[]).find((key) => eventCodes[key] === code);
  return [event ?? code, ...rest].join(" ");
}
