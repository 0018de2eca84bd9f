// Traces as text: what is read and written, and what is wrong with each line that is none.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonFault } from "../../src/oracle/format/json-scan.ts";
import {
  parseEventLine,
  parseHeaderLine,
  parseRuns,
  parseTrace,
} from "../../src/oracle/format/parse.ts";
import { printEvent, printHeader, printTrace } from "../../src/oracle/format/print.ts";
import { formatTraceError, TraceError } from "../../src/oracle/format/trace-error.ts";
import { anyTrace } from "./trace-arbitrary.ts";

const head = '{"format":"canon-async trace","version":1}';

/** What is wrong with a text: `line:column: problem (hint)`, without the file. */
function errorOf(text: string): string {
  try {
    parseTrace(text, "t.jsonl");
  } catch (error) {
    if (error instanceof TraceError) return error.message.replace(/^t\.jsonl:/, "");
    throw error;
  }
  return "none";
}

/** The same, of an event in the second line. */
function eventError(line: string): string {
  return errorOf(`${head}\n${line}\n`).replace(/^2:/, "");
}

// JSON.parse takes the last of two fields, and the nearest double: what is judged would not be what was written
describe("what JSON readers lose is refused", () => {
  test("a field that comes twice", () => {
    expect(eventError('{"event":"log","line":"a","line":"b"}')).toBe(
      '27: the field "line" comes twice',
    );
    expect(eventError('{"event":"enter","memory":[{"at":1,"bytes":"","at":2}]}')).toBe(
      '47: the field "at" comes twice',
    );
    expect(errorOf('{"format":"canon-async trace","version":1,"version":1}')).toBe(
      '1:43: the field "version" comes twice',
    );
    expect(eventError('{"event":"log","line":"\\"line\\": \\"line\\":"}')).toBe("none");
  });

  test("an integer that a double does not hold", () => {
    const hint = "(an integer of 64 bits is a text of digits)";
    expect(eventError('{"event":"leave","results":[9007199254740993]}')).toBe(
      `29: 9007199254740993 has more digits than a number keeps ${hint}`,
    );
    expect(eventError('{"event":"call","args":[1, -9223372036854775807]}')).toBe(
      `28: -9223372036854775807 has more digits than a number keeps ${hint}`,
    );
    // 2^53, floats as they are printed, texts, and what nobody judges
    for (const value of [
      "9007199254740992",
      "123456789012345680000",
      "1e300",
      '"9007199254740993"',
    ]) {
      expect(eventError(`{"event":"leave","results":[${value}]}`)).toBe("none");
    }
    expect(eventError('{"event":"end","note":[1763795463000000001]}')).toBe("none");
  });
});

describe("what is read", () => {
  test("is what was written", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        expect(parseTrace(printTrace(trace))).toEqual(trace);
      }),
    );
  });

  test("is every run of several", () => {
    fc.assert(
      fc.property(fc.array(anyTrace, { minLength: 1, maxLength: 3 }), (traces) => {
        expect(parseRuns(traces.map(printTrace).join(""))).toEqual(traces);
      }),
    );
  });

  test("is each kind of line by itself", () => {
    expect(parseHeaderLine(head)).toEqual({ format: "canon-async trace", version: 1 });
    expect(parseEventLine('{"event":"log","line":"x"}')).toEqual({ event: "log", line: "x" });
  });

  test("may have blank lines, CR LF, a byte order mark, and no end of the last line", () => {
    const text = `\ufeff\r\n${head}\r\n\r\n \t\r\n{"event":"end"}`;
    expect(parseTrace(text).events).toEqual([{ event: "end" }]);
  });

  test("keeps a text that is no Unicode, which JSON can say", () => {
    const event = { event: "log", line: "\ud800" } as const;
    expect(printEvent(event)).toBe('{"event":"log","line":"\\ud800"}');
    expect(parseEventLine(printEvent(event))).toEqual(event);
  });

  test("keeps what a name of a field could do harm as", () => {
    const note = JSON.parse('{"__proto__":1}');
    const event = { event: "end", note } as const;
    expect(printEvent(event)).toBe('{"event":"end","note":{"__proto__":1}}');
    expect(eventError('{"event":"end","__proto__":1}')).toContain('no field "__proto__"');
  });
});

describe("what is written", () => {
  test("has its fields in one order, whatever their order was", () => {
    const line = '{"results":[1],"func":"f","thread":"t","instance":"i","event":"return"}';
    expect(printEvent(parseEventLine(line))).toBe(
      '{"event":"return","instance":"i","thread":"t","func":"f","results":[1]}',
    );
    expect(
      printHeader(parseHeaderLine('{"version":1,"calls":[],"format":"canon-async trace"}')),
    ).toBe('{"format":"canon-async trace","version":1,"calls":[]}');
  });

  test("keeps a negative zero, and says what JSON has no number for as a text", () => {
    const args = [-0, Number.NaN, Number.NEGATIVE_INFINITY];
    expect(printEvent({ event: "call", args })).toBe(
      '{"event":"call","args":[-0,"NaN","-Infinity"]}',
    );
  });
});

describe("a line that is no JSON", () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      "{'event':'end'}",
      `2: expected the name of a field, found "'" (JSON writes texts, and names of fields, in double quotes)`,
    ],
    [
      "{event:1}",
      `2: expected the name of a field, found "event" (JSON writes texts, and names of fields, in double quotes)`,
    ],
    ['{"event" "end"}', '10: expected ":", found "\\""'],
    ['{"event":"end",}', '16: expected the name of a field, found "}"'],
    [
      '{"event":"end"} {"event":"end"}',
      '17: "{" after the end of the object (a line holds one object)',
    ],
    ['{"event":"call","args":[1 2]}', '27: expected "," or "]", found "2"'],
    ['{"event":"call" "args":[]}', '17: expected "," or "}", found "\\""'],
    ['{"event":"call","args":[01]}', '25: expected a value, found "01"'],
    ['{"event":"call","args":[1.]}', '25: expected a value, found "1."'],
    [
      '{"event":"call","args":[NaN]}',
      '25: expected a value, found "NaN" (JSON writes texts, and names of fields, in double quotes)',
    ],
    ['{"event":"call","args":[,1]}', '25: expected a value, found ","'],
    ['{"event":"l\\xg"}', "12: this is no escape of JSON"],
    [
      '{"event":"l\tg"}',
      "12: a control character within a text (JSON writes it as an escape, such as \\n)",
    ],
    [
      "hello",
      `1: expected a value, found "hello" (JSON writes texts, and names of fields, in double quotes)`,
    ],
  ];
  test.each(cases)("%s", (line, problem) => {
    // the case with a tab is a control character in the middle of a text
    expect(eventError(line)).toBe(problem);
  });

  test("says where exactly when JSON.parse says that there is something wrong", () => {
    const line = '{"event":"call","args":[1,-2.5e3,null,true,"\\u00e9"],"note":{"a":[{}]}}';
    const edit = fc.tuple(
      fc.nat(line.length - 1),
      fc.constantFrom("", "x", '"', "}", "\\", ",", "1"),
    );
    fc.assert(
      fc.property(edit, ([at, by]) => {
        const text = line.slice(0, at) + by + line.slice(at + 1);
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(jsonFault(text) === null).toBe(isJson);
      }),
    );
  });
});

describe("a line that is cut off", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{"event":"log","line":"ab', "a text"],
    ['{"event":"log","line":"ab\\u00', "a text"],
    ['{"event":"log","line":', "a value"],
    ['{"event":"log","line"', "an object"],
    ['{"event":"log",', "an object"],
    ['{"event":"call","args":[1', "a list"],
    ['{"event":"call","args":[1.', "a number"],
    ['{"event":"call","args":[-', "a number"],
    ['{"event":"call","args":[nu', "a word"],
    ["{", "an object"],
  ];
  test.each(cases)("%s", (line, what) => {
    expect(eventError(line)).toBe(
      `${line.length + 1}: the line ends in the middle of ${what} (only the header was read before it)`,
    );
  });

  test("at any place is called cut off, as its whole is a line", () => {
    const line = '{"event":"call","args":[-2.5e-3,null,true,"\\u00e9"],"note":{"a":[{}]}}';
    for (let end = 1; end < line.length; end++) {
      expect(eventError(line.slice(0, end))).toContain("the line ends in the middle of");
    }
  });

  test("tells which events were read", () => {
    const good = '{"event":"log","line":"x"}';
    expect(errorOf(`${head}\n${good}\n{"event":"l`)).toBe(
      "3:12: the line ends in the middle of a text (read before it: 1 event, line 2; without the line the rest is a trace)",
    );
    expect(errorOf(`${head}\n${good}\n\n${good}\n{"event":"l`)).toBe(
      "5:12: the line ends in the middle of a text (read before it: 2 events, lines 2 to 4; without the line the rest is a trace)",
    );
    expect(errorOf('{"format":"canon-async tr')).toBe(
      "1:26: the line ends in the middle of a text (nothing was read before it)",
    );
  });
});

describe("a header", () => {
  const begins = 'a trace begins {"format": "canon-async trace", "version": 1}';
  const cases: readonly (readonly [string, string])[] = [
    ["", "1:1: there is no trace here (it begins with a header)"],
    ["\n\n", "3:1: there is no trace here (it begins with a header)"],
    ['{"event":"end"}', `1:1: there is no header before this line (${begins})`],
    ["[]", "1:1: a line holds one object, not a list"],
    ["7", "1:1: a line holds one object, not 7"],
    ['{"format":"har","version":1}', `1:11: format: "har" is not "canon-async trace" (${begins})`],
    ['{"format":"canon-async trace"}', '1:1: the header needs the field "version"'],
    [
      '{"format":"canon-async trace","version":2}',
      "1:41: version: version 2 is not known (this reads version 1)",
    ],
    [
      '{"format":"canon-async trace","version":"1"}',
      '1:41: version: version "1" is not known (this reads version 1)',
    ],
    [
      '{"format":"canon-async trace","version":1,"call":[]}',
      '1:43: the header has no field "call" (did you mean `calls`?)',
    ],
    ['{"format":"canon-async trace","version":1,"calls":"f()"}', '1:51: calls: "f()" is no list'],
    ['{"format":"canon-async trace","version":1,"omits":[1]}', "1:52: omits[0]: 1 is no text"],
    [
      '{"format":"canon-async trace","version":1,"late":["end"]}',
      '1:51: late[0]: "end" is not "result" (nothing else may be told late)',
    ],
    [
      '{"format":"canon-async trace","version":1,"engine":{}}',
      "1:52: engine: an object is no text",
    ],
    [
      `${head}\n${head}`,
      "2:1: a second run begins here, and only one is read (parseRuns reads all of them)",
    ],
  ];
  test.each(cases)("%s", (text, problem) => {
    expect(errorOf(text)).toBe(problem);
  });
});

describe("an event", () => {
  const isCore =
    'it is a number, a 64-bit integer as a text, "NaN", "Infinity", "-Infinity" or null';
  const kinds =
    "the kinds are enter, leave, call, return, invoke, result, host-call, host-return, log, trap or end";
  const cases: readonly (readonly [string, string])[] = [
    ["[]", "1: a line holds one object, not a list"],
    ["null", "1: a line holds one object, not null"],
    ["{}", '1: the field "event" is missing'],
    ['{"evnt":"log"}', '1: the field "event" is missing ("event" says what kind it is)'],
    ['{"event":"retrun"}', '10: event: "retrun" is no kind of event (did you mean `return`?)'],
    ['{"event":"tick-tock-tick"}', `10: event: "tick-tock-tick" is no kind of event (${kinds})`],
    ['{"event":7}', `10: event: 7 is no kind of event (${kinds})`],
    [
      '{"event":"return","result":[]}',
      '19: the event "return" has no field "result" (did you mean `results`?)',
    ],
    [
      '{"event":"leave","args":[]}',
      '18: the event "leave" has no field "args" (it may have event, instance, thread, note, func, results)',
    ],
    [
      '{"event":"end","":0}',
      '16: the event "end" has no field "" (it may have event, instance, thread, note, waiting)',
    ],
    ['{"event":"call","instance":1}', "28: instance: 1 is no text"],
    ['{"event":"call","thread":null}', "26: thread: null is no text"],
    ['{"event":"call","args":1}', "24: args: 1 is no list"],
    ['{"event":"call","args":[1,true]}', `27: args[1]: true is no core value (${isCore})`],
    ['{"event":"call","args":["x"]}', `25: args[0]: "x" is no core value (${isCore})`],
    ['{"event":"call","args":["007"]}', `25: args[0]: "007" is no core value (${isCore})`],
    ['{"event":"call","args":["-0"]}', `25: args[0]: "-0" is no core value (${isCore})`],
    ['{"event":"call","args":[1e999]}', `25: args[0]: Infinity is no core value (${isCore})`],
    [
      '{"event":"call","args":["18446744073709551616"]}',
      "25: args[0]: 18446744073709551616 is no integer of 64 bits (they go from -2^63 to 2^64 - 1)",
    ],
    [
      '{"event":"call","args":["-9223372036854775809"]}',
      "25: args[0]: -9223372036854775809 is no integer of 64 bits (they go from -2^63 to 2^64 - 1)",
    ],
    ['{"event":"return","memory":[5]}', "29: memory[0]: 5 is no object"],
    [
      '{"event":"return","memory":[{"at":1}]}',
      '29: memory[0]: an entry of memory needs the field "bytes"',
    ],
    [
      '{"event":"return","memory":[{"at":1.5,"bytes":""}]}',
      "35: memory[0].at: 1.5 is no integer from 0 to 2^53 - 1",
    ],
    [
      '{"event":"return","memory":[{"at":-1,"bytes":""}]}',
      "35: memory[0].at: -1 is no integer from 0 to 2^53 - 1",
    ],
    [
      '{"event":"return","memory":[{"at":9007199254740992,"bytes":""}]}',
      "35: memory[0].at: 9007199254740992 is no integer from 0 to 2^53 - 1",
    ],
    [
      '{"event":"return","memory":[{"at":0,"bytes":"abc"}]}',
      '45: memory[0].bytes: "abc" is not two hexadecimal digits a byte',
    ],
    [
      '{"event":"return","memory":[{"at":0,"bytes":"0g"}]}',
      '45: memory[0].bytes: "0g" is not two hexadecimal digits a byte',
    ],
    [
      '{"event":"return","memory":[{"at":0,"bytes":"","mem":1}]}',
      '48: an entry of memory has no field "mem" (it may have at, bytes, memory)',
    ],
    ['{"event":"invoke"}', '1: the event "invoke" needs the field "call"'],
    ['{"event":"result","value":null}', '1: the event "result" needs the field "call"'],
    [
      '{"event":"result","call":"f","value":7}',
      "38: value: 7 is no text, and not null (a value is a text, in WAVE)",
    ],
    ['{"event":"host-call"}', '1: the event "host-call" needs the field "func"'],
    [
      '{"event":"host-call","func":"f","args":[1]}',
      "41: args[0]: 1 is no text, and not null (a value is a text, in WAVE)",
    ],
    ['{"event":"host-return","func":"f","value":null}', "43: value: null is no text"],
    [
      '{"event":"host-return","func":"f","cancelled":false}',
      "47: cancelled: false is not true (else it is left out)",
    ],
    [
      '{"event":"host-return","func":"f","value":"1","cancelled":true}',
      '47: the event "host-return" has only one of value, cancelled or trapped',
    ],
    ['{"event":"log"}', '1: the event "log" needs the field "line"'],
    ['{"event":"trap","code":3}', "24: code: 3 is no text"],
    ['{"event":"end","waiting":[3]}', "27: waiting[0]: 3 is no text"],
    [
      '{"event":"end"}\n{"event":"log","line":"x"}',
      '3:1: the event "end" is the last one (nothing comes after it)',
    ],
    [
      '{"event":"trap"}\n{"event":"end"}',
      '3:1: the event "trap" is the last one (nothing comes after it)',
    ],
  ];
  test.each(cases)("%s", (line, problem) => {
    expect(eventError(line)).toBe(problem);
  });

  test("has a note of at most a hundred values within each other", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(eventError(`{"event":"end","note":${nested(100)}}`)).toBe("none");
    expect(eventError(`{"event":"end","note":${nested(101)}}`)).toBe(
      "23: note: its values lie more than 100 deep within each other",
    );
    // what is no JSON either is not looked into any deeper
    expect(eventError(`{"event":"end","note":${"[".repeat(100_000)}`)).toBe(
      "123: values within each other more than 100 deep",
    );
  });
});

describe("an error", () => {
  test("is shown with its line and a caret, and by its message alone has all of that", () => {
    const text = `${head}\n{"event":"end"}\n{"event":"ennd"}\n`;
    let error: unknown = null;
    try {
      parseTrace(text.replace('{"event":"end"}\n', ""), "run.jsonl");
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof TraceError)) throw new Error("there was no error");
    expect(formatTraceError(error)).toBe(
      [
        'run.jsonl:2:10: event: "ennd" is no kind of event',
        '2 | {"event":"ennd"}',
        "  |          ^",
        "hint: did you mean `end`?",
      ].join("\n"),
    );
    const { file, line, column, hint, name } = error;
    expect({ file, line, column, hint, name }).toEqual({
      file: "run.jsonl",
      line: 2,
      column: 10,
      hint: "did you mean `end`?",
      name: "TraceError",
    });
  });
});
