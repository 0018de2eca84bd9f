// Permutations of the roots of a store: invocations that are alike may change places. Mirrors spec/07.

import { pathNumber } from "../../canon/threads.ts";

/** Roots by number: their places in `Store.roots`, which are also the first numbers of thread paths. */
export interface Permutation {
  /** The image of a thread's path. */
  path(path: string): string;
  /** The root whose image is root `i`. */
  source(i: number): number;
}

export const identity: Permutation = { path: (path) => path, source: (i) => i };

/** The permutation that takes root `i` to `images[i]`, and every root beyond to itself. */
export function permutationOf(images: readonly number[]): Permutation {
  const first = new Map(images.map((image, i) => [pathNumber(i), pathNumber(image)]));
  const sources = new Map(images.map((image, i) => [image, i]));
  const known = new Map<string, string>();
  return {
    path(path) {
      const image = known.get(path) ?? imageOf(first, path);
      known.set(path, image);
      return image;
    },
    source: (i) => sources.get(i) ?? i,
  };
}

function imageOf(first: ReadonlyMap<string, string>, path: string): string {
  const dot = path.indexOf(".");
  const root = dot === -1 ? path : path.slice(0, dot);
  return (first.get(root) ?? root) + path.slice(root.length);
}

export function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** The `k`th order of `items`, of `factorial(items.length)`; 0 is as they are. */
export function arrangement(items: readonly number[], k: number): number[] {
  const left = [...items];
  let rest = k;
  return items.map((_, i) => {
    const orders = factorial(items.length - 1 - i);
    const [taken] = left.splice(Math.floor(rest / orders), 1);
    rest %= orders;
    if (taken === undefined) throw new RangeError(`no arrangement ${k} of ${items.length} items`);
    return taken;
  });
}
