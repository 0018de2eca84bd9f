// The JSON Schema of a line of a trace and the parser say the same, but for what a schema cannot say.

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/model/json.ts";
import { parseEventLine, parseHeaderLine } from "../../src/oracle/format/parse.ts";
import { printEvent, printHeader } from "../../src/oracle/format/print.ts";
import { TraceError } from "../../src/oracle/format/trace-error.ts";
import { anyEvent, anyHeader } from "./trace-arbitrary.ts";

const schema = JSON.parse(readFileSync("spec/trace.schema.json", "utf8"));
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile(schema);

/** Whether the parser takes a line as a header or as an event. */
function isParsed(line: string): boolean {
  return [parseHeaderLine, parseEventLine].some((parse) => {
    try {
      parse(line);
      return true;
    } catch (error) {
      if (error instanceof TraceError) return false;
      throw error;
    }
  });
}

const isValid = (line: string): boolean => validate(JSON.parse(line));

const header = '"format":"canon-async trace","version":1';

const valid: readonly string[] = [
  `{${header}}`,
  `{${header},"engine":"e 1.0","calls":["f(1)"],"omits":["realloc","enter"],"note":{"a":[1]}}`,
  `{${header},"late":["result"]}`,
  `{${header},"late":[]}`,
  '{"event":"enter"}',
  '{"event":"enter","instance":"A","thread":"t","func":"run","args":[],"memory":[],"note":null}',
  '{"event":"enter","args":[1,-1,4294967295,1.5,-0,1e300,null,"NaN","Infinity","-Infinity"]}',
  '{"event":"leave","func":"run","results":["-9223372036854775808","18446744073709551615","0"]}',
  '{"event":"call","func":"stream.read","args":[1,16,4]}',
  '{"event":"return","results":[32],"memory":[{"at":16,"bytes":"00fF","memory":1}]}',
  '{"event":"return","memory":[{"at":9007199254740991,"bytes":""}]}',
  '{"event":"invoke","call":"f(1)"}',
  '{"event":"result","call":"f(1)"}',
  '{"event":"result","call":"f(1)","value":null}',
  '{"event":"result","call":"f(1)","value":"ok(2)"}',
  '{"event":"host-call","func":"now","args":[null,"1"]}',
  '{"event":"host-return","func":"now"}',
  '{"event":"host-return","func":"now","value":"1"}',
  '{"event":"host-return","func":"now","cancelled":true}',
  '{"event":"host-return","func":"now","trapped":true}',
  '{"event":"log","line":""}',
  '{"event":"trap"}',
  '{"event":"trap","code":"guest.unreachable"}',
  '{"event":"end"}',
  '{"event":"end","waiting":["f(1)"]}',
];

const invalid: readonly string[] = [
  "[]",
  "null",
  "7",
  '"x"',
  "{}",
  '{"format":"canon-async trace"}',
  '{"version":1}',
  '{"format":"trace","version":1}',
  '{"format":"canon-async trace","version":2}',
  '{"format":"canon-async trace","version":"1"}',
  `{${header},"event":"end"}`,
  `{${header},"calls":"f()"}`,
  `{${header},"omits":[1]}`,
  `{${header},"late":["return"]}`,
  `{${header},"late":"result"}`,
  `{${header},"engine":null}`,
  `{${header},"extra":1}`,
  '{"event":"ended"}',
  '{"event":null}',
  '{"event":"end","extra":1}',
  '{"event":"end","waiting":"f"}',
  '{"event":"end","waiting":[1]}',
  '{"event":"enter","instance":1}',
  '{"event":"enter","thread":null}',
  '{"event":"enter","results":[]}',
  '{"event":"enter","args":[true]}',
  '{"event":"enter","args":["x"]}',
  '{"event":"enter","args":["01"]}',
  '{"event":"enter","args":["-0"]}',
  '{"event":"enter","args":["1.5"]}',
  '{"event":"enter","args":["nan"]}',
  '{"event":"enter","args":[[]]}',
  '{"event":"enter","args":[1e999]}',
  '{"event":"enter","args":{}}',
  '{"event":"leave","args":[]}',
  '{"event":"leave","memory":[]}',
  '{"event":"call","memory":[]}',
  '{"event":"return","args":[]}',
  '{"event":"return","memory":{}}',
  '{"event":"return","memory":[{"at":0}]}',
  '{"event":"return","memory":[{"bytes":""}]}',
  '{"event":"return","memory":[{"at":"0","bytes":""}]}',
  '{"event":"return","memory":[{"at":-1,"bytes":""}]}',
  '{"event":"return","memory":[{"at":0.5,"bytes":""}]}',
  '{"event":"return","memory":[{"at":9007199254740992,"bytes":""}]}',
  '{"event":"return","memory":[{"at":0,"bytes":"0"}]}',
  '{"event":"return","memory":[{"at":0,"bytes":"xx"}]}',
  '{"event":"return","memory":[{"at":0,"bytes":"","memory":-1}]}',
  '{"event":"return","memory":[{"at":0,"bytes":"","extra":1}]}',
  '{"event":"return","memory":[null]}',
  '{"event":"invoke"}',
  '{"event":"invoke","call":1}',
  '{"event":"result"}',
  '{"event":"result","call":"f","value":1}',
  '{"event":"host-call"}',
  '{"event":"host-call","func":"f","args":[1]}',
  '{"event":"host-return","value":"1"}',
  '{"event":"host-return","func":"f","value":null}',
  '{"event":"host-return","func":"f","cancelled":false}',
  '{"event":"host-return","func":"f","value":"1","cancelled":true}',
  '{"event":"host-return","func":"f","value":"1","trapped":true}',
  '{"event":"host-return","func":"f","cancelled":true,"trapped":true}',
  '{"event":"host-return","func":"f","trapped":1}',
  '{"event":"log"}',
  '{"event":"log","line":1}',
  '{"event":"trap","code":null}',
];

/** What a schema cannot say of a line: these are valid by it, and the parser refuses them. */
const unsayable: readonly (readonly [string, string])[] = [
  [
    "a text of 20 digits may be no integer of 64 bits",
    '{"event":"call","args":["18446744073709551616"]}',
  ],
  ["nor one of 19 with a sign", '{"event":"call","args":["-9223372036854775809"]}'],
  ["how deep a note is", `{"event":"end","note":${"[".repeat(101)}${"]".repeat(101)}}`],
];

describe("the schema", () => {
  test.each(valid)("and the parser take %s", (line) => {
    expect({ schema: isValid(line), parser: isParsed(line) }).toEqual({
      schema: true,
      parser: true,
    });
  });

  test.each(invalid)("and the parser refuse %s", (line) => {
    expect({ schema: isValid(line), parser: isParsed(line) }).toEqual({
      schema: false,
      parser: false,
    });
  });

  test.each(unsayable)("cannot say %s", (_, line) => {
    expect({ schema: isValid(line), parser: isParsed(line) }).toEqual({
      schema: true,
      parser: false,
    });
  });
});

/** A line in which one field is taken away, named anew, or given another value. */
const spoilt = fc
  .tuple(
    fc.oneof(anyEvent.map(printEvent), anyHeader.map(printHeader)),
    fc.nat(),
    fc.constantFrom<"drop" | "rename" | "set" | "inner">("drop", "rename", "set", "inner"),
    fc.oneof(
      fc.constantFrom<Json>(null, true, -1, 0.5, "x", "12", [], {}, [1], ["x"], [null], 2 ** 53),
      fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
    ),
  )
  .map(([line, at, how, value]) => {
    const fields: [string, Json][] = Object.entries(JSON.parse(line));
    const i = at % fields.length;
    const [name, old] = fields[i] ?? ["", null];
    if (how === "drop") fields.splice(i, 1);
    else if (how === "rename") fields[i] = ["args", old];
    else fields[i] = [name, how === "inner" && Array.isArray(old) ? [...old, value] : value];
    return JSON.stringify(Object.fromEntries(fields));
  });

describe("for lines at random the schema and the parser", () => {
  test("take every one that is written", () => {
    const line = fc.oneof(anyEvent.map(printEvent), anyHeader.map(printHeader));
    fc.assert(
      fc.property(line, (one) => {
        expect({ schema: isValid(one), parser: isParsed(one) }).toEqual({
          schema: true,
          parser: true,
        });
      }),
    );
  });

  test("agree on those that are spoilt, of which there are good and bad ones", () => {
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(spoilt, (line) => {
        const parsed = isParsed(line);
        seen[parsed ? "good" : "bad"] += 1;
        expect(isValid(line)).toBe(parsed);
      }),
      { numRuns: 1000 },
    );
    expect(seen.good).toBeGreaterThan(0);
    expect(seen.bad).toBeGreaterThan(0);
  });
});
