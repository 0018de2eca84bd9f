// Reads a script: which commands there are and what each takes. Mirrors spec/14.

import { Cursor, expected } from "./cursor.ts";
import { type SourceText, sourceText } from "./errors.ts";
import { literals } from "./parse-literals.ts";
import { definitionOf, watIn } from "./parse-wat.ts";
import { type Node, read } from "./reader.ts";
import type { Command, Deed, Layer, Refusal, Script } from "./script.ts";

/** Reads what follows the head of a command. */
type Parse = (c: Cursor) => Command;

/** What comes after `(module` or `(component`. */
function definition(layer: Layer): Parse {
  return (c) => {
    const { place } = c;
    if (!c.takes("instance")) {
      const { definition: only, name, wat } = definitionOf(c, layer);
      return { tag: only ? "define" : "load", place, name, wat };
    }
    const [name, of] = [c.id(), c.id()];
    c.end();
    return { tag: "instance", place, layer, name, definition: of };
  };
}

const deeds: Readonly<Record<string, Deed["tag"]>> = { invoke: "invoke", get: "get" };

function deedOf(c: Cursor, tag: Deed["tag"]): Deed {
  const { place } = c;
  const instance = c.id();
  const name = c.string("the name of an export");
  if (tag === "invoke") return { tag, place, instance, name, args: literals(c) };
  c.end();
  return { tag, place, instance, name };
}

function deed(c: Cursor): Deed {
  return deedOf(
    c,
    c.parsed("invoke or get", (word) => deeds[word] ?? null),
  );
}

function command(tag: Deed["tag"]): Parse {
  return (c) => ({ tag: "do", place: c.place, deed: deedOf(c, tag) });
}

function message(c: Cursor): string {
  const text = c.string("the message of the error");
  c.end();
  return text;
}

const register: Parse = (c) => {
  const as = c.string("the name to register");
  const name = c.id();
  c.end();
  return { tag: "register", place: c.place, as, name };
};

const assertReturn: Parse = (c) => ({
  tag: "assert-return",
  place: c.place,
  deed: deed(c.sublist("(invoke ..) or (get ..)")),
  results: literals(c),
});

function startsDeed(node: Node | undefined): boolean {
  const head = node?.tag === "list" ? node.items[0] : undefined;
  return head?.tag === "word" && Object.hasOwn(deeds, head.text);
}

const assertTrap: Parse = (c) => {
  const whole = startsDeed(c.next());
  const inner = c.sublist("(invoke ..), (module ..) or (component ..)");
  const what = whole ? deed(inner) : watIn(inner);
  return { tag: "assert-trap", place: c.place, what, message: message(c) };
};

const assertExhaustion: Parse = (c) => ({
  tag: "assert-exhaustion",
  place: c.place,
  deed: deed(c.sublist("(invoke ..)")),
  message: message(c),
});

const assertException: Parse = (c) => {
  const inner = deed(c.sublist("(invoke ..)"));
  c.end();
  return { tag: "assert-exception", place: c.place, deed: inner };
};

function refused(as: Refusal, custom: boolean): Parse {
  return (c) => ({
    tag: "assert-refused",
    place: c.place,
    as,
    custom,
    wat: watIn(c.sublist("(module ..) or (component ..)")),
    message: message(c),
  });
}

/** What exists elsewhere and is not run here. */
function other(word: string): Parse {
  return (c) => ({ tag: "other", place: c.place, word });
}

const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ["module", definition("module")],
  ["component", definition("component")],
  ["register", register],
  ["invoke", command("invoke")],
  ["get", command("get")],
  ["assert_return", assertReturn],
  ["assert_trap", assertTrap],
  ["assert_exhaustion", assertExhaustion],
  ["assert_exception", assertException],
  ["assert_malformed", refused("malformed", false)],
  ["assert_invalid", refused("invalid", false)],
  ["assert_unlinkable", refused("unlinkable", false)],
  ["assert_malformed_custom", refused("malformed", true)],
  ["assert_invalid_custom", refused("invalid", true)],
  ...["thread", "wait", "assert_suspension", "script", "input", "output"].map(
    (word) => [word, other(word)] as const,
  ),
]);

/** Fields without `(module ..)` around them: the whole file is one module. */
const fields = new Set(
  "type import func table memory global export start elem data tag rec".split(" "),
);

function headOf(node: Node): string | null {
  const head = node.tag === "list" ? node.items[0] : undefined;
  return head?.tag === "word" ? head.text : null;
}

function bareModule(source: SourceText, nodes: readonly Node[]): Command {
  const start = nodes[0]?.start ?? 0;
  const text = source.text.slice(start, nodes.at(-1)?.end);
  const place = source.place(start);
  const wat = { tag: "text", layer: "module", place, origin: place, source: text } as const;
  return { tag: "load", place, name: null, wat };
}

function commandOf(source: SourceText, node: Node): Command {
  if (node.tag !== "list") return expected(source, node, "a command in parentheses");
  const c = new Cursor(source, node);
  const parse = c.parsed("a command, as assert_return", (word) => parsers.get(word) ?? null);
  return parse(c);
}

/** Reads the text of a .wast file. Throws `WastError`. */
export function parseScript(text: string, file: string): Script {
  const source = sourceText(text);
  const nodes = read(source);
  if (nodes.length > 0 && nodes.every((node) => fields.has(headOf(node) ?? ""))) {
    return { file, commands: [bareModule(source, nodes)] };
  }
  return { file, commands: nodes.map((node) => commandOf(source, node)) };
}
