// The interpreter: one loop over register code. Mirrors spec/14 and the core specification, "Execution".

/*
 * Every index in this file is in bounds because the module was validated. The checker cannot know that, and to
 * ask at each would cost speed: so here, and only here, `!` says it.
 */

import { throwAgain, throwNew } from "./exceptions.ts";
import { numeric } from "./numeric.ts";
import { highProduct } from "./numeric-longs.ts";
import {
  divided,
  dividedSigned,
  enterFunc,
  indirect,
  remainder,
  remainderSigned,
} from "./run-calls.ts";
import { outOfFuel } from "./run-fuel.ts";
import { type Machine, ownGlobals, trap } from "./run-machine.ts";
import { load, loadLong, store, storeLong } from "./run-memory.ts";
import { rare } from "./tables.ts";

/** Why the loop was left: code returned to where it began, calls out, or threw. */
export type Left = "returned" | "calls" | "threw";

/*
 * Labels are literals because only then the engine makes a table of them; `code.ts` says what they mean. An
 * instruction ends with `continue`; a comparison that branches ends with `break` where it holds.
 */

/**
 * Runs code from `m.place` on, until it returns, calls what is no code (`m.callee`, with arguments from
 * `m.argument` on; `m.place` is behind the call), or throws what nothing catches (`m.thrown`). Throws `CoreTrap`
 * and `Limit`.
 */
// biome-ignore lint: a loop that is fast is one function; every instruction in it is a few lines
export function run(m: Machine): Left {
  const {
    words: R,
    singles: S,
    doubles: F,
    calls: K,
    readable,
    writable,
    pageWords,
    pageBytes,
  } = m;
  let { globals: G, place: pc, base, depth, fuel } = m;
  let { words: C, starts: E } = m.code;
  const last = R.length;
  const deepest = K.length;
  let [a, b, d, i, n, x, y] = [0, 0, 0, 0, 0, 0, 0];
  let [f, g] = [0.5, 0.5];
  try {
    for (;;) {
      switch (C[pc]!) {
        case 0x00: // exit
          m.fuel = fuel;
          return "returned";
        case 0x01: // unreachable
          return trap("unreachable");
        case 0x02: // enter
          fuel -= C[pc + 4]!;
          if (fuel < 0) outOfFuel(m);
          if (base + C[pc + 3]! > last || depth >= deepest) trap("stack-exhausted");
          n = base + C[pc + 2]!;
          for (i = base + C[pc + 1]!; i < n; i++) R[i] = 0;
          pc += 5;
          continue;
        case 0x03: // jump
          fuel -= C[pc + 2]!;
          pc = C[pc + 1]!;
          if (fuel < 0) outOfFuel(m);
          continue;
        case 0x04: // br_if
          if (R[base + C[pc + 1]!]! !== 0) {
            fuel -= C[pc + 3]!;
            pc = C[pc + 2]!;
            if (fuel < 0) outOfFuel(m);
          } else pc += 4;
          continue;
        case 0x05: // br_if not
          if (R[base + C[pc + 1]!]! === 0) {
            fuel -= C[pc + 3]!;
            pc = C[pc + 2]!;
            if (fuel < 0) outOfFuel(m);
          } else pc += 4;
          continue;
        case 0x06: // br_table
          n = C[pc + 2]!;
          i = R[base + C[pc + 1]!]! >>> 0;
          i = pc + 3 + 2 * (i < n ? i : n);
          fuel -= C[i + 1]!;
          pc = C[i]!;
          if (fuel < 0) outOfFuel(m);
          continue;
        case 0x07: // one word
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]!;
          pc += 3;
          continue;
        case 0x08: // two words
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          R[d] = R[a]!;
          R[d + 1] = R[a + 1]!;
          pc += 3;
          continue;
        case 0x09: // constant of one word
          R[base + C[pc + 1]!] = C[pc + 2]!;
          pc += 3;
          continue;
        case 0x0a: // constant of two words
          d = base + C[pc + 1]!;
          R[d] = C[pc + 2]!;
          R[d + 1] = C[pc + 3]!;
          pc += 4;
          continue;
        case 0x0b: // select
          d = base + C[pc + 1]!;
          a = base + (R[base + C[pc + 4]!]! !== 0 ? C[pc + 2]! : C[pc + 3]!);
          R[d] = R[a]!;
          R[d + 1] = R[a + 1]!;
          pc += 5;
          continue;
        case 0x0c: // return
          depth -= 2;
          pc = K[depth]!;
          base = K[depth + 1]!;
          continue;
        case 0x10: // call
          n = C[pc + 1]!;
          d = base + C[pc + 2]!;
          pc += 3;
          i = E[n]!;
          if (i === 0) {
            Object.assign(m, { place: pc, base, depth, fuel });
            if (!enterFunc(m, n, d)) return "calls";
            ({ words: C, starts: E } = m.code);
            i = E[n]!;
            if (i === 0) continue;
          }
          K[depth] = pc;
          K[depth + 1] = base;
          depth += 2;
          base = d;
          pc = i;
          continue;
        case 0x0d: // return with one result
          a = base + C[pc + 1]!;
          R[base] = R[a]!;
          R[base + 1] = R[a + 1]!;
          depth -= 2;
          pc = K[depth]!;
          base = K[depth + 1]!;
          continue;
        case 0x11: // call_indirect
          n = indirect(m, C[pc + 1]!, C[pc + 2]!, R[base + C[pc + 3]!]!);
          d = base + C[pc + 4]!;
          pc += 5;
          i = E[n]!;
          if (i === 0) {
            Object.assign(m, { place: pc, base, depth, fuel });
            if (!enterFunc(m, n, d)) return "calls";
            ({ words: C, starts: E } = m.code);
            i = E[n]!;
            if (i === 0) continue;
          }
          K[depth] = pc;
          K[depth + 1] = base;
          depth += 2;
          base = d;
          pc = i;
          continue;
        case 0x12: // return_call
        case 0x13: // return_call_indirect
          if (C[pc]! === 0x12) n = C[pc + 1]!;
          else {
            n = indirect(m, C[pc + 1]!, C[pc + 2]!, R[base + C[pc + 3]!]!);
            pc += 2;
          }
          d = base + C[pc + 2]!;
          R.copyWithin(base, d, d + C[pc + 3]!);
          i = E[n]!;
          if (i === 0) {
            d = base;
            depth -= 2;
            pc = K[depth]!;
            base = K[depth + 1]!;
            Object.assign(m, { place: pc, base, depth, fuel });
            if (!enterFunc(m, n, d)) return "calls";
            ({ words: C, starts: E } = m.code);
            i = E[n]!;
            if (i === 0) continue;
            depth += 2;
            base = d;
          }
          pc = i;
          continue;
        case 0x14: // global.get, one word
          R[base + C[pc + 1]!] = G[C[pc + 2]!]!;
          pc += 3;
          continue;
        case 0x15: // global.get, two words
          d = base + C[pc + 1]!;
          i = C[pc + 2]!;
          R[d] = G[i]!;
          R[d + 1] = G[i + 1]!;
          pc += 3;
          continue;
        case 0x16: // global.set, one word
          if (!m.ownsGlobals) G = ownGlobals(m);
          G[C[pc + 1]!] = R[base + C[pc + 2]!]!;
          pc += 3;
          continue;
        case 0x17: // global.set, two words
          if (!m.ownsGlobals) G = ownGlobals(m);
          i = C[pc + 1]!;
          a = base + C[pc + 2]!;
          G[i] = R[a]!;
          G[i + 1] = R[a + 1]!;
          pc += 3;
          continue;
        case 0x18: // throw
          Object.assign(m, { place: pc, base, depth, fuel });
          if (!throwNew(m, C[pc + 1]!, base + C[pc + 2]!, C[pc + 3]!)) return "threw";
          ({ place: pc, base, depth, fuel } = m);
          continue;
        case 0x19: // throw_ref
          Object.assign(m, { place: pc, base, depth, fuel });
          if (!throwAgain(m, R[base + C[pc + 1]!]!)) return "threw";
          ({ place: pc, base, depth, fuel } = m);
          continue;
        case 0x1a: // in `numeric`
          numeric[C[pc + 2]!]!(m, base + C[pc + 1]!, base + C[pc + 3]!, base + C[pc + 4]!);
          pc += 5;
          continue;
        case 0x1b: // in `rare`
          m.fuel = fuel;
          rare[C[pc + 2]!]!(m, base, pc);
          fuel = m.fuel;
          pc += 4 + C[pc + 3]!;
          continue;
        case 0x46: // i32.eq
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! === R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x47: // i32.ne
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! !== R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x48: // i32.lt_s
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! < R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x49: // i32.lt_u
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 < R[base + C[pc + 3]!]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0x4a: // i32.gt_s
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! > R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x4b: // i32.gt_u
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 > R[base + C[pc + 3]!]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0x4c: // i32.le_s
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! <= R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x4d: // i32.le_u
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 <= R[base + C[pc + 3]!]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0x4e: // i32.ge_s
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >= R[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x4f: // i32.ge_u
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 >= R[base + C[pc + 3]!]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0x6a: // i32.add
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! + R[base + C[pc + 3]!]!) | 0;
          pc += 4;
          continue;
        case 0x6b: // i32.sub
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! - R[base + C[pc + 3]!]!) | 0;
          pc += 4;
          continue;
        case 0x6c: // i32.mul
          R[base + C[pc + 1]!] = Math.imul(R[base + C[pc + 2]!]!, R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x6d: // i32.div_s
          R[base + C[pc + 1]!] = dividedSigned(R[base + C[pc + 2]!]!, R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x6e: // i32.div_u
          R[base + C[pc + 1]!] = divided(R[base + C[pc + 2]!]!, R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x6f: // i32.rem_s
          R[base + C[pc + 1]!] = remainderSigned(R[base + C[pc + 2]!]!, R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x70: // i32.rem_u
          R[base + C[pc + 1]!] = remainder(R[base + C[pc + 2]!]!, R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x71: // i32.and
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! & R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x72: // i32.or
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! | R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x73: // i32.xor
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! ^ R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x74: // i32.shl
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! << R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x75: // i32.shr_s
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >> R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x76: // i32.shr_u
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> R[base + C[pc + 3]!]!;
          pc += 4;
          continue;
        case 0x77: // i32.rotl
          R[base + C[pc + 1]!]! =
            (R[base + C[pc + 2]!]! << R[base + C[pc + 3]!]!) |
            (R[base + C[pc + 2]!]! >>> -R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0x78: // i32.rotr
          R[base + C[pc + 1]!]! =
            (R[base + C[pc + 2]!]! >>> R[base + C[pc + 3]!]!) |
            (R[base + C[pc + 2]!]! << -R[base + C[pc + 3]!]!);
          pc += 4;
          continue;
        case 0xc6: // i32.eq constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! === C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xc7: // i32.ne constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! !== C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xc8: // i32.lt_s constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! < C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xc9: // i32.lt_u constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 < C[pc + 3]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0xca: // i32.gt_s constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! > C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xcb: // i32.gt_u constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 > C[pc + 3]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0xcc: // i32.le_s constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! <= C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xcd: // i32.le_u constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 <= C[pc + 3]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0xce: // i32.ge_s constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >= C[pc + 3]! ? 1 : 0;
          pc += 4;
          continue;
        case 0xcf: // i32.ge_u constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> 0 >= C[pc + 3]! >>> 0 ? 1 : 0;
          pc += 4;
          continue;
        case 0xea: // i32.add constant
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! + C[pc + 3]!) | 0;
          pc += 4;
          continue;
        case 0xeb: // i32.sub constant
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! - C[pc + 3]!) | 0;
          pc += 4;
          continue;
        case 0xec: // i32.mul constant
          R[base + C[pc + 1]!] = Math.imul(R[base + C[pc + 2]!]!, C[pc + 3]!);
          pc += 4;
          continue;
        case 0xed: // i32.div_s constant
          R[base + C[pc + 1]!] = dividedSigned(R[base + C[pc + 2]!]!, C[pc + 3]!);
          pc += 4;
          continue;
        case 0xee: // i32.div_u constant
          R[base + C[pc + 1]!] = divided(R[base + C[pc + 2]!]!, C[pc + 3]!);
          pc += 4;
          continue;
        case 0xef: // i32.rem_s constant
          R[base + C[pc + 1]!] = remainderSigned(R[base + C[pc + 2]!]!, C[pc + 3]!);
          pc += 4;
          continue;
        case 0xf0: // i32.rem_u constant
          R[base + C[pc + 1]!] = remainder(R[base + C[pc + 2]!]!, C[pc + 3]!);
          pc += 4;
          continue;
        case 0xf1: // i32.and constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! & C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf2: // i32.or constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! | C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf3: // i32.xor constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! ^ C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf4: // i32.shl constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! << C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf5: // i32.shr_s constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >> C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf6: // i32.shr_u constant
          R[base + C[pc + 1]!] = R[base + C[pc + 2]!]! >>> C[pc + 3]!;
          pc += 4;
          continue;
        case 0xf7: // i32.rotl constant
          R[base + C[pc + 1]!]! =
            (R[base + C[pc + 2]!]! << C[pc + 3]!) | (R[base + C[pc + 2]!]! >>> -C[pc + 3]!);
          pc += 4;
          continue;
        case 0xf8: // i32.rotr constant
          R[base + C[pc + 1]!]! =
            (R[base + C[pc + 2]!]! >>> C[pc + 3]!) | (R[base + C[pc + 2]!]! << -C[pc + 3]!);
          pc += 4;
          continue;
        case 0x116: // br_if i32.eq
          if (R[base + C[pc + 1]!]! === R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x117: // br_if i32.ne
          if (R[base + C[pc + 1]!]! !== R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x118: // br_if i32.lt_s
          if (R[base + C[pc + 1]!]! < R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x119: // br_if i32.lt_u
          if (R[base + C[pc + 1]!]! >>> 0 < R[base + C[pc + 2]!]! >>> 0) break;
          pc += 5;
          continue;
        case 0x11a: // br_if i32.gt_s
          if (R[base + C[pc + 1]!]! > R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x11b: // br_if i32.gt_u
          if (R[base + C[pc + 1]!]! >>> 0 > R[base + C[pc + 2]!]! >>> 0) break;
          pc += 5;
          continue;
        case 0x11c: // br_if i32.le_s
          if (R[base + C[pc + 1]!]! <= R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x11d: // br_if i32.le_u
          if (R[base + C[pc + 1]!]! >>> 0 <= R[base + C[pc + 2]!]! >>> 0) break;
          pc += 5;
          continue;
        case 0x11e: // br_if i32.ge_s
          if (R[base + C[pc + 1]!]! >= R[base + C[pc + 2]!]!) break;
          pc += 5;
          continue;
        case 0x11f: // br_if i32.ge_u
          if (R[base + C[pc + 1]!]! >>> 0 >= R[base + C[pc + 2]!]! >>> 0) break;
          pc += 5;
          continue;
        case 0x126: // br_if i32.eq constant
          if (R[base + C[pc + 1]!]! === C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x127: // br_if i32.ne constant
          if (R[base + C[pc + 1]!]! !== C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x128: // br_if i32.lt_s constant
          if (R[base + C[pc + 1]!]! < C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x129: // br_if i32.lt_u constant
          if (R[base + C[pc + 1]!]! >>> 0 < C[pc + 2]! >>> 0) break;
          pc += 5;
          continue;
        case 0x12a: // br_if i32.gt_s constant
          if (R[base + C[pc + 1]!]! > C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x12b: // br_if i32.gt_u constant
          if (R[base + C[pc + 1]!]! >>> 0 > C[pc + 2]! >>> 0) break;
          pc += 5;
          continue;
        case 0x12c: // br_if i32.le_s constant
          if (R[base + C[pc + 1]!]! <= C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x12d: // br_if i32.le_u constant
          if (R[base + C[pc + 1]!]! >>> 0 <= C[pc + 2]! >>> 0) break;
          pc += 5;
          continue;
        case 0x12e: // br_if i32.ge_s constant
          if (R[base + C[pc + 1]!]! >= C[pc + 2]!) break;
          pc += 5;
          continue;
        case 0x12f: // br_if i32.ge_u constant
          if (R[base + C[pc + 1]!]! >>> 0 >= C[pc + 2]! >>> 0) break;
          pc += 5;
          continue;
        case 0x67: // i32.clz
          R[base + C[pc + 1]!] = Math.clz32(R[base + C[pc + 2]!]!);
          pc += 3;
          continue;
        case 0x68: // i32.ctz
          x = R[base + C[pc + 2]!]!;
          R[base + C[pc + 1]!] = x === 0 ? 32 : 31 - Math.clz32(x & -x);
          pc += 3;
          continue;
        case 0xc0: // i32.extend8_s
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! << 24) >> 24;
          pc += 3;
          continue;
        case 0xc1: // i32.extend16_s
          R[base + C[pc + 1]!] = (R[base + C[pc + 2]!]! << 16) >> 16;
          pc += 3;
          continue;
        case 0x50: // i64.eqz
          a = base + C[pc + 2]!;
          R[base + C[pc + 1]!] = (R[a]! | R[a + 1]!) === 0 ? 1 : 0;
          pc += 3;
          continue;
        case 0x51: // i64.eq
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          R[d] = R[a]! === R[b]! && R[a + 1]! === R[b + 1]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x52: // i64.ne
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          R[d] = R[a]! !== R[b]! || R[a + 1]! !== R[b + 1]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x53: // i64.lt_s
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]!;
          y = R[b + 1]!;
          R[d] = (x === y ? R[a]! >>> 0 < R[b]! >>> 0 : x < y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x54: // i64.lt_u
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]! >>> 0;
          y = R[b + 1]! >>> 0;
          R[d] = (x === y ? R[a]! >>> 0 < R[b]! >>> 0 : x < y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x55: // i64.gt_s
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]!;
          y = R[b + 1]!;
          R[d] = (x === y ? R[a]! >>> 0 > R[b]! >>> 0 : x > y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x56: // i64.gt_u
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]! >>> 0;
          y = R[b + 1]! >>> 0;
          R[d] = (x === y ? R[a]! >>> 0 > R[b]! >>> 0 : x > y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x57: // i64.le_s
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]!;
          y = R[b + 1]!;
          R[d] = (x === y ? R[a]! >>> 0 <= R[b]! >>> 0 : x < y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x58: // i64.le_u
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]! >>> 0;
          y = R[b + 1]! >>> 0;
          R[d] = (x === y ? R[a]! >>> 0 <= R[b]! >>> 0 : x < y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x59: // i64.ge_s
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]!;
          y = R[b + 1]!;
          R[d] = (x === y ? R[a]! >>> 0 >= R[b]! >>> 0 : x > y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x5a: // i64.ge_u
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a + 1]! >>> 0;
          y = R[b + 1]! >>> 0;
          R[d] = (x === y ? R[a]! >>> 0 >= R[b]! >>> 0 : x > y) ? 1 : 0;
          pc += 4;
          continue;
        case 0x7c: // i64.add
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a]! >>> 0;
          y = (x + R[b]!) >>> 0;
          R[d + 1] = R[a + 1]! + R[b + 1]! + (y < x ? 1 : 0);
          R[d] = y;
          pc += 4;
          continue;
        case 0xfc: // i64.add constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          x = R[a]! >>> 0;
          y = (x + C[pc + 3]!) >>> 0;
          R[d + 1] = R[a + 1]! + C[pc + 4]! + (y < x ? 1 : 0);
          R[d] = y;
          pc += 5;
          continue;
        case 0x7d: // i64.sub
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a]! >>> 0;
          y = R[b]! >>> 0;
          R[d + 1] = R[a + 1]! - R[b + 1]! - (x < y ? 1 : 0);
          R[d] = x - y;
          pc += 4;
          continue;
        case 0x7e: // i64.mul
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          x = R[a]!;
          y = R[b]!;
          R[d + 1] = highProduct(x, y) + Math.imul(R[a + 1]!, y) + Math.imul(x, R[b + 1]!);
          R[d] = Math.imul(x, y);
          pc += 4;
          continue;
        case 0x83: // i64.and
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          R[d] = R[a]! & R[b]!;
          R[d + 1] = R[a + 1]! & R[b + 1]!;
          pc += 4;
          continue;
        case 0x103: // i64.and constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          R[d] = R[a]! & C[pc + 3]!;
          R[d + 1] = R[a + 1]! & C[pc + 4]!;
          pc += 5;
          continue;
        case 0x84: // i64.or
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          R[d] = R[a]! | R[b]!;
          R[d + 1] = R[a + 1]! | R[b + 1]!;
          pc += 4;
          continue;
        case 0x104: // i64.or constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          R[d] = R[a]! | C[pc + 3]!;
          R[d + 1] = R[a + 1]! | C[pc + 4]!;
          pc += 5;
          continue;
        case 0x85: // i64.xor
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          b = base + C[pc + 3]!;
          R[d] = R[a]! ^ R[b]!;
          R[d + 1] = R[a + 1]! ^ R[b + 1]!;
          pc += 4;
          continue;
        case 0x105: // i64.xor constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          R[d] = R[a]! ^ C[pc + 3]!;
          R[d + 1] = R[a + 1]! ^ C[pc + 4]!;
          pc += 5;
          continue;
        case 0x86: // i64.shl
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = R[base + C[pc + 3]!]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = 0;
            R[d + 1] = x << n;
          } else {
            R[d] = x << n;
            R[d + 1] = (y << n) | ((x >>> 1) >>> ~n);
          }
          pc += 4;
          continue;
        case 0x106: // i64.shl constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = C[pc + 3]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = 0;
            R[d + 1] = x << n;
          } else {
            R[d] = x << n;
            R[d + 1] = (y << n) | ((x >>> 1) >>> ~n);
          }
          pc += 5;
          continue;
        case 0x87: // i64.shr_s
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = R[base + C[pc + 3]!]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = y >> n;
            R[d + 1] = y >> 31;
          } else {
            R[d] = (x >>> n) | ((y << 1) << ~n);
            R[d + 1] = y >> n;
          }
          pc += 4;
          continue;
        case 0x107: // i64.shr_s constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = C[pc + 3]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = y >> n;
            R[d + 1] = y >> 31;
          } else {
            R[d] = (x >>> n) | ((y << 1) << ~n);
            R[d + 1] = y >> n;
          }
          pc += 5;
          continue;
        case 0x88: // i64.shr_u
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = R[base + C[pc + 3]!]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = y >>> n;
            R[d + 1] = 0;
          } else {
            R[d] = (x >>> n) | ((y << 1) << ~n);
            R[d + 1] = y >>> n;
          }
          pc += 4;
          continue;
        case 0x108: // i64.shr_u constant
          d = base + C[pc + 1]!;
          a = base + C[pc + 2]!;
          n = C[pc + 3]!;
          x = R[a]!;
          y = R[a + 1]!;
          if ((n & 32) !== 0) {
            R[d] = y >>> n;
            R[d + 1] = 0;
          } else {
            R[d] = (x >>> n) | ((y << 1) << ~n);
            R[d + 1] = y >>> n;
          }
          pc += 5;
          continue;
        case 0xac: // i64.extend_i32_s
          d = base + C[pc + 1]!;
          x = R[base + C[pc + 2]!]!;
          R[d] = x;
          R[d + 1] = x >> 31;
          pc += 3;
          continue;
        case 0xad: // i64.extend_i32_u
          d = base + C[pc + 1]!;
          R[d] = R[base + C[pc + 2]!]!;
          R[d + 1] = 0;
          pc += 3;
          continue;
        case 0xc4: // i64.extend32_s
          d = base + C[pc + 1]!;
          x = R[base + C[pc + 2]!]!;
          R[d] = x;
          R[d + 1] = x >> 31;
          pc += 3;
          continue;
        case 0x5b: // f32.eq
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! === S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x5c: // f32.ne
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! !== S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x5d: // f32.lt
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! < S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x5e: // f32.gt
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! > S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x5f: // f32.le
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! <= S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x60: // f32.ge
          R[base + C[pc + 1]!] = S[base + C[pc + 2]!]! >= S[base + C[pc + 3]!]! ? 1 : 0;
          pc += 4;
          continue;
        case 0x61: // f64.eq
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f === g ? 1 : 0;
          pc += 4;
          continue;
        case 0x62: // f64.ne
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f !== g ? 1 : 0;
          pc += 4;
          continue;
        case 0x63: // f64.lt
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f < g ? 1 : 0;
          pc += 4;
          continue;
        case 0x64: // f64.gt
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f > g ? 1 : 0;
          pc += 4;
          continue;
        case 0x65: // f64.le
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f <= g ? 1 : 0;
          pc += 4;
          continue;
        case 0x66: // f64.ge
          f = F[(base + C[pc + 2]!) >> 1]!;
          g = F[(base + C[pc + 3]!) >> 1]!;
          R[base + C[pc + 1]!] = f >= g ? 1 : 0;
          pc += 4;
          continue;
        case 0x92: // f32.add
          d = base + C[pc + 1]!;
          f = S[base + C[pc + 2]!]! + S[base + C[pc + 3]!]!;
          if (Number.isNaN(f)) R[d] = 0x7fc00000;
          else S[d] = f;
          pc += 4;
          continue;
        case 0xa0: // f64.add
          d = base + C[pc + 1]!;
          f = F[(base + C[pc + 2]!) >> 1]! + F[(base + C[pc + 3]!) >> 1]!;
          if (Number.isNaN(f)) {
            R[d] = 0;
            R[d + 1] = 0x7ff80000;
          } else F[d >> 1] = f;
          pc += 4;
          continue;
        case 0x93: // f32.sub
          d = base + C[pc + 1]!;
          f = S[base + C[pc + 2]!]! - S[base + C[pc + 3]!]!;
          if (Number.isNaN(f)) R[d] = 0x7fc00000;
          else S[d] = f;
          pc += 4;
          continue;
        case 0xa1: // f64.sub
          d = base + C[pc + 1]!;
          f = F[(base + C[pc + 2]!) >> 1]! - F[(base + C[pc + 3]!) >> 1]!;
          if (Number.isNaN(f)) {
            R[d] = 0;
            R[d + 1] = 0x7ff80000;
          } else F[d >> 1] = f;
          pc += 4;
          continue;
        case 0x94: // f32.mul
          d = base + C[pc + 1]!;
          f = S[base + C[pc + 2]!]! * S[base + C[pc + 3]!]!;
          if (Number.isNaN(f)) R[d] = 0x7fc00000;
          else S[d] = f;
          pc += 4;
          continue;
        case 0xa2: // f64.mul
          d = base + C[pc + 1]!;
          f = F[(base + C[pc + 2]!) >> 1]! * F[(base + C[pc + 3]!) >> 1]!;
          if (Number.isNaN(f)) {
            R[d] = 0;
            R[d + 1] = 0x7ff80000;
          } else F[d >> 1] = f;
          pc += 4;
          continue;
        case 0x95: // f32.div
          d = base + C[pc + 1]!;
          f = S[base + C[pc + 2]!]! / S[base + C[pc + 3]!]!;
          if (Number.isNaN(f)) R[d] = 0x7fc00000;
          else S[d] = f;
          pc += 4;
          continue;
        case 0xa3: // f64.div
          d = base + C[pc + 1]!;
          f = F[(base + C[pc + 2]!) >> 1]! / F[(base + C[pc + 3]!) >> 1]!;
          if (Number.isNaN(f)) {
            R[d] = 0;
            R[d + 1] = 0x7ff80000;
          } else F[d >> 1] = f;
          pc += 4;
          continue;
        case 0xb7: // f64.convert_i32_s
          F[(base + C[pc + 1]!) >> 1] = R[base + C[pc + 2]!]!;
          pc += 3;
          continue;
        case 0xb8: // f64.convert_i32_u
          F[(base + C[pc + 1]!) >> 1] = R[base + C[pc + 2]!]! >>> 0;
          pc += 3;
          continue;
        case 0x28: // i32.load
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0 && (a & 3) === 0) {
            R[base + C[pc + 1]!] = pageWords[i]![(a & 1023) >> 2]!;
          } else {
            y = load(m, b, C[pc + 3]!, C[pc + 4]!, 4);
            R[base + C[pc + 1]!] = y;
          }
          pc += 5;
          continue;
        case 0x29: // i64.load
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0 && (a & 3) === 0 && (a & 1020) !== 1020) {
            d = base + C[pc + 1]!;
            n = (a & 1023) >> 2;
            R[d] = pageWords[i]![n]!;
            R[d + 1] = pageWords[i]![n + 1]!;
          } else {
            loadLong(m, b, C[pc + 3]!, C[pc + 4]!, base + C[pc + 1]!);
          }
          pc += 5;
          continue;
        case 0x2c: // i32.load8_s
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0) {
            R[base + C[pc + 1]!] = (pageBytes[i]![a & 1023]! << 24) >> 24;
          } else {
            y = load(m, b, C[pc + 3]!, C[pc + 4]!, 1);
            R[base + C[pc + 1]!] = (y << 24) >> 24;
          }
          pc += 5;
          continue;
        case 0x2d: // i32.load8_u
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0) {
            R[base + C[pc + 1]!] = pageBytes[i]![a & 1023]!;
          } else {
            y = load(m, b, C[pc + 3]!, C[pc + 4]!, 1);
            R[base + C[pc + 1]!] = y;
          }
          pc += 5;
          continue;
        case 0x2e: // i32.load16_s
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0 && (a & 1) === 0) {
            y = pageWords[i]![(a & 1023) >> 2]!;
            R[base + C[pc + 1]!] = ((y >> ((a & 2) << 3)) << 16) >> 16;
          } else {
            y = load(m, b, C[pc + 3]!, C[pc + 4]!, 2);
            R[base + C[pc + 1]!] = (y << 16) >> 16;
          }
          pc += 5;
          continue;
        case 0x2f: // i32.load16_u
          b = R[base + C[pc + 2]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (readable[i]! === x && a >>> 0 >= b >>> 0 && (a & 1) === 0) {
            y = pageWords[i]![(a & 1023) >> 2]!;
            R[base + C[pc + 1]!] = (y >>> ((a & 2) << 3)) & 0xffff;
          } else {
            y = load(m, b, C[pc + 3]!, C[pc + 4]!, 2);
            R[base + C[pc + 1]!] = y;
          }
          pc += 5;
          continue;
        case 0x36: // i32.store
          b = R[base + C[pc + 1]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (writable[i]! === x && a >>> 0 >= b >>> 0 && (a & 3) === 0) {
            pageWords[i]![(a & 1023) >> 2] = R[base + C[pc + 2]!]!;
          } else store(m, b, C[pc + 3]!, C[pc + 4]!, 4, R[base + C[pc + 2]!]!);
          pc += 5;
          continue;
        case 0x37: // i64.store
          b = R[base + C[pc + 1]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (writable[i]! === x && a >>> 0 >= b >>> 0 && (a & 3) === 0 && (a & 1020) !== 1020) {
            d = base + C[pc + 2]!;
            n = (a & 1023) >> 2;
            pageWords[i]![n] = R[d]!;
            pageWords[i]![n + 1] = R[d + 1]!;
          } else storeLong(m, b, C[pc + 3]!, C[pc + 4]!, base + C[pc + 2]!);
          pc += 5;
          continue;
        case 0x3a: // i32.store8
          b = R[base + C[pc + 1]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (writable[i]! === x && a >>> 0 >= b >>> 0) {
            pageBytes[i]![a & 1023] = R[base + C[pc + 2]!]!;
          } else store(m, b, C[pc + 3]!, C[pc + 4]!, 1, R[base + C[pc + 2]!]!);
          pc += 5;
          continue;
        case 0x3b: // i32.store16
          b = R[base + C[pc + 1]!]!;
          a = (b + C[pc + 3]!) | 0;
          x = (a >>> 10) | C[pc + 4]!;
          i = x & 511;
          if (writable[i]! === x && a >>> 0 >= b >>> 0 && (a & 1) === 0) {
            y = R[base + C[pc + 2]!]!;
            pageBytes[i]![a & 1023] = y;
            pageBytes[i]![(a & 1023) + 1] = y >> 8;
          } else store(m, b, C[pc + 3]!, C[pc + 4]!, 2, R[base + C[pc + 2]!]!);
          pc += 5;
          continue;
        default:
          throw new Error(`no instruction ${C[pc]!}`);
      }
      // a comparison holds
      fuel -= C[pc + 4]!;
      pc = C[pc + 3]!;
      if (fuel < 0) outOfFuel(m);
    }
  } catch (error) {
    // who catches it may ask where
    Object.assign(m, { place: pc, base, depth });
    throw error;
  }
}
