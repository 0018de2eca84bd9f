// A graph as JSON and back: long rows of integers are packed. The format is in docs/scale.md.

import { deflateSync, inflateSync } from "node:zlib";
import type { Coverage, Graph } from "../scheduler/explore/graph.ts";
import type { Picks } from "../scheduler/explore/replay.ts";

/** What was read is no graph. */
export class Damaged extends Error {}

/** 32-bit integers, little-endian, deflated, in base64. */
export type Packed = string;

/** Nodes and the text of each: an index into `texts`. */
interface Marks {
  readonly texts: readonly string[];
  readonly nodes: Packed;
  readonly which: Packed;
}

export interface GraphJson {
  readonly nodes: number;
  /** two halves for each node */
  readonly keys: Packed;
  /** how many edges each node has */
  readonly degrees: Packed;
  readonly targets: Packed;
  readonly labels: Packed;
  readonly observations: readonly (readonly string[])[];
  readonly first: number;
  readonly ids: Packed;
  readonly names: readonly string[];
  /** node, pick, how many ids, and these, one after the other */
  readonly took: Packed;
  readonly finals: Marks;
  readonly broken: Marks;
  readonly steps: number;
  readonly coverage: Coverage;
}

type Row = ArrayLike<number>;

function pack(row: Row): Packed {
  const ints = Int32Array.from(row);
  return deflateSync(new Uint8Array(ints.buffer), { level: 1 }).toString("base64");
}

function unpack(packed: Packed): Int32Array {
  const bytes = inflate(packed);
  if (bytes.length % 4 !== 0) throw new Damaged("a row of integers is cut off");
  return new Int32Array(bytes.buffer);
}

function inflate(packed: Packed): Uint8Array {
  try {
    return Uint8Array.from(inflateSync(Buffer.from(packed, "base64")));
  } catch {
    throw new Damaged("a row of integers cannot be unpacked");
  }
}

/** As many integers as there should be, each from `least` up to but not including `end`. */
function rowOf(packed: Packed, length: number, least: number, end: number): Int32Array {
  const row = unpack(packed);
  const isGood = row.length === length && row.every((n) => n >= least && n < end);
  if (!isGood) throw new Damaged("a row of integers does not fit its graph");
  return row;
}

function marksOf(marks: readonly (readonly [node: number, text: string])[]): Marks {
  const texts = [...new Set(marks.map(([, text]) => text))];
  const numbers = new Map(texts.map((text, i) => [text, i]));
  return {
    texts,
    nodes: pack(marks.map(([node]) => node)),
    which: pack(marks.map(([, text]) => numbers.get(text) ?? 0)),
  };
}

function readMarks({ texts, nodes, which }: Marks, end: number): readonly [number, string][] {
  const rows = unpack(nodes);
  const numbers = rowOf(which, rows.length, 0, texts.length);
  rowOf(nodes, rows.length, 0, end);
  return Array.from(rows, (node, i) => [node, texts[numbers[i] ?? 0] ?? ""]);
}

function degreesOf({ nodes, offsets }: Graph): Row {
  return Int32Array.from(
    { length: nodes },
    (_, node) => (offsets[node + 1] ?? 0) - (offsets[node] ?? 0),
  );
}

function offsetsOf(degrees: Int32Array): Uint32Array {
  const offsets = new Uint32Array(degrees.length + 1);
  degrees.forEach((degree, node) => {
    offsets[node + 1] = (offsets[node] ?? 0) + degree;
  });
  return offsets;
}

export function graphToJson(graph: Graph): GraphJson {
  const { nodes, keys, targets, labels, ids, observations, names, first } = graph;
  const { took, finals, broken, steps, coverage } = graph;
  return {
    ...{ nodes, keys: pack(keys), degrees: pack(degreesOf(graph)), targets: pack(targets) },
    ...{ labels: pack(labels), observations, first, ids: pack(ids), names },
    took: pack(took.flatMap((t) => [t.node, t.pick, t.ids.length, ...t.ids])),
    finals: marksOf(finals.map(({ node, fact }) => [node, fact])),
    broken: marksOf(broken.map(({ node, property }) => [node, property])),
    ...{ steps, coverage },
  };
}

/** Throws `Damaged`. */
export function graphFromJson(json: GraphJson): Graph {
  const { nodes, observations, names, first, steps, coverage } = json;
  const offsets = offsetsOf(rowOf(json.degrees, nodes, 0, 2 ** 31));
  const edges = offsets[nodes] ?? 0;
  const finals = readMarks(json.finals, nodes).map(([node, fact]) => ({ node, fact }));
  const broken = readMarks(json.broken, nodes).map(([node, property]) => ({ node, property }));
  return {
    ...{ nodes, keys: rowOf(json.keys, 2 * nodes, -(2 ** 31), 2 ** 31), offsets },
    targets: rowOf(json.targets, edges, -1, nodes),
    labels: Uint32Array.from(rowOf(json.labels, edges, 0, observations.length)),
    ids: Uint32Array.from(rowOf(json.ids, edges, 0, names.length)),
    ...{ observations, first, names, took: readTook(unpack(json.took)), finals, broken },
    ...{ steps, coverage },
  };
}

function readTook(row: Int32Array): Graph["took"] {
  const took: Graph["took"][number][] = [];
  for (let at = 0; at < row.length; ) {
    const [node = 0, pick = 0, length = 0] = row.subarray(at, at + 3);
    took.push({ node, pick, ids: [...row.subarray(at + 3, at + 3 + length)] });
    at += 3 + length;
  }
  return took;
}

/** Ways from the initial state: the length of each, and its picks. */
export function packWays(ways: readonly Picks[]): Packed {
  return pack(ways.flatMap((way) => [way.length, ...way]));
}

/** Throws `Damaged`. */
export function unpackWays(packed: Packed): readonly Picks[] {
  const row = unpack(packed);
  const ways: Picks[] = [];
  for (let at = 0; at < row.length; ) {
    const length = row[at] ?? 0;
    ways.push([...row.subarray(at + 1, at + 1 + length)]);
    at += 1 + length;
  }
  return ways;
}
