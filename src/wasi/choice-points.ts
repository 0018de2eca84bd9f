// What WASI leaves to its host, as named parameters with their values. Mirrors spec/09.

export type ChoicePoint =
  | "variant"
  | "pin"
  | "detect"
  | "check"
  | "chunk"
  | "readahead"
  | "apply"
  | "zero"
  | "accept-probe"
  | "order"
  | "bad-argument"
  | "listen-failed"
  | "connect-cancelled"
  | "terminated"
  | "closed-error"
  | "bind-conflict"
  | "receive-shut"
  | "close-unread"
  | "reset-data"
  | "directory"
  | "errors"
  | "unlink"
  | "read-only-error"
  | "open-cancelled"
  | "teardown"
  | "calls"
  | "release"
  | "locks"
  | "random"
  | "faults";

interface ChoicePointDef {
  /** what is open */
  readonly text: string;
  /** the default first */
  readonly values: readonly string[];
}

/**
 * The choice points: the values that each may take, the default first. A world decides one of them at
 * most once, when it first matters; `any` leaves it to the exploration.
 */
export const choicePoints: Readonly<Record<ChoicePoint, ChoicePointDef>> = {
  variant: {
    text: "Which of the interfaces that were discussed the host offers: see chapter 10",
    values: ["V2", "V1", "V3", "V3-pinned", "V4", "V4-soft", "V5", "V5-returning"],
  },
  pin: {
    text: "Whether stream and future values keep an object open, or operations only",
    values: ["value", "op"],
  },
  detect: {
    text: "Whether the host notices an end or an error without a copy of the guest that asks",
    values: ["lazy", "eager"],
  },
  check: {
    text: "When the flags of a descriptor are enforced",
    values: ["first-copy", "call"],
  },
  chunk: {
    text: "How much of a copy the host takes at once: any part of it, or all it can",
    values: ["part", "whole"],
  },
  readahead: {
    text: "Whether file bytes are read before a guest asks for them",
    values: ["none", "whole"],
  },
  apply: {
    text: "Whether accepted bytes are in the file when the copy completes, or when the future resolves",
    values: ["applied", "buffered"],
  },
  zero: {
    text: "When a copy of no elements completes",
    values: ["immediate", "ready-wait"],
  },
  "accept-probe": {
    text: "Whether a read of no elements on a listening stream accepts a connection",
    values: ["peek", "accept"],
  },
  order: {
    text: "Which end of an operation shows first that it is over",
    values: ["both", "stream-first", "future-first"],
  },
  "bad-argument": {
    text: "The state of a socket after `connect` refused its argument",
    values: ["unchanged", "closed"],
  },
  "listen-failed": {
    text: "The state of a socket after `listen` failed",
    values: ["unchanged", "closed"],
  },
  "connect-cancelled": {
    text: "The state of a socket whose `connect` was cancelled",
    values: ["closed", "connecting"],
  },
  terminated: {
    text: "When a connected socket becomes closed",
    values: ["never", "on-reset", "both-done"],
  },
  "closed-error": {
    text: "What methods of a closed socket answer",
    values: ["invalid-state", "stored"],
  },
  "bind-conflict": {
    text: "Which sockets stand in the way of a bind",
    values: ["listening", "bound"],
  },
  "receive-shut": {
    text: "What happens to data that arrives after the receiving side was shut",
    values: ["discard", "reset"],
  },
  "close-unread": {
    text: "How a socket with unread data closes",
    values: ["rst", "fin"],
  },
  "reset-data": {
    text: "What happens to data that was on its way when the connection was reset",
    values: ["delivered", "lost"],
  },
  directory: {
    text: "Whether who reads a directory sees what was added, and what was removed, since the call",
    values: ["live", "snapshot", "keeps-removed", "misses-added"],
  },
  errors: {
    text: "Which of several answers that fit a host gives, an error code mostly",
    values: ["first", "second", "third"],
  },
  unlink: {
    text: "What unlinking an open file does",
    values: ["posix", "windows"],
  },
  "read-only-error": {
    text: "The error for a change through a base that must not be changed",
    values: ["read-only", "not-permitted"],
  },
  "open-cancelled": {
    text: "Whether a cancelled `open-at` has created its file",
    values: ["no-effect", "done"],
  },
  teardown: {
    text: "How long the host goes on after the guests",
    values: ["at-task-exit", "at-run-return", "when-idle"],
  },
  calls: {
    text: "Whether a call of an async function may be over at once, and whether it may take a while",
    values: ["either", "at-once", "pending"],
  },
  release: {
    text: "Whether an object without holders is released before the guest can tell, or some time later",
    values: ["prompt", "late"],
  },
  locks: {
    text: "Whether locks belong to open file descriptions, or (wrongly) to the process",
    values: ["description", "process"],
  },
  random: {
    text: "Which bytes the random functions give: one of three sequences that look random",
    values: ["first", "second", "third"],
  },
  faults: {
    text: "How many times the host's devices may fail, when they like",
    values: ["0", "1", "2"],
  },
};

/** What is fixed beforehand, or left open with `any`; anything else has its default. */
export type Settings = { readonly [K in ChoicePoint]?: string };

const wasmtime: Settings = {
  pin: "op",
  detect: "lazy",
  check: "first-copy",
  readahead: "whole",
  apply: "applied",
  zero: "immediate",
  "accept-probe": "accept",
  "bad-argument": "unchanged",
  "listen-failed": "closed",
  "connect-cancelled": "connecting",
  terminated: "never",
  "closed-error": "stored",
  "read-only-error": "not-permitted",
};

/**
 * What `all` does not leave open: hosts that were only discussed or that are wrong, device faults, and
 * what changes the meaning of most programs at once.
 */
const kept: ReadonlySet<string> = new Set(["variant", "locks", "faults", "release", "unlink"]);

function everything(): Settings {
  const names = Object.keys(choicePoints).filter((name) => !kept.has(name));
  return Object.fromEntries(names.map((name) => [name, "any"]));
}

/** Settings with a name: a host as it was found, the specification's defaults, or all that is allowed. */
export const wasiProfiles: Readonly<Record<string, Settings>> = {
  spec: {},
  all: everything(),
  wasmtime,
  "jco-shim": { ...wasmtime, variant: "V4", readahead: "none", "accept-probe": "peek" },
};

/** The setting of a choice point: what is fixed, or its default. */
export function settingOf(settings: Settings, name: ChoicePoint): string {
  return settings[name] ?? choicePoints[name].values[0] ?? "";
}

/** A name or value of a setting is wrong: says what is known. */
export class SettingError extends Error {}

/** Checks one setting. Throws `SettingError`. */
export function setting(name: string, value: string): Settings {
  if (!Object.hasOwn(choicePoints, name)) {
    const known = Object.keys(choicePoints).join(", ");
    throw new SettingError(`unknown choice point "${name}" (known: ${known})`);
  }
  const values: readonly string[] = choicePoints[name as ChoicePoint].values;
  if (value !== "any" && !values.includes(value)) {
    throw new SettingError(`${name} is ${values.join(", ")} or any, not "${value}"`);
  }
  return { [name]: value };
}

/** The settings that a profile's name stands for. Throws `SettingError`. */
export function profileSettings(name: string): Settings {
  const found = Object.hasOwn(wasiProfiles, name) ? wasiProfiles[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(wasiProfiles).join(", ");
  throw new SettingError(`unknown host profile "${name}" (known: ${known})`);
}
