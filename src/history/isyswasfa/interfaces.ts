// What the host of the split ABI offers: its interfaces in WIT, and both halves of each function. Mirrors spec/11.

import { sameType } from "../../canon/values/types.ts";
import type { ResourceTypeId } from "../../model/ids.ts";
import type { FuncType, ValType } from "../../model/types.ts";
import { parseWit } from "../../wit/parse.ts";
import { interfaces } from "../../wit/resolve.ts";
import type { Interface, InterfaceFunc, ResourceId } from "../../wit/resolved.ts";
import { funcType, type ResourceTypeOf, valType } from "../../wit/val-types.ts";
import { pairNames, resultName, startName } from "../split/names.ts";
import { pollWit, tasksWit } from "../split/support.ts";
import type { PairKeys, SplitFunc, SplitHost } from "./protocol.ts";
import { mapType, payloadName, payloadsIn, type Substitutes } from "./types.ts";

/** The interface of the tasks, whose resources are the three capabilities. */
export const tasksKey = "isyswasfa:isyswasfa/isyswasfa";

/** The interface that tests get pollables from. */
export const pollablesKey = "canon-async:testing/pollables";

const wasiPoll = "wasi:io/poll@0.2.0";

/** What a stream of bytes becomes. */
const inputStreamKey = "wasi:io/streams.input-stream";

/** The parts of `wasi:io` that nobody blocks in. */
const wasiIoWit = `
package wasi:io@0.2.0;

interface poll {
  resource pollable {
    ready: func() -> bool;
  }
}

interface streams {
  use poll.{pollable};

  variant stream-error { closed }

  resource input-stream {
    /// A part of what is there; empty: nothing yet.
    read: func(len: u64) -> result<list<u8>, stream-error>;
    subscribe: func() -> pollable;
  }

  resource output-stream {
    /// How many bytes may be written now.
    check-write: func() -> result<u64, stream-error>;
    write: func(contents: list<u8>) -> result<_, stream-error>;
    flush: func() -> result<_, stream-error>;
    subscribe: func() -> pollable;
  }
}
`;

/** Streams for those who make them; beside `isyswasfa:io/poll`, which splitting brings along. */
const pipeWit = `
interface pipe {
  use wasi:io/streams@0.2.0.{input-stream, output-stream};

  make-pipe: func() -> tuple<output-stream, input-stream>;
}
`;

/** Where tests get pollables from, and the wait for one as today's ABI has it. */
const fixtureWit = `
package canon-async:testing@0.1.0;

interface pollables {
  use ${wasiPoll}.{pollable};

  /// What is ready while this variable of the host is not 0.
  subscribe: func(variable: string) -> pollable;
  /// Waits until it is ready: the whole of what is split in \`isyswasfa:io/poll\`.
  block: async func(pollable: borrow<pollable>);
}
`;

let known: readonly Interface[] | null = null;

function hostInterfaces(): readonly Interface[] {
  if (known !== null) return known;
  const texts = {
    "isyswasfa/tasks.wit": tasksWit,
    "wasi-io/io.wit": wasiIoWit,
    "isyswasfa-io/poll.wit": pollWit(wasiPoll),
    "isyswasfa-io/pipe.wit": pipeWit,
    "testing/pollables.wit": fixtureWit,
  };
  const files = Object.entries(texts).map(([file, text]) => parseWit(text, file));
  known = [...interfaces(files).values()];
  return known;
}

const plain = (id: string): string => id.replace(/@.*$/, "");

const keyOf = (id: string, { resource, name }: InterfaceFunc): string =>
  [plain(id), ...(resource === null ? [] : [resource]), name].join(".");

const resourceKey = ({ interface: id, name }: ResourceId): string => `${plain(id)}.${name}`;

const destructor: FuncType = {
  params: [{ name: "rep", t: { tag: "u32" } }],
  result: null,
  async: false,
};

/** A function as an application has it: by name, `host.f`. */
interface Whole {
  readonly name: string;
  readonly ft: FuncType;
}

type HalfTypes = Pick<SplitHost, "start" | "result">;

function halvesOf({ start, result }: HalfTypes, { name, ft }: Whole): readonly SplitFunc[] {
  return [
    { key: startName(name), ft: start(ft) },
    { key: resultName(name), ft: result(ft) },
  ];
}

function typeNamed(name: string, resource: ResourceTypeOf): ValType {
  const found = hostInterfaces()
    .find(({ id }) => id === tasksKey)
    ?.types.get(name);
  if (found?.tag !== "value") throw new Error(`the host has no type ${name}`);
  return valType(found.t, resource);
}

const list = (t: ValType): ValType => ({ tag: "list", t, length: null });

/** The types of the halves of a function whose own types are of the split ABI already. */
function halfTypes(own: (name: string) => ValType, type: SplitHost["type"]): HalfTypes {
  const slot = (t: ValType | null): ValType | null => (t === null ? null : type(t));
  return {
    start: ({ params, result }) => ({
      params: params.map(({ name, t }) => ({ name, t: type(t) })),
      result: { tag: "result", ok: slot(result), error: own("pending") },
      async: false,
    }),
    result: ({ result }) => ({
      params: [{ name: "ready", t: own("ready") }],
      result: slot(result),
      async: false,
    }),
  };
}

const typesOf = ({ ft: { params, result } }: Whole): readonly ValType[] => [
  ...params.map(({ t }) => t),
  ...(result === null ? [] : [result]),
];

/** The functions of a pair; `t` is what it carries. */
function pairFuncs(
  name: string,
  t: ValType | null,
  own: (key: string) => ValType,
  halves: HalfTypes,
): readonly SplitFunc[] {
  const keys = pairKeys(name);
  const [sender, receiver] = [own(keys.sender), own(keys.receiver)];
  const value = t === null ? [] : [{ name: "result", t }];
  const result: ValType | null = t === null ? null : { tag: "option", t };
  const receive = { params: [{ name: "receiver", t: receiver }], result, async: true };
  const send = { params: [{ name: "sender", t: sender }, ...value], result: null, async: false };
  const made: FuncType = {
    params: [],
    result: { tag: "tuple", ts: [sender, receiver] },
    async: false,
  };
  return [
    { key: keys.pipe, ft: made },
    { key: `${keys.sender}.send`, ft: send },
    ...halvesOf(halves, { name: `${keys.receiver}.receive`, ft: receive }),
  ];
}

/** Where the resources and the function of a future are, by the name of its payload. */
function pairKeys(name: string): PairKeys {
  const { sender, receiver, pipe } = pairNames(name);
  const key = (part: string): string => `futures.${part}`;
  return { sender: key(sender), receiver: key(receiver), pipe: key(pipe) };
}

/** The resource types of a host: their keys in the order of their numbers, and what carries which future. */
interface Numbering {
  readonly resources: readonly string[];
  readonly payloads: readonly (ValType | null)[];
  readonly names: readonly string[];
}

/** A stream that is not of bytes has no place in the split ABI. */
const anyStream = (t: ValType | null): ValType => {
  if (t?.tag !== "u8") throw new Error("only a stream of bytes can be split");
  return { tag: "stream", t };
};

function numbering(types: readonly ValType[]): Numbering {
  const fixed = hostInterfaces().flatMap(({ id, resources }) =>
    resources.map((name) => resourceKey({ interface: id, name })),
  );
  const payloads = payloadsIn(types, anyStream);
  const names = payloads.map(payloadName);
  const ends = names.map(pairKeys).flatMap(({ sender, receiver }) => [sender, receiver]);
  return { resources: [...fixed, ...ends], payloads, names };
}

/**
 * The host of the split ABI. `firstResource` is the number of its first resource type; `wholes` are the
 * functions that it offers by halves: its own, and those of components that are not split; `types` are
 * more types in which there may be futures.
 */
export function splitHost(
  firstResource: number,
  wholes: readonly Whole[],
  types: readonly ValType[] = [],
): SplitHost {
  const { resources, payloads, names } = numbering([...wholes.flatMap(typesOf), ...types]);
  const resource = (key: string): ResourceTypeId =>
    (firstResource + resources.indexOf(key)) as ResourceTypeId;
  const own = (key: string): ValType => ({ tag: "own", rt: resource(key) });
  const pair = (t: ValType | null): PairKeys =>
    pairKeys(names[payloads.findIndex((one) => sameType(one, t))] ?? "unit");
  const to: Substitutes = {
    stream: () => own(inputStreamKey),
    future: (t) => own(pair(t).receiver),
  };
  const type = (t: ValType): ValType => mapType(t, to);
  const halves = halfTypes((name) => own(`${tasksKey}.${name}`), type);
  const pairs = payloads.flatMap((t, i) =>
    pairFuncs(names[i] ?? "unit", t === null ? null : type(t), own, halves),
  );
  const numbered: ResourceTypeOf = (id) => resource(resourceKey(id));
  const funcs: readonly SplitFunc[] = [
    ...hostInterfaces().flatMap(({ id, funcs: of }) =>
      of.map((f) => ({ key: keyOf(id, f), ft: funcType(f, numbered) })),
    ),
    ...resources.map((key) => ({ key: `${key}.drop`, ft: destructor })),
    ...pairs,
    ...wholes.flatMap((whole) => halvesOf(halves, whole)),
  ];
  return {
    resources,
    first: firstResource,
    resource,
    funcs,
    ...pollTypes(numbered),
    type,
    pair,
    ...halves,
  };
}

function pollTypes(numbered: ResourceTypeOf): Pick<SplitHost, "poll" | "pollInput" | "pollOutput"> {
  const pollInput = typeNamed("poll-input", numbered);
  const pollOutput = typeNamed("poll-output", numbered);
  const params = [{ name: "input", t: list(pollInput) }];
  return { pollInput, pollOutput, poll: { params, result: list(pollOutput), async: false } };
}
