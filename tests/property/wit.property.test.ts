// The laws of the WIT front end: printing, parsing, and total errors.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResourceTypeId } from "../../src/model/ids.ts";
import type { ValType } from "../../src/model/types.ts";
import { WitError } from "../../src/wit/errors.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { printWit } from "../../src/wit/print.ts";
import { interfaces } from "../../src/wit/resolve.ts";
import type { ResourceId } from "../../src/wit/resolved.ts";
import { sameWit, shapeOf } from "../../src/wit/strip.ts";
import { funcType } from "../../src/wit/val-types.ts";
import { anyType } from "./arbitraries/values.ts";
import { witFile } from "./arbitraries/wit.ts";
import { runs } from "./laws.ts";

/** Whether the text is well-formed; if it is not, one clear error has to say so. */
function judge(text: string): boolean {
  try {
    interfaces([parseWit(text, "fuzz.wit")]);
    return true;
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    const lines = text.split("\n");
    expect(error.message).not.toBe("");
    expect(error.line).toBeGreaterThanOrEqual(1);
    expect(error.line).toBeLessThanOrEqual(lines.length);
    expect(error.column).toBeGreaterThanOrEqual(1);
    expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? "").length + 1);
    return false;
  }
}

describe("a syntax tree", () => {
  test("that is printed is parsed back", () => {
    fc.assert(
      fc.property(witFile, (file) => {
        const again = parseWit(printWit(file), "printed.wit");
        expect(shapeOf({ ...again, file: file.file })).toBe(shapeOf(file));
        expect(sameWit(again, file)).toBe(true);
      }),
      runs(600),
    );
  });

  test("prints the same after a round through the parser, whatever its layout", () => {
    fc.assert(
      fc.property(witFile, (file) => {
        const text = printWit(file);
        expect(printWit(parseWit(text, "printed.wit"))).toBe(text);
        const loose = text.replaceAll("\n", "\r\n\r\n");
        expect(printWit(parseWit(loose, "loose.wit"))).toBe(text);
      }),
      runs(200),
    );
  });
});

/** A type as WIT writes it; `named` gets a declaration for each part that needs a name. */
function written(t: ValType, named: string[]): string {
  const inner = (part: ValType): string => written(part, named);
  const slot = (part: ValType | null): string => (part === null ? "" : `<${inner(part)}>`);
  const declared = (keyword: string, parts: readonly string[]): string => {
    const name = `t${named.length}`;
    named.push(`${keyword} ${name} { ${parts.join(", ")} }`);
    return name;
  };
  switch (t.tag) {
    case "list":
      return `list<${inner(t.t)}${t.length === null ? "" : `, ${t.length}`}>`;
    case "record": {
      const fields = t.fields.map((field) => `${field.label}: ${inner(field.t)}`);
      return declared("record", fields);
    }
    case "variant": {
      const cases = t.cases.map((one) => one.label + (one.t === null ? "" : `(${inner(one.t)})`));
      return declared("variant", cases);
    }
    case "tuple":
      return `tuple<${t.ts.map(inner).join(", ")}>`;
    case "enum":
    case "flags":
      return declared(t.tag, t.labels);
    case "option":
    case "stream":
    case "future":
      return t.tag + slot(t.t);
    case "result":
      if (t.error === null) return `result${slot(t.ok)}`;
      return `result<${t.ok === null ? "_" : inner(t.ok)}, ${inner(t.error)}>`;
    case "map":
      return `map<${inner(t.k)}, ${inner(t.v)}>`;
    case "own":
    case "borrow":
      return `${t.tag}<r>`;
    default:
      return t.tag;
  }
}

describe("a type of the machine", () => {
  test("that is written as WIT is resolved back, even from another package", () => {
    fc.assert(
      fc.property(anyType, (t) => {
        const named: string[] = [];
        const last = `type it = ${written(t, named)};`;
        const text = `package a:b@1.0.0;
interface i { use c:d/e.{it}; f: func(x: it) -> it; }
package c:d { interface e { ${[last, ...named, "resource r;"].join("\n")} } }`;
        const [f] = interfaces([parseWit(text, "t.wit")]).get("a:b/i@1.0.0")!.funcs;
        const resource = (id: ResourceId): ResourceTypeId => {
          expect(id).toEqual({ interface: "c:d/e", name: "r" });
          return 0 as ResourceTypeId;
        };
        expect(funcType(f!, resource)).toEqual({
          params: [{ name: "x", t }],
          result: t,
          async: false,
        });
      }),
      runs(300),
    );
  });
});

const pieces = fc.constantFrom(
  ..."package a:b c:d/e @1.0.0 interface world use include with import export as { } { } ( ) < >".split(
    " ",
  ),
  ..."; ; : , . -> = func async static constructor resource record variant enum flags type".split(
    " ",
  ),
  ..."u8 list map option result stream borrow own _ i j r t %t %type 1 4 1.0 foo_bar x-y".split(
    " ",
  ),
  ..."@since(version= @unstable(feature= @external-id( // /* */ /** ///".split(" "),
  '"x"',
  '"\\',
  "\n",
);
const soup = fc.array(pieces, { maxLength: 60 }).map((words) => words.join(" "));

describe("ill-formed text gives one clear error", () => {
  test("random characters", () => {
    const text = fc.string({ unit: "binary", maxLength: 100 });
    fc.assert(
      fc.property(text, (s) => {
        judge(s);
        judge(`package a:b;\ninterface i {\n  ${s}\n}`);
      }),
      runs(300),
    );
  });

  test("random words", () => {
    fc.assert(
      fc.property(soup, (s) => {
        judge(s);
        judge(`package a:b@1.0.0;\ninterface i {\n${s}\n}`);
        judge(`package a:b@1.0.0;\nworld w {\n${s}\n}`);
      }),
      runs(500),
    );
  });

  test("trees whose names mean nothing, and texts with words lost or swapped", () => {
    let good = 0;
    fc.assert(
      fc.property(witFile, fc.nat(), fc.nat(), (file, i, j) => {
        const text = printWit(file);
        if (judge(text)) good++;
        const words = text.split(/(?<=[ \n(){}<>,;:])|(?=[ \n(){}<>,;:])/);
        judge(words.filter((_, k) => k !== i % words.length).join(""));
        const [a, b] = [i % words.length, j % words.length];
        judge(words.map((word, k) => words[k === a ? b : k === b ? a : k] ?? word).join(""));
      }),
      runs(400),
    );
    // most generated files mean nothing; the law is empty for none of the two sorts
    expect(good).toBeGreaterThan(0);
  });
});
