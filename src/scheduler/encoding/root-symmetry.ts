// Declared symmetry: which invocations of a system may change places, and that they are alike. Mirrors spec/07.

import type { Store } from "../../model/store.ts";
import type { System } from "../machine.ts";
import { Encoding } from "./encoding.ts";
import { arrangement, factorial, type Permutation, permutationOf } from "./permutation.ts";
import { type StoreEncoder, storeEncoder } from "./store.ts";

/** Permutations that are tried for each state at the most: six invocations that are alike. */
export const mostPermutations = 720;

/** A declaration of symmetry that cannot be used. */
export class SymmetryError extends Error {}

/** All permutations of the roots that a system declares to be alike; 0 is the identity. */
export interface RootSymmetry {
  readonly size: number;
  permutation(k: number): Permutation;
}

/**
 * The symmetry that `system.symmetric` declares; null without any. Throws `SymmetryError` where
 * roots differ, where one is listed twice or does not exist, and beyond 720 permutations.
 */
export function rootSymmetry(system: System): RootSymmetry | null {
  const classes = (system.symmetric ?? []).filter((roots) => roots.length > 1);
  if (classes.length === 0) return null;
  checkNumbers(classes, system.initial.roots.length);
  const size = classes.reduce((product, roots) => product * factorial(roots.length), 1);
  if (size > mostPermutations) {
    throw new SymmetryError(
      `${size} permutations of runs are too many: at most ${mostPermutations}`,
    );
  }
  checkAlike(system, classes);
  const all = Array.from({ length: size }, (_, k) => imagesOf(system, classes, k));
  const permutations = all.map(permutationOf);
  return {
    size,
    permutation(k) {
      const permutation = permutations[k];
      if (permutation === undefined) throw new RangeError(`no permutation ${k} of ${size}`);
      return permutation;
    },
  };
}

function checkNumbers(classes: readonly (readonly number[])[], roots: number): void {
  const all = classes.flat();
  for (const [i, root] of all.entries()) {
    if (root < 0 || root >= roots) throw new SymmetryError(`there is no run number ${root}`);
    if (all.indexOf(root) !== i) throw new SymmetryError(`run number ${root} is listed twice`);
  }
}

/** They are if to let any two change places makes no difference to the first store. */
function checkAlike(system: System, classes: readonly (readonly number[])[]): void {
  const encoder = storeEncoder(system, { dead: false });
  const same = written(encoder, system.initial, []);
  for (const [first = 0, ...others] of classes) {
    for (const other of others) {
      const swapped = system.initial.roots.map((_, i) => i);
      swapped[first] = other;
      swapped[other] = first;
      if (written(encoder, system.initial, swapped) === same) continue;
      const [a, b] = [first, other].map((i) => system.initial.roots[i]?.name);
      throw new SymmetryError(`the runs ${a} and ${b} are not alike`);
    }
  }
}

function written(encoder: StoreEncoder, store: Store, images: readonly number[]): string {
  const out = new Encoding();
  encoder.encode(store, out, permutationOf(images));
  return out.ints.subarray(0, out.length).join();
}

function imagesOf(system: System, classes: readonly (readonly number[])[], k: number): number[] {
  const images = system.initial.roots.map((_, i) => i);
  let rest = k;
  for (const roots of classes) {
    const orders = factorial(roots.length);
    const arranged = arrangement(roots, rest % orders);
    rest = Math.floor(rest / orders);
    for (const [i, root] of roots.entries()) images[root] = arranged[i] ?? root;
  }
  return images;
}
