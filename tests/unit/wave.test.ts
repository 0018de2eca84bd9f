// WAVE as its description has it: what each form means, what is refused, and what an error says.

import { describe, expect, test } from "vitest";
import { bulkOf } from "../../src/canon/values/bulk.ts";
import { stringValue } from "../../src/canon/values/strings.ts";
import type { PrimTag, ValType } from "../../src/model/types.ts";
import type { Value } from "../../src/model/values.ts";
import { WaveError } from "../../src/wave/errors.ts";
import { type Callable, parseInvocation } from "../../src/wave/invocation.ts";
import { parseValue } from "../../src/wave/parse.ts";
import { printValue } from "../../src/wave/print.ts";

const prim = (tag: PrimTag): ValType => ({ tag });
const u8 = prim("u8");
const text = prim("string");
const option = (t: ValType): ValType => ({ tag: "option", t });
const list = (t: ValType): ValType => ({ tag: "list", t, length: null });
const result = (ok: ValType | null, error: ValType | null): ValType => ({
  tag: "result",
  ok,
  error,
});

const some = (value: Value): Value => ({ tag: "case", label: "some", value });
const word = (label: string): Value => ({ tag: "case", label, value: null });
const said = (s: string): Value => stringValue(s, "utf8");

/** `line:column: message`, and the hint behind it if there is one. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    const { line, column, message, hint } = error;
    return `${line}:${column}: ${message}${hint === null ? "" : ` (${hint})`}`;
  }
  return "no error";
}

const refused = (source: string, t: ValType): string => refusal(() => parseValue(source, t));

describe("numbers", () => {
  test.each([
    ["0", "u8", 0],
    ["255", "u8", 255],
    ["-128", "s8", -128],
    ["-0", "s8", 0],
    ["18446744073709551615", "u64", 2n ** 64n - 1n],
    ["-9223372036854775808", "s64", -(2n ** 63n)],
    ["-0", "f64", -0],
    ["6.022e+23", "f64", 6.022e23],
    ["-inf", "f32", Number.NEGATIVE_INFINITY],
    ["nan", "f32", Number.NaN],
    // Beyond the largest and below the smallest number of single precision.
    ["3.4028234664e39", "f32", Number.POSITIVE_INFINITY],
    ["1.4012984643e-46", "f32", 0],
    ["0.1", "f32", Math.fround(0.1)],
  ] as const)("%s is a value of %s", (source, tag, value) => {
    expect(parseValue(source, prim(tag))).toBe(value);
  });

  test("says in which range an integer lies", () => {
    expect(refused("256", u8)).toBe("1:1: 256 is no u8: 0 to 255");
    expect(refused("-129", prim("s8"))).toBe("1:1: -129 is no s8: -128 to 127");
  });

  test.each(["1.0", "1e3", "-0", "true", '"1"', "nan"])("%s is no unsigned integer", (source) => {
    expect(refused(source, u8)).toBe(`1:1: expected u8, found ${source}`);
  });

  test.each(["-nan", "NaN", "Inf", "infinity", "-infinity", "01", "1.", ".5", "0x10"])(
    "%s is no float",
    (source) => {
      expect(refused(source, prim("f64"))).toMatch(/^1:\d+: /);
    },
  );

  test("prints single precision with the fewest digits that read the same", () => {
    expect(printValue(Math.fround(0.1), prim("f32"))).toBe("0.1");
    expect(printValue(Math.fround(16777217), prim("f32"))).toBe("16777216");
    expect(printValue(-0, prim("f32"))).toBe("-0");
    expect(printValue(0.1, prim("f64"))).toBe("0.1");
  });
});

describe("chars and strings", () => {
  test.each([
    ["'x'", "x"],
    ["'☃'", "☃"],
    ["'🌊'", "🌊"],
    ["'\\''", "'"],
    ["'\"'", '"'],
    ["'\\\"'", '"'],
    ["'\\\\'", "\\"],
    ["'\\n'", "\n"],
    ["'\\u{0}'", "\0"],
    ["'\\u{002603}'", "☃"],
  ])("%s is one char", (source, value) => {
    expect(parseValue(source, prim("char"))).toBe(value);
  });

  test.each([
    "''",
    "'ab'",
    "'''",
    "'\\z'",
    "'\\u1f'",
    "'\\u{}'",
    "'\\u{1234567}'",
    "'\\u{110000}'",
    "'\\u{D800}'",
    "'x",
    "'\n'",
  ])("%j is no char", (source) => {
    expect(refused(source, prim("char"))).toMatch(/^1:\d+: /);
  });

  test("says where in a string an escape is wrong", () => {
    expect(refused('"a\\q"', text)).toMatch(/^1:3: unknown escape \\q/);
    expect(refused('"\\u{dfff}"', text)).toBe("1:2: U+dfff is no scalar value");
  });

  test("takes as many spaces off each line as stand before the closing quotes", () => {
    const source = '"""\n    Indentation determined\n      by ending delimiter\n  """';
    const value = "  Indentation determined\n    by ending delimiter";
    expect(parseValue(source, text)).toEqual(said(value));
  });

  test("drops the first and the last line break, and carriage returns before others", () => {
    expect(parseValue('"""\r\none\r\ntwo\\r\n\n"""', text)).toEqual(said("one\ntwo\r\n"));
    expect(parseValue('"""\n"""', text)).toEqual(said(""));
    expect(parseValue('"""\n""\\""\n"""', text)).toEqual(said('""""'));
  });

  test.each([
    ['""""""', "1:1: a line break follows"],
    ['"""extra\n"""', "1:1: a line break follows"],
    ['"""\nextra"""', "2:1: only spaces stand before"],
    ['"""\n x\n  """', "2:1: this line is indented less"],
    ['"""\n  """\n  """', "3:5: unexpected"],
  ])("%j is no string of several lines", (source, message) => {
    expect(refused(source, text).startsWith(message)).toBe(true);
  });

  test("prints what cannot be seen by its number", () => {
    expect(printValue("\u{7f}", prim("char"))).toBe("'\\u{7f}'");
    expect(printValue(said("\"'\n\u{202e}☃"), text)).toBe('"\\"\'\\n\\u{202e}☃"');
  });
});

describe("options and results", () => {
  test("an option may be its payload alone, unless that is an option or result", () => {
    expect(parseValue("1", option(u8))).toEqual(some(1));
    expect(parseValue("some(1)", option(u8))).toEqual(some(1));
    expect(parseValue("none", option(u8))).toEqual(word("none"));
    expect(parseValue("some(none)", option(option(u8)))).toEqual(some(word("none")));
    expect(refused("1", option(option(u8)))).toBe("1:1: expected option<option<u8>>, found 1");
  });

  test("a result may be the payload of ok alone, if it has one", () => {
    expect(parseValue("1", result(u8, null))).toEqual({ tag: "case", label: "ok", value: 1 });
    expect(parseValue("ok", result(null, text))).toEqual(word("ok"));
    expect(parseValue("err", result(u8, null))).toEqual(word("error"));
    expect(refused("1", result(null, u8))).toBe("1:1: expected result<_, u8>, found 1");
    expect(refused("ok(1)", result(null, null))).toBe("1:3: expected nothing after ok, found (");
    expect(refused("err", result(null, u8))).toBe(
      "1:4: expected (, as err has a u8, found the end",
    );
  });

  test("prints both in full, and WIT's error as err", () => {
    expect(printValue(some(1), option(u8))).toBe("some(1)");
    const failed: Value = { tag: "case", label: "error", value: said("x") };
    expect(printValue(failed, result(u8, text))).toBe('err("x")');
  });
});

const point: ValType = {
  tag: "record",
  fields: [
    { label: "x", t: u8 },
    { label: "note", t: option(text) },
  ],
};

describe("records and flags", () => {
  test("fields stand in any order, and options may be left out", () => {
    const value: Value = { tag: "record", fields: { x: 1, note: word("none") } };
    for (const source of ["{x: 1}", "{note: none, x: 1,}", "{ %x: 1 } // all"]) {
      expect(parseValue(source, point)).toEqual(value);
    }
    expect(printValue(value, point)).toBe("{x: 1}");
  });

  test("a record whose fields are all left out is {:}", () => {
    const t: ValType = { tag: "record", fields: [{ label: "a", t: option(u8) }] };
    expect(printValue(parseValue("{ : }", t), t)).toBe("{:}");
    expect(refused("{}", t)).toBe("1:1: a record without fields is written {:}");
  });

  test("says which field is missing, unknown or given twice", () => {
    expect(refused("{note: none}", point)).toBe("1:1: this record lacks its field x: u8");
    expect(refused("{x: 1, y: 2}", point)).toBe("1:8: there is no field y (there is x or note)");
    expect(refused("{x: 1, x: 1}", point)).toBe("1:8: field x is given twice");
    expect(refused("{x: 1,, }", point)).toBe("1:7: expected the name of a field, found ,");
  });

  test("flags are a set, in the order of the type", () => {
    const t: ValType = { tag: "flags", labels: ["read", "write", "exec"] };
    expect(parseValue("{write, read,}", t)).toEqual({ tag: "flags", labels: ["read", "write"] });
    expect(printValue(parseValue("{}", t), t)).toBe("{}");
    expect(refused("{read, read}", t)).toBe("1:8: flag read is set twice");
    expect(refused("{reed}", t)).toBe("1:2: there is no flag reed (did you mean `read`?)");
  });
});

describe("variants, tuples, lists and maps", () => {
  const answer: ValType = {
    tag: "variant",
    cases: [
      { label: "empty", t: null },
      { label: "body", t: list(u8) },
      { label: "err", t: text },
    ],
  };

  test("a case that is a keyword needs %", () => {
    const value: Value = { tag: "case", label: "err", value: said("x") };
    expect(parseValue('%err("x")', answer)).toEqual(value);
    expect(printValue(value, answer)).toBe('%err("x")');
    expect(refused('err("x")', answer)).toContain("(write %err)");
    expect(refused("bodi([])", answer)).toBe("1:1: there is no case bodi (did you mean `body`?)");
  });

  test("lists of numbers are bytes, as they are wherever values are lifted", () => {
    expect(parseValue("[1, 2,]", list(u8))).toEqual(bulkOf("u8", [1, 2]));
    expect(parseValue("[]", list(text))).toEqual([]);
    const pair: ValType = { tag: "list", t: u8, length: 2 };
    expect(refused("[1]", pair)).toBe("1:1: list<u8, 2> has 2 elements, here are 1");
  });

  test("a map is a list of pairs, as which it is passed", () => {
    const t: ValType = { tag: "map", k: text, v: u8 };
    expect(parseValue('[("a", 1)]', t)).toEqual([[said("a"), 1]]);
  });

  test("tuples have their length", () => {
    const t: ValType = { tag: "tuple", ts: [u8, text] };
    expect(printValue(parseValue('( 1 , "a" , )', t), t)).toBe('(1, "a")');
    expect(refused("(1)", t)).toBe("1:1: tuple<u8, string> has 2 values, here are 1");
    expect(refused('(1, "a", 2)', t)).toBe("1:10: expected ) after 2 values, found 2");
  });

  test.each(["own", "stream", "future", "error-context"] as const)("no text says a %s", (tag) => {
    const types = { own: { tag, rt: 0 }, stream: { tag, t: u8 }, future: { tag, t: null } };
    const t = (tag === "error-context" ? { tag } : types[tag]) as ValType;
    expect(refused("1", t)).toMatch(/^1:1: a value of type \S+ cannot be said in WAVE$/);
  });
});

const plain = (path: string): Callable => ({
  path,
  ft: { params: [], result: null, async: false },
});

describe("invocations", () => {
  const sum: Callable = {
    path: "sum",
    ft: {
      params: [
        { name: "a", t: u8 },
        { name: "b", t: option(u8) },
      ],
      result: u8,
      async: false,
    },
  };
  const all = [
    sum,
    plain("ns:pkg/ui@1.2.3#show"),
    plain("ns:pkg/log#show"),
    plain("ns:pkg/log#[method]r.m"),
  ];

  const call = (source: string): string => parseInvocation(source, all).callable.path;
  const wrong = (source: string): string => refusal(() => parseInvocation(source, all));

  test.each([
    "ns:pkg/ui@1.2.3#show()",
    "ns:pkg/ui.show@1.2.3()",
    "ns:pkg/ui.show()",
    "ui.show()",
    " ui#show ( ) ",
  ])("%s names a function in an instance", (source) => {
    expect(call(source)).toBe("ns:pkg/ui@1.2.3#show");
  });

  test("an instance's function needs no more than its own name, if that is enough", () => {
    expect(call("[method]r.m()")).toBe("ns:pkg/log#[method]r.m");
    expect(wrong("show()")).toBe("1:1: show can be ns:pkg/ui@1.2.3#show or ns:pkg/log#show");
    expect(wrong("ns:pkg/ui.show@1.2.4()")).toMatch(
      /^1:1: no function ns:pkg\/ui.show@1.2.4 is exported/,
    );
  });

  test("options at the end may be left out", () => {
    expect(parseInvocation("sum(1)", all).args).toEqual([1, word("none")]);
    expect(parseInvocation("sum(1, 2)", all).args).toEqual([1, some(2)]);
  });

  test("says what is wrong with the arguments, and where", () => {
    expect(wrong("sum()")).toBe("1:5: the argument a: u8 is missing");
    expect(wrong("sum(1, 2, 3)")).toBe(
      "1:11: expected ), as sum is func(a: u8, b: option<u8>) -> u8, found 3",
    );
    expect(wrong("sum(1,\n 300)")).toBe("2:2: 300 is no u8: 0 to 255");
    expect(wrong("sum")).toBe("1:4: expected (, found the end");
    expect(wrong("sum(1) 2")).toBe("1:8: expected nothing more, found 2");
    expect(wrong("(1)")).toMatch(/^1:1: a call begins with the name of a function/);
  });
});

describe("long texts", () => {
  test("neither much blank space nor a long string overflows anything", () => {
    const [blank, long] = [" ", "a"].map((char) => char.repeat(10_000_000));
    expect(parseValue(`${blank}1${blank}`, u8)).toBe(1);
    expect(refused(`"${long}`, text)).toMatch(/^1:1: unexpected "/);
    expect(refused(`"${long}"`, u8)).toMatch(/^1:1: expected u8, found "a{39}\.\.$/);
  });
});
