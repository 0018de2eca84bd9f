// The bounded buffer of the benchmarks: producers push, consumers pop, either may block or cancel.

import type { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import type { Model, Named, Symmetry } from "../../src/scheduler/model.ts";

/** Sizes of the model: `cap` places in the buffer, `values` from each producer, `cancels` in all. */
export interface Sizes {
  readonly producers: number;
  readonly consumers: number;
  readonly values: number;
  readonly cap: number;
  readonly cancels: number;
}

const ready = 0;
const blocked = 1;
const done = 2;

/** Where a producer stands and how many values it has sent; where a consumer stands and what it got. */
export interface BoundedBuffer {
  readonly producers: readonly Producer[];
  readonly consumers: readonly Consumer[];
  /** numbers of producers, from 1 on */
  readonly buffer: readonly number[];
  readonly cancels: number;
}

interface Producer {
  readonly at: number;
  readonly sent: number;
}

interface Consumer {
  readonly at: number;
  /** number of the producer; 0: nothing yet */
  readonly last: number;
}

type Verb =
  | "push"
  | "block"
  | "retry"
  | "cancel"
  | "finish"
  | "pop"
  | "starve"
  | "repop"
  | "give-up"
  | "leave";

export interface BufferAction extends Named {
  readonly verb: Verb;
  readonly who: number;
}

const most = 16;

/** All that a producer or a consumer can be, so that states share them. */
const producerIs: readonly (readonly Producer[])[] = [ready, blocked, done].map((at) =>
  Array.from({ length: most }, (_, sent) => ({ at, sent })),
);
const consumerIs: readonly (readonly Consumer[])[] = [ready, blocked, done].map((at) =>
  Array.from({ length: most }, (_, last) => ({ at, last })),
);

function replaced<T>(items: readonly T[], at: number, item: T): T[] {
  const copy = items.slice();
  copy[at] = item;
  return copy;
}

/** One object for each action, so that states share them. */
function actionsOf(verb: Verb, count: number): readonly BufferAction[] {
  return Array.from({ length: count }, (_, who) => ({ verb, who, name: `${verb} ${who + 1}` }));
}

type Moves = Readonly<Record<Verb, readonly BufferAction[]>>;

function movesOf({ producers: p, consumers: c }: Sizes): Moves {
  return {
    push: actionsOf("push", p),
    block: actionsOf("block", p),
    retry: actionsOf("retry", p),
    cancel: actionsOf("cancel", p),
    finish: actionsOf("finish", p),
    pop: actionsOf("pop", c),
    starve: actionsOf("starve", c),
    repop: actionsOf("repop", c),
    "give-up": actionsOf("give-up", c),
    leave: actionsOf("leave", c),
  };
}

export function boundedBuffer(sizes: Sizes): Model<BoundedBuffer, BufferAction> {
  const { values, cap } = sizes;
  const moves = movesOf(sizes);

  function producerMoves(s: BoundedBuffer, who: number, out: BufferAction[]): void {
    const { at, sent } = s.producers[who]!;
    const room = s.buffer.length < cap;
    if (at === ready) {
      if (sent === values) out.push(moves.finish[who]!);
      else {
        if (room) out.push(moves.push[who]!);
        out.push(moves.block[who]!);
      }
    } else if (at === blocked) {
      if (room) out.push(moves.retry[who]!);
      if (s.cancels > 0) out.push(moves.cancel[who]!);
    }
  }

  function consumerMoves(s: BoundedBuffer, who: number, over: boolean, out: BufferAction[]): void {
    const { at } = s.consumers[who]!;
    if (at === done) return;
    const some = s.buffer.length > 0;
    if (at === ready) {
      if (some) out.push(moves.pop[who]!);
      out.push(moves.starve[who]!);
    } else {
      if (some) out.push(moves.repop[who]!);
      if (s.cancels > 0) out.push(moves["give-up"][who]!);
    }
    if (over) out.push(moves.leave[who]!);
  }

  function enabled(s: BoundedBuffer): readonly BufferAction[] {
    const out: BufferAction[] = [];
    for (let who = 0; who < s.producers.length; who++) producerMoves(s, who, out);
    const over = s.buffer.length === 0 && s.producers.every(({ at }) => at === done);
    for (let who = 0; who < s.consumers.length; who++) consumerMoves(s, who, over, out);
    return out;
  }

  return { initial: initialState(sizes), enabled, step, encode, symmetry: symmetryOf(sizes) };
}

function initialState({ producers, consumers, cancels }: Sizes): BoundedBuffer {
  return {
    producers: Array.from({ length: producers }, () => producerIs[ready]![0]!),
    consumers: Array.from({ length: consumers }, () => consumerIs[ready]![0]!),
    buffer: [],
    cancels,
  };
}

/** The state after a move of a producer that may have sent `more` values. */
function producerTo(
  s: BoundedBuffer,
  who: number,
  at: number,
  more: number,
  buffer: readonly number[],
  cancels: number,
): BoundedBuffer {
  const sent = s.producers[who]!.sent + more;
  const producers = replaced(s.producers, who, producerIs[at]![sent]!);
  return { producers, consumers: s.consumers, buffer, cancels };
}

/** The state after a move of a consumer that has got `last`. */
function consumerTo(
  s: BoundedBuffer,
  who: number,
  at: number,
  last: number,
  buffer: readonly number[],
  cancels: number,
): BoundedBuffer {
  const consumers = replaced(s.consumers, who, consumerIs[at]![last]!);
  return { producers: s.producers, consumers, buffer, cancels };
}

function pushed(buffer: readonly number[], value: number): readonly number[] {
  const longer = buffer.slice();
  longer.push(value);
  return longer;
}

function stepProducer(s: BoundedBuffer, { verb, who }: BufferAction): BoundedBuffer {
  const { buffer, cancels } = s;
  switch (verb) {
    case "block":
      return producerTo(s, who, blocked, 0, buffer, cancels);
    case "cancel":
      return producerTo(s, who, ready, 1, buffer, cancels - 1);
    case "finish":
      return producerTo(s, who, done, 0, buffer, cancels);
    default:
      return producerTo(s, who, ready, 1, pushed(buffer, who + 1), cancels);
  }
}

function step(s: BoundedBuffer, action: BufferAction): BoundedBuffer {
  const { verb, who } = action;
  const { buffer, cancels } = s;
  switch (verb) {
    case "pop":
    case "repop":
      return consumerTo(s, who, ready, buffer[0]!, buffer.slice(1), cancels);
    case "starve":
      return consumerTo(s, who, blocked, s.consumers[who]!.last, buffer, cancels);
    case "give-up":
      return consumerTo(s, who, ready, s.consumers[who]!.last, buffer, cancels - 1);
    case "leave":
      return consumerTo(s, who, done, s.consumers[who]!.last, buffer, cancels);
    default:
      return stepProducer(s, action);
  }
}

/** Four bits each, so that few integers are hashed: sizes stay below 16, and `cap` below 6. */
function encode(s: BoundedBuffer, out: Encoding): void {
  for (const { at, sent } of s.producers) out.push(at * 16 + sent);
  for (const { at, last } of s.consumers) out.push(at * 16 + last);
  let buffer = 1;
  for (const value of s.buffer) buffer = buffer * 16 + value;
  out.push(buffer * 16 + s.cancels);
}

/** All orders of 0 .. n - 1, the first one as it is. */
function permutations(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, i) => [
      ...rest.slice(0, n - 1 - i),
      n - 1,
      ...rest.slice(n - 1 - i),
    ]),
  );
}

/** Producers are alike, and so are consumers; a producer's number stands in what it sent. */
function symmetryOf({ producers, consumers }: Sizes): Symmetry<BoundedBuffer> {
  const images = permutations(producers).flatMap((ps) =>
    permutations(consumers).map((cs) => {
      // ps[i] is who stands in place i; its number becomes i + 1.
      const renamed = [0, ...ps.map((_, who) => ps.indexOf(who) + 1)];
      return { ps, cs, renamed };
    }),
  );
  return {
    size: images.length,
    encode(s, k, out) {
      const { ps, cs, renamed } = images[k]!;
      for (const p of ps) out.push(s.producers[p]!.at * 16 + s.producers[p]!.sent);
      for (const c of cs) out.push(s.consumers[c]!.at * 16 + renamed[s.consumers[c]!.last]!);
      let buffer = 1;
      for (const value of s.buffer) buffer = buffer * 16 + renamed[value]!;
      out.push(buffer * 16 + s.cancels);
    },
  };
}
