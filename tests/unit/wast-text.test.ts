// The text of .wast scripts: tokens, strings, numbers, values and commands, and where errors are.

import { describe, expect, test } from "vitest";
import { sourceText, WastError } from "../../src/wast/errors.ts";
import { tokens } from "../../src/wast/lexer.ts";
import { showLiterals } from "../../src/wast/literals.ts";
import { floatBits, integerOf, isNan } from "../../src/wast/numbers.ts";
import { parseScript } from "../../src/wast/parse.ts";
import { type Command, watOf } from "../../src/wast/script.ts";

function words(text: string): readonly string[] {
  return [...tokens(sourceText(text))].map(({ start, end }) => text.slice(start, end));
}

/** The only command of a script. */
function only(text: string): Command {
  const [command, ...more] = parseScript(text, "x.wast").commands;
  expect(more).toEqual([]);
  if (command === undefined) throw new Error("no command");
  return command;
}

/** Line, column and message of the error that a text has. */
function errorOf(text: string): string {
  try {
    parseScript(text, "x.wast");
  } catch (error) {
    if (!(error instanceof WastError)) throw error;
    return `${error.place.line}:${error.place.column} ${error.message}`;
  }
  return "no error";
}

describe("tokens", () => {
  test("block comments nest and line comments end with the line", () => {
    expect(words("a (; b (; c ;) d ;) e ;; f (; g\nh")).toEqual(["a", "e", "h"]);
  });
  test("parentheses and semicolons within strings are part of them", () => {
    expect(words('("(;" ";; )" "\\"")')).toEqual(["(", '"(;"', '";; )"', '"\\""', ")"]);
  });
  test("an identifier may be a string", () => {
    expect(words('$"a b" $x')).toEqual(['$"a b"', "$x"]);
  });
});

test("tokens may be long: a module's bytes are one string", () => {
  const bytes = `"${"\\00a".repeat(4_000_000)}"`;
  const word = "a".repeat(10_000_000);
  expect(words(`${bytes} ${word}`).map(({ length }) => length)).toEqual([16_000_002, 10_000_000]);
});

describe("errors", () => {
  test("say where they are and what was expected", () => {
    expect(errorOf("(module)\n  (assert_return\n (call))")).toBe(
      "3:3 expected invoke or get, not call",
    );
    expect(errorOf('(register "a" "b")')).toBe('1:15 expected the end of the list, not "b"');
    expect(errorOf("(invoke)")).toBe("1:8 expected the name of an export, and the list ends here");
    expect(errorOf("(assert_nothing)")).toBe(
      "1:2 expected a command, as assert_return, not assert_nothing",
    );
    expect(errorOf("module")).toBe("1:1 expected a command in parentheses, not module");
  });
  test("show the place where something begins that has no end", () => {
    expect(errorOf("(module\n (func)")).toBe("1:1 this parenthesis is not closed: expected )");
    expect(errorOf("(module))")).toBe("1:9 no parenthesis is open: expected (");
    expect(errorOf("(; (; ;)")).toBe("1:1 this comment has no end: expected ;)");
    expect(errorOf('(register "a)')).toBe('1:11 this string has no end: expected "');
  });
  test("point at an escape that is none", () => {
    expect(errorOf('(register "ab\\q")')).toBe("1:14 expected an escape of a string here");
    expect(errorOf('(register "\\u{d800}")')).toBe("1:12 expected an escape of a string here");
    expect(errorOf('(register "\\ff")')).toBe("1:11 expected a string of UTF-8");
  });
  test("a number that does not fit its type is refused", () => {
    expect(errorOf('(invoke "f" (u8.const 256))')).toBe(
      "1:23 expected an integer of 8 bits, not 256",
    );
    expect(errorOf('(invoke "f" (f32.const 1e39))')).toBe(
      "1:24 expected a float of type f32, not 1e39",
    );
  });
  test("lists and values within each other are bounded", () => {
    expect(errorOf("(".repeat(10_000))).toMatch(/^1:5001 more than 5000 lists/);
    const deep = `${"(list.const ".repeat(200)}${")".repeat(200)}`;
    expect(errorOf(`(invoke "f" ${deep})`)).toMatch(/expected at most 100 values within/);
  });
});

describe("hostile texts", () => {
  const script = `(module $m binary "\\00asm" (; a (; b ;) ;))
    (@note "x") (register "m" $m) ;; c
    (assert_return (invoke "f" (f64.const 0x1.8p-3)) (either (i32.const 1) (ref.null func)))
    (assert_trap (component (import "i" (func))) "why")`;

  test("a script that is cut anywhere, or loses one character, is read or refused with a place", () => {
    expect(errorOf(script)).toBe("no error");
    const texts = Array.from({ length: script.length }, (_, at) => [
      script.slice(0, at),
      script.slice(0, at) + script.slice(at + 1),
    ]).flat();
    const answers = texts.map(errorOf);
    expect(answers.filter((answer) => !/^(?:no error|\d+:\d+ .)/.test(answer))).toEqual([]);
    expect(answers.filter((answer) => answer !== "no error").length).toBeGreaterThan(script.length);
  });
});

describe("numbers", () => {
  test("integers have signs, bases and underscores, and the range of both signs", () => {
    expect(integerOf("0xff", 8)).toBe(255n);
    expect(integerOf("-128", 8)).toBe(-128n);
    expect(integerOf("1_000", 32)).toBe(1000n);
    expect(integerOf("-129", 8)).toBeNull();
    expect(integerOf("1__0", 32)).toBeNull();
    expect(integerOf("0xffff_ffff_ffff_ffff", 64)).toBe(2n ** 64n - 1n);
  });
  // IEEE 754, round to nearest, ties to even: 2^24 + 1 lies between 2^24 and 2^24 + 2
  test("floats are rounded once, to the even one of two that are as near", () => {
    expect(floatBits("16777217", "f32")).toBe(0x4b80_0000n);
    expect(floatBits("16777219", "f32")).toBe(0x4b80_0002n);
    // a detour over f64 would round this up to a tie, and the tie down to 1
    expect(floatBits("0x1.000001000000001p0", "f32")).toBe(0x3f80_0001n);
  });
  test("the largest and the smallest floats of a type are read exactly", () => {
    expect(floatBits("0x1.fffffep127", "f32")).toBe(0x7f7f_ffffn);
    expect(floatBits("0x1p-149", "f32")).toBe(1n);
    expect(floatBits("0x1p-150", "f32")).toBe(0n);
    expect(floatBits("4.9e-324", "f64")).toBe(1n);
    expect(floatBits("-0", "f64")).toBe(1n << 63n);
    expect(floatBits("1e400", "f64")).toBeNull();
    expect(floatBits("1e-100000000", "f64")).toBe(0n);
  });
  test("a NaN keeps its payload, and the two classes tell them apart", () => {
    expect(floatBits("nan:0x200000", "f32")).toBe(0x7fa0_0000n);
    expect(floatBits("-nan", "f64")).toBe(0xfff8_0000_0000_0000n);
    expect(floatBits("nan:0x800000", "f32")).toBeNull();
    expect(isNan(0xffc0_0000n, "f32", "canonical")).toBe(true);
    expect(isNan(0x7fc0_0001n, "f32", "canonical")).toBe(false);
    expect(isNan(0x7fc0_0001n, "f32", "arithmetic")).toBe(true);
    expect(isNan(0x7fa0_0000n, "f32", "arithmetic")).toBe(false);
  });
});

describe("commands", () => {
  test("a module keeps its text, and a definition the places in it", () => {
    const command = only('  (module definition $M\n (func (export "f")))');
    expect(command.tag).toBe("define");
    const wat = watOf(command);
    expect(wat?.tag === "text" ? wat.source : null).toBe(
      '(module            $M\n (func (export "f")))',
    );
    expect(wat?.place).toEqual({ line: 1, column: 3 });
  });
  test("bytes are put together, and quotes become text", () => {
    const binary = watOf(only('(module binary "\\00asm" "\\01\\00\\00\\00")'));
    expect(binary?.tag === "binary" ? [...binary.bytes] : null).toEqual([
      0, 97, 115, 109, 1, 0, 0, 0,
    ]);
    const quote = watOf(only('(assert_malformed (component quote "(a" ")") "why")'));
    expect(quote?.tag === "quote" ? quote.source : null).toBe("(component (a ) )");
  });
  test("an instance names its definition", () => {
    expect(only("(component instance $i $C)")).toMatchObject({
      tag: "instance",
      layer: "component",
      name: "$i",
      definition: "$C",
    });
  });
  test("fields without a module around them are one module", () => {
    const { commands } = parseScript('(func (export "f"))\n(memory 1)', "x.wast");
    expect(commands.map(({ tag }) => tag)).toEqual(["load"]);
  });
  test("annotations mean nothing", () => {
    expect(parseScript("(@a (b) ; ) (module)", "x.wast").commands).toHaveLength(1);
  });
  test("values of components are read in all their forms", () => {
    const command = only(`(assert_return (invoke $i "f"
      (record.const (field "a" u8.const 1) (field "b" (str.const "x")))
      (variant.const "v" (char.const "\\u{2603}")) (enum.const "e") (flags.const "a" "b")
      (option.none) (option.some (bool.const true)) (result.ok) (result.err (s64.const -1)))
      (either (f32.const nan:canonical) (tuple.const (list.const) (ref.null func))))`);
    const { deed, results } = command.tag === "assert-return" ? command : expect.fail();
    expect(deed.instance).toBe("$i");
    expect(deed.tag === "invoke" ? showLiterals(deed.args) : null).toBe(
      '(record.const (field "a" (u8.const 1)) (field "b" (str.const "x"))) ' +
        '(case "v" (char.const "\u2603")) (case "e") (flags.const "a" "b") (case "none") ' +
        '(case "some" (bool.const true)) (case "ok") (case "error" (s64.const -1))',
    );
    expect(showLiterals(results)).toBe(
      "(either (f32.const nan:canonical) (tuple.const (list.const) (ref.null func)))",
    );
  });
});
