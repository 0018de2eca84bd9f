// Laws of linked components: values of every type come through two components as they went in.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkComponent } from "../../src/component/check.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { callableAt, linkComponents } from "../../src/component/instantiate.ts";
import { componentSystem } from "../../src/component/system.ts";
import { amendmentNames } from "../../src/model/amendments.ts";
import type { StringEncoding, ValType } from "../../src/model/types.ts";
import type { Value } from "../../src/model/values.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { Invalid } from "../../src/wasm/invalid.ts";
import { printValue } from "../../src/wave/print.ts";
import { libc } from "../unit/component-libc.ts";
import { anyEncoding, anyType, anyValue } from "./arbitraries/values.ts";

const seed = 20260924;

const slot = (t: ValType | null): string => (t === null ? "" : ` ${text(t)}`);

const quoted = (labels: readonly string[]): string => labels.map((l) => ` "${l}"`).join("");

/** A type as a component says it. */
function text(t: ValType): string {
  switch (t.tag) {
    case "list":
      return `(list ${text(t.t)}${t.length === null ? "" : ` ${t.length}`})`;
    case "record":
      return `(record${t.fields.map((f) => ` (field "${f.label}" ${text(f.t)})`).join("")})`;
    case "tuple":
      return `(tuple ${t.ts.map(text).join(" ")})`;
    case "variant":
      return `(variant${t.cases.map((c) => ` (case "${c.label}"${slot(c.t)})`).join("")})`;
    case "enum":
    case "flags":
      return `(${t.tag}${quoted(t.labels)})`;
    case "option":
      return `(option ${text(t.t)})`;
    case "result":
      return `(result${slot(t.ok)}${t.error === null ? "" : ` (error ${text(t.error)})`})`;
    case "map":
      return `(map ${text(t.k)} ${text(t.v)})`;
    default:
      return t.tag;
  }
}

/** With more flat values than are passed as such: so that core code sees nothing but a pointer. */
function spilled(t: ValType): ValType {
  const more = new Array<ValType>(16).fill({ tag: "u8" });
  return { tag: "tuple", ts: [t, ...more] };
}

/** Gives its argument back, by way of another component that does so. */
function echo(t: ValType, inner: StringEncoding, outer: StringEncoding): string {
  const lifted = (encoding: string): string => `
    (func (export "echo") (param "x" $T) (result $T)
      (canon lift (core func $m "echo") string-encoding=${encoding} (memory $mem) (realloc $realloc)))`;
  return `(component
    (type $T ${text(t)})
    (component $A ${libc(16)}
      (core module $M (func (export "echo") (param i32) (result i32) (local.get 0)))
      (core instance $m (instantiate $M))
      ${lifted(inner)})
    (instance $a (instantiate $A))
    ${libc(16)}
    (core func $echo (canon lower (func $a "echo") string-encoding=${outer} (memory $mem) (realloc $realloc)))
    (core module $M
      (import "" "echo" (func $echo (param i32 i32)))
      (func (export "echo") (param i32) (result i32)
        (call $echo (local.get 0) (i32.const 524288))
        (i32.const 524288)))
    (core instance $m (instantiate $M (with "" (instance (export "echo" (func $echo))))))
    ${lifted(outer)})`;
}

async function echoed(
  t: ValType,
  v: Value,
  inner: StringEncoding,
  outer: StringEncoding,
): Promise<readonly string[]> {
  const whole = spilled(t);
  const source = echo(whole, inner, outer);
  const component = decodeComponent(await parse(source));
  const linked = linkComponents([{ name: "main", component }]);
  const { func } = callableAt(linked, "main", "echo");
  const args = [[v, ...new Array<number>(16).fill(0)]];
  const steps = [{ tag: "call", func, args, label: "echo" } as const];
  const roots = [{ name: "main", steps }];
  const show = (value: Value): string => {
    const [first = 0] = value as readonly Value[];
    return printValue(first, t);
  };
  const system = componentSystem(linked, { roots, amendments: amendmentNames, show });
  const { store } = run(system, defaultPolicy);
  return store.ending === null ? store.log : [JSON.stringify(store.ending)];
}

/** False: they are refused, as they should be; any other error is one of ours. */
function isLinked(bytes: Uint8Array): boolean {
  try {
    const component = decodeComponent(bytes);
    checkComponent(component, new Set(amendmentNames));
    linkComponents([{ name: "main", component }]);
    return true;
  } catch (error) {
    if (error instanceof Invalid) return false;
    throw error;
  }
}

/** What cannot be printed, or has an identity. */
const unsayable = new Set(["own", "borrow", "stream", "future", "error-context"]);

function isSayable(t: ValType): boolean {
  return [...JSON.stringify(t).matchAll(/"tag":"([^"]*)"/g)].every(
    ([, tag]) => !unsayable.has(tag ?? ""),
  );
}

const anyTyped = anyType.filter(isSayable).chain((t) => anyValue(t).map((v) => ({ t, v })));

describe("two linked components", () => {
  test("pass on a value of any type in any encodings (CanonicalABI.md, Lifting and Lowering Values)", async () => {
    await fc.assert(
      fc.asyncProperty(anyTyped, anyEncoding, anyEncoding, async ({ t, v }, inner, outer) => {
        const log = await echoed(t, v, inner, outer);
        expect(log).toEqual([`echo = ${printValue(v, t)}`]);
      }),
      { seed, numRuns: 100 },
    );
  });

  test("are refused as `Invalid`, or linked, whatever bytes of them are changed", async () => {
    const t: ValType = { tag: "option", t: { tag: "string" } };
    const bytes = await parse(echo(spilled(t), "utf16", "utf8"));
    const place = fc.nat({ max: bytes.length - 1 });
    const change = fc.tuple(place, fc.integer({ min: 0, max: 255 }));
    let linked = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        if (isLinked(changed)) linked += 1;
      }),
      { seed, numRuns: 3000 },
    );
    // names, constants and what the core code computes may change
    expect(linked).toBeGreaterThan(100);
  });
});
