// What the host and a component tell each other in a poll call, as data, values and text. Mirrors spec/11.

import type { CaseValue, RepValue, Value } from "../../model/values.ts";

/** From the host: about a listen of the component, or, `cancel`, about one of its tasks. */
export type Input =
  | {
      readonly tag: "listening" | "ready" | "cancel";
      readonly state: number;
      readonly task: number;
    }
  | { readonly tag: "cancel-complete"; readonly state: number };

/** To the host. */
export type Output =
  | { readonly tag: "ready" | "listen" | "pending"; readonly state: number; readonly task: number }
  | { readonly tag: "cancel" | "cancel-complete"; readonly task: number };

/** The capability that goes with a message, by the name of its field. */
const capabilities = {
  listening: "cancel",
  ready: "ready",
  cancel: "cancel",
  listen: "pending",
  pending: "cancel",
} as const;

/** A capability as it travels: the number of its task. */
export function capability(task: number): RepValue {
  return { tag: "rep", rep: task };
}

/** The task of a capability that was given to the host. */
export function taskOf(v: Value | undefined): number {
  if (typeof v === "object" && "tag" in v && v.tag === "rep") return v.rep;
  throw new Error("a capability is the number of a task");
}

/** A message as a `poll-input`. */
export function inputValue(input: Input): CaseValue {
  const { tag, state } = input;
  if (tag === "cancel-complete") return { tag: "case", label: tag, value: state };
  const fields = { state, [capabilities[tag]]: capability(input.task) };
  return { tag: "case", label: tag, value: { tag: "record", fields } };
}

/** A `poll-output` as a message. */
export function outputOf(v: Value): Output {
  if (typeof v !== "object" || !("tag" in v) || v.tag !== "case") throw new Error("no message");
  const tag = v.label as Output["tag"];
  if (tag === "cancel" || tag === "cancel-complete") {
    return { tag, task: taskOf(v.value ?? undefined) };
  }
  const { value } = v;
  const fields =
    typeof value === "object" && value !== null && "fields" in value ? value.fields : {};
  return { tag, state: Number(fields.state), task: taskOf(fields[capabilities[tag]]) };
}

/** `P2`, `C2`, `R2`: the capabilities on a task. */
export function capabilityName(kind: "pending" | "cancel" | "ready", task: number): string {
  return `${kind.charAt(0).toUpperCase()}${task}`;
}

/** `listening l1 C2` */
export function inputText(input: Input): string {
  const { tag, state } = input;
  const token = `${tag === "cancel" ? "k" : "l"}${state}`;
  if (tag === "cancel-complete") return `${tag} ${token}`;
  return `${tag} ${token} ${capabilityName(capabilities[tag], input.task)}`;
}

/** `pending k1 C2` */
export function outputText(output: Output): string {
  if (!("state" in output)) {
    return `${output.tag} ${capabilityName("cancel", output.task)}`;
  }
  const { tag, state, task } = output;
  const token = `${tag === "listen" ? "l" : "k"}${state}`;
  return `${tag} ${token} ${capabilityName(capabilities[tag], task)}`;
}
