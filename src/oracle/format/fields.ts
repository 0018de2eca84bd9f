// The fields of the lines of a trace: which there are, which must be there, and what they hold. Mirrors spec/15.

import type { Json } from "../../model/json.ts";
import { didYouMean, oneOf } from "../../wit/spelling.ts";
import { isFields, type JsonFields } from "./json-fields.ts";
import { deepest, type JsonPath } from "./json-scan.ts";
import {
  type EventKind,
  eventKinds,
  formatName,
  formatVersion,
  type TraceEvent,
  type TraceHeader,
} from "./trace.ts";

/** A value, or the name of a field, that may not stand where it does. */
export class Misfit extends Error {
  readonly path: JsonPath;
  readonly of: "name" | "value";
  readonly hint: string | null;

  constructor(
    path: JsonPath,
    message: string,
    hint: string | null = null,
    of: "name" | "value" = "value",
  ) {
    super(path.length === 0 || of === "name" ? message : `${pathText(path)}: ${message}`);
    this.path = path;
    this.of = of;
    this.hint = hint;
  }
}

/** Throws `Misfit`. */
type Check = (value: unknown, path: JsonPath) => void;

/** `memory[0].at` */
function pathText(path: JsonPath): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`));
  return parts.join("").replace(/^\./, "");
}

const longest = 60;

/** What was found, short enough for a sentence. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}..`;
}

const text: Check = (value, path) => {
  if (typeof value !== "string") throw new Misfit(path, `${shown(value)} is no text`);
};

const textOrNull: Check = (value, path) => {
  if (value !== null && typeof value !== "string") {
    throw new Misfit(
      path,
      `${shown(value)} is no text, and not null`,
      "a value is a text, in WAVE",
    );
  }
};

function list(each: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Misfit(path, `${shown(value)} is no list`);
    value.forEach((element: unknown, i) => {
      each(element, [...path, i]);
    });
  };
}

/** From 0 on; larger ones would not be exact. */
const index: Check = (value, path) => {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return;
  throw new Misfit(path, `${shown(value)} is no integer from 0 to 2^53 - 1`);
};

const hexText: Check = (value, path) => {
  text(value, path);
  if (/^(?:[\da-f]{2})*$/i.test(String(value))) return;
  throw new Misfit(path, `${shown(value)} is not two hexadecimal digits a byte`);
};

const onlyTrue: Check = (value, path) => {
  if (value !== true) throw new Misfit(path, `${shown(value)} is not true`, "else it is left out");
};

const decimal = /^(?:0|-?[1-9]\d{0,19})$/;
const [least, greatest] = [-(2n ** 63n), 2n ** 64n - 1n];

function isLong(value: string): boolean {
  return decimal.test(value) && BigInt(value) >= least && BigInt(value) <= greatest;
}

const nonFinite: readonly string[] = ["NaN", "Infinity", "-Infinity"];

const core: Check = (value, path) => {
  if (value === null || Number.isFinite(value)) return;
  if (typeof value === "string" && (nonFinite.includes(value) || isLong(value))) return;
  if (typeof value === "string" && decimal.test(value)) {
    throw new Misfit(path, `${value} is no integer of 64 bits`, "they go from -2^63 to 2^64 - 1");
  }
  const forms = 'a number, a 64-bit integer as a text, "NaN", "Infinity", "-Infinity" or null';
  throw new Misfit(path, `${shown(value)} is no core value`, `it is ${forms}`);
};

function isDeep(value: unknown, room: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return room === 0 || Object.values(value).some((part) => isDeep(part, room - 1));
}

const anything: Check = (value, path) => {
  if (!isDeep(value, deepest)) return;
  throw new Misfit(path, `its values lie more than ${deepest} deep within each other`);
};

/** The fields that an object may have, those that it must have, and what it is called in a sentence. */
interface Shape {
  readonly what: string;
  readonly fields: Readonly<Record<string, Check>>;
  readonly needs: readonly string[];
  /** of these it has one at the most */
  readonly either?: readonly string[];
}

function misspelt(name: string, { what, fields }: Shape, path: JsonPath): Misfit {
  const known = Object.keys(fields);
  const hint = didYouMean(name, known, `it may have ${known.join(", ")}`);
  const message = `${what} has no field ${JSON.stringify(name)}`;
  return new Misfit([...path, name], message, hint, "name");
}

function checkShape(value: JsonFields, shape: Shape, path: JsonPath): void {
  for (const name of Object.keys(value)) {
    const check = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (check === undefined) throw misspelt(name, shape, path);
    check(value[name], [...path, name]);
  }
  const missing = shape.needs.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new Misfit(path, `${shape.what} needs the field "${missing}"`);
  checkEither(value, shape, path);
}

function checkEither(value: JsonFields, { what, either = [] }: Shape, path: JsonPath): void {
  const [, second] = Object.keys(value).filter((name) => either.includes(name));
  if (second === undefined) return;
  throw new Misfit([...path, second], `${what} has only one of ${oneOf(either)}`, null, "name");
}

const bytesShape: Shape = {
  what: "an entry of memory",
  fields: { at: index, bytes: hexText, memory: index },
  needs: ["at", "bytes"],
};

const memory: Check = list((value, path) => {
  if (!isFields(value)) throw new Misfit(path, `${shown(value)} is no object`);
  checkShape(value, bytesShape, path);
});

const where = { event: anything, instance: text, thread: text, note: anything };
const crossing = { ...where, func: text };

function shapeOf(kind: EventKind, fields: Shape["fields"], ...needs: readonly string[]): Shape {
  return { what: `the event "${kind}"`, fields, needs };
}

/** How a function of the host returns. */
const answer = { value: text, cancelled: onlyTrue, trapped: onlyTrue };

const shapes: Readonly<Record<EventKind, Shape>> = {
  enter: shapeOf("enter", { ...crossing, args: list(core), memory }),
  leave: shapeOf("leave", { ...crossing, results: list(core) }),
  call: shapeOf("call", { ...crossing, args: list(core) }),
  return: shapeOf("return", { ...crossing, results: list(core), memory }),
  invoke: shapeOf("invoke", { ...where, call: text }, "call"),
  result: shapeOf("result", { ...where, call: text, value: textOrNull }, "call"),
  "host-call": shapeOf("host-call", { ...crossing, args: list(textOrNull) }, "func"),
  "host-return": {
    ...shapeOf("host-return", { ...crossing, ...answer }, "func"),
    either: Object.keys(answer),
  },
  log: shapeOf("log", { ...where, line: text }, "line"),
  trap: shapeOf("trap", { ...where, code: text }),
  end: shapeOf("end", { ...where, waiting: list(text) }),
};

const firstLine = `{"format": "${formatName}", "version": ${formatVersion}}`;

const format: Check = (value, path) => {
  if (value === formatName) return;
  throw new Misfit(path, `${shown(value)} is not "${formatName}"`, `a trace begins ${firstLine}`);
};

const version: Check = (value, path) => {
  if (value === formatVersion) return;
  throw new Misfit(
    path,
    `version ${shown(value)} is not known`,
    `this reads version ${formatVersion}`,
  );
};

const lateKind: Check = (value, path) => {
  if (value === "result") return;
  throw new Misfit(path, `${shown(value)} is not "result"`, "nothing else may be told late");
};

const headerShape: Shape = {
  what: "the header",
  fields: {
    format,
    version,
    engine: text,
    calls: list(text),
    omits: list(text),
    late: list(lateKind),
    note: anything,
  },
  needs: ["format", "version"],
};

function kindOf(kind: unknown): EventKind {
  const known = eventKinds.find((one) => one === kind);
  if (known !== undefined) return known;
  const others = `the kinds are ${oneOf(eventKinds)}`;
  const hint = typeof kind === "string" ? didYouMean(kind, eventKinds, others) : others;
  throw new Misfit(["event"], `${shown(kind)} is no kind of event`, hint);
}

function checkHeader(value: JsonFields): asserts value is JsonFields & TraceHeader {
  checkShape(value, headerShape, []);
}

function checkEvent(value: JsonFields): asserts value is JsonFields & TraceEvent {
  checkShape(value, shapes[kindOf(value.event)], []);
}

/** Whether a line is to be a header: it says what format it has, and is no event. */
function isHeader(value: JsonFields): boolean {
  return Object.hasOwn(value, "format") && !Object.hasOwn(value, "event");
}

function objectOf(value: Json): JsonFields {
  if (isFields(value)) return value;
  throw new Misfit([], `a line holds one object, not ${shown(value)}`);
}

/** Throws `Misfit`. */
export function headerOf(value: Json): TraceHeader {
  const fields = objectOf(value);
  if (!isHeader(fields)) {
    throw new Misfit([], "there is no header before this line", `a trace begins ${firstLine}`);
  }
  checkHeader(fields);
  return fields;
}

/** Throws `Misfit`. */
export function eventOf(value: Json): TraceEvent {
  const fields = objectOf(value);
  if (!Object.hasOwn(fields, "event")) {
    const near = didYouMean("event", Object.keys(fields));
    const hint = near === null ? null : `"event" says what kind it is`;
    throw new Misfit([], 'the field "event" is missing', hint);
  }
  checkEvent(fields);
  return fields;
}

/** What a line is, before it is read any further. */
export function isHeaderLine(value: Json): boolean {
  return isFields(value) && isHeader(value);
}
