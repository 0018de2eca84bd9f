// Syntax trees of WIT, as free as the grammar is: names need not mean anything.

import fc, { type Arbitrary } from "fast-check";
import type {
  Extern,
  FuncExpr,
  Gate,
  Head,
  InterfaceItem,
  LabelDecl,
  Member,
  Name,
  NestedPackage,
  PackageItem,
  PackageName,
  Param,
  Renamed,
  TypeDecl,
  TypeExpr,
  UsePath,
  WitFile,
  WorldItem,
} from "../../../src/wit/ast.ts";
import { keyTypes, keywords, prims } from "../../../src/wit/words.ts";

const pos = { line: 1, column: 1 };

/** Keywords, words that are none although they mean something, and names of every shape. */
const words = fc.oneof(
  fc.constantFrom(...keywords),
  fc.constantFrom("error-context", "since", "version", "self", "external-id", "of"),
  fc.stringMatching(/^[a-z][0-9a-z]{0,3}(-[0-9a-z]{1,3}){0,2}$/),
);
const labels = fc.oneof(words, fc.stringMatching(/^[A-Z][0-9A-Z]{0,2}(-([0-9A-Z]{1,2}|[a-z]1))?$/));

const name: Arbitrary<Name> = labels.map((word) => ({ name: word, pos }));

const version = fc.constantFrom(null, "0.1.0", "10.20.30", "1.0.0-rc.1", "1.0.0-0a.b-c+d.00.-");

const packageName: Arbitrary<PackageName> = fc.record({
  namespaces: fc.array(words, { minLength: 1, maxLength: 2 }),
  names: fc.array(words, { minLength: 1, maxLength: 2 }),
  version,
  pos: fc.constant(pos),
});

const path: Arbitrary<UsePath> = fc.record({
  package: fc.option(packageName, { freq: 1 }),
  name: labels,
  pos: fc.constant(pos),
});

/** What WIT allows in comments; a line of a doc comment loses the spaces at its end. */
const forbidden =
  /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]/gu;
const docLine = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("", " two", "/ three", "/* no */", "//", '"', "*/"),
  )
  .map((line) => line.replace(forbidden, "").trimEnd());
const docs = fc.option(
  fc.array(docLine, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
  { freq: 1 },
);

const release = fc.constantFrom("0.1.0", "1.0.0-rc.1+x");
const gate: Arbitrary<Gate> = fc.oneof(
  fc.record({
    tag: fc.constantFrom("since", "deprecated"),
    version: release,
    pos: fc.constant(pos),
  }),
  fc.record({ tag: fc.constant("unstable"), feature: labels, pos: fc.constant(pos) }),
);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom('"', "\\", "\n", "http://a", "/*", "%41", "\u202e"),
);

const noId: Arbitrary<Head> = fc.record({
  docs,
  gates: fc.array(gate, { maxLength: 2 }),
  externalId: fc.constant(null),
});
const withId: Arbitrary<Head> = fc.record({
  docs,
  gates: fc.array(gate, { maxLength: 2 }),
  externalId: fc.option(text, { freq: 1 }),
});

function headed<T extends object>(head: Arbitrary<Head>, of: Arbitrary<T>): Arbitrary<Head & T> {
  return fc.tuple(head, of).map(([before, item]) => ({ ...before, ...item }));
}

const prim: Arbitrary<TypeExpr> = fc
  .constantFrom(...prims)
  .map((tag) => ({ tag: "prim", name: tag, pos }));

const leaf: Arbitrary<TypeExpr> = fc.oneof(
  prim,
  labels.map((word): TypeExpr => ({ tag: "named", name: word, pos })),
  fc
    .tuple(fc.constantFrom("own" as const, "borrow" as const), name)
    .map(([tag, resource]): TypeExpr => ({ tag, resource, pos })),
);

const { type } = fc.letrec<{ type: TypeExpr; slot: TypeExpr | null }>((tie) => ({
  slot: fc.option(tie("type"), { freq: 2 }),
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("type"), fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 })))
      .map(([t, length]): TypeExpr => ({ tag: "list", t, length, pos })),
    fc
      .array(tie("type"), { minLength: 1, maxLength: 3 })
      .map((ts): TypeExpr => ({ tag: "tuple", ts, pos })),
    tie("type").map((t): TypeExpr => ({ tag: "option", t, pos })),
    fc
      .tuple(tie("slot"), tie("slot"))
      .map(([ok, error]): TypeExpr => ({ tag: "result", ok, error, pos })),
    fc
      .tuple(fc.constantFrom(...keyTypes), tie("type"))
      .map(([key, v]): TypeExpr => ({ tag: "map", k: { tag: "prim", name: key, pos }, v, pos })),
    fc
      .tuple(fc.constantFrom("stream" as const, "future" as const), tie("slot"))
      .map(([tag, t]): TypeExpr => ({ tag, t, pos })),
  ),
}));

const params: Arbitrary<readonly Param[]> = fc.array(fc.record({ name, t: type }), {
  maxLength: 3,
});
const result = fc.option(type, { freq: 1 });

const func: Arbitrary<FuncExpr> = fc.record({ async: fc.boolean(), params, result });

const label: Arbitrary<LabelDecl> = fc.record({ docs, name });
const some = { minLength: 1, maxLength: 3 };

const member: Arbitrary<Member> = headed(
  withId,
  fc.oneof(
    fc.record({ tag: fc.constantFrom("method", "static"), name, func }),
    fc.record({ tag: fc.constant("constructor"), params, result, pos: fc.constant(pos) }),
  ),
);

type BareTypeDecl = TypeDecl extends infer T
  ? T extends unknown
    ? Omit<T, keyof Head>
    : never
  : never;

const typeBody: Arbitrary<BareTypeDecl> = fc.oneof(
  fc.record({ tag: fc.constant("alias"), name, t: type }),
  fc.record({
    tag: fc.constant("record"),
    name,
    fields: fc.array(fc.record({ docs, name, t: type }), some),
  }),
  fc.record({
    tag: fc.constant("variant"),
    name,
    cases: fc.array(fc.record({ docs, name, t: result }), some),
  }),
  fc.record({ tag: fc.constantFrom("enum", "flags"), name, labels: fc.array(label, some) }),
  fc.record({ tag: fc.constant("resource"), name, members: fc.array(member, { maxLength: 3 }) }),
);

function typeDecl(head: Arbitrary<Head>): Arbitrary<TypeDecl> {
  return headed(head, typeBody) as Arbitrary<TypeDecl>;
}

const renamed: Arbitrary<Renamed> = fc.record({ name, as: fc.option(name, { freq: 1 }) });

const use = headed(
  noId,
  fc.record({ tag: fc.constant("use" as const), path, names: fc.array(renamed, some) }),
);

const interfaceItem: Arbitrary<InterfaceItem> = fc.oneof(
  use,
  typeDecl(withId),
  headed(withId, fc.record({ tag: fc.constant("func" as const), name, func })),
);
const interfaceItems = fc.array(interfaceItem, { maxLength: 4 });

const namedExtern: Arbitrary<Extern> = fc.oneof(
  fc.record({ tag: fc.constant("named-path"), name, path }),
  fc.record({ tag: fc.constant("func"), name, func }),
  fc.record({ tag: fc.constant("interface"), name, items: interfaceItems }),
);
const pathExtern: Arbitrary<Extern> = fc.record({ tag: fc.constant("path"), path });

function externDecl(head: Arbitrary<Head>, extern: Arbitrary<Extern>): Arbitrary<WorldItem> {
  return headed(head, fc.record({ tag: fc.constantFrom("import", "export"), extern }));
}

const changed: Arbitrary<Renamed> = fc.record({ name, as: name });

const worldItem: Arbitrary<WorldItem> = fc.oneof(
  externDecl(noId, pathExtern),
  externDecl(withId, namedExtern),
  headed(
    noId,
    fc.record({
      tag: fc.constant("include" as const),
      path,
      names: fc.array(changed, { maxLength: 2 }),
    }),
  ),
  use,
  typeDecl(noId),
);

const packageItem: Arbitrary<PackageItem> = headed(
  noId,
  fc.oneof(
    fc.record({ tag: fc.constant("interface" as const), name, items: interfaceItems }),
    fc.record({
      tag: fc.constant("world" as const),
      name,
      items: fc.array(worldItem, { maxLength: 4 }),
    }),
    fc.record({ tag: fc.constant("top-use" as const), path, as: fc.option(name, { freq: 1 }) }),
  ),
);

const nestedPackage: Arbitrary<NestedPackage> = fc.record({
  tag: fc.constant("package"),
  docs,
  name: packageName,
  items: fc.array(packageItem, { maxLength: 2 }),
});

/** Any file of WIT that the grammar allows. */
export const witFile: Arbitrary<WitFile> = fc.record({
  file: fc.constant("generated.wit"),
  package: fc.option(fc.record({ docs, name: packageName }), { freq: 3 }),
  items: fc.array(fc.oneof({ arbitrary: packageItem, weight: 4 }, nestedPackage), { maxLength: 3 }),
});
