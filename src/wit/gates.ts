// Feature gates: whether they agree with each other, and what they hide (WIT.md, "Feature Gates").

import type {
  Gate,
  Head,
  InterfaceItem,
  Member,
  Name,
  PackageItem,
  PackageName,
  Pos,
  TypeDecl,
  WorldItem,
} from "./ast.ts";
import { fault } from "./errors.ts";
import { namesInFunc, namesInItem, namesInMember } from "./type-names.ts";
import { compareVersions } from "./versions.ts";

type Item = InterfaceItem | WorldItem;

/** Since when an item is there, or under which feature; null when it has always been. */
type Stability = Exclude<Gate, { readonly tag: "deprecated" }> | null;

/** WIT.md asks a deprecated item for its other gate in its text, though not in each example. */
function checkTogether(gates: readonly Gate[]): void {
  const [first, second] = gates.filter((gate) => gate.tag !== "deprecated");
  const [deprecated, again] = gates.filter((gate) => gate.tag === "deprecated");
  const twice = second?.tag === first?.tag ? second : again;
  if (twice !== undefined) fault(twice.pos, `\`@${twice.tag}\` stands here twice`);
  if (second !== undefined) {
    fault(second.pos, "an item is either `@since` or `@unstable`", "leave one of them out");
  }
  if (deprecated !== undefined && first === undefined) {
    fault(deprecated.pos, "`@deprecated` stands alone", "say `@since` or `@unstable` too");
  }
}

/**
 * Whether what is there under `own` may rely on what is there under `other`. That one feature needs
 * another shows when only the first is wanted: then a name means nothing.
 */
function mayRely(own: Stability, other: Stability): boolean {
  if (other === null || own?.tag === "unstable") return true;
  if (own === null || other.tag === "unstable") return false;
  return compareVersions(own.version, other.version) >= 0;
}

function shown(stability: Stability): string {
  if (stability === null) return "no gate";
  const { tag } = stability;
  return tag === "since" ? `@since ${stability.version}` : `@unstable ${stability.feature}`;
}

/** What the rules of one package need to know. */
interface Rules {
  readonly versioned: boolean;
}

/** Where an item is, as a message about it says. */
function placeOf(item: Item | Member): Pos {
  if (item.tag === "constructor") return item.pos;
  if (item.tag === "use" || item.tag === "include") return item.path.pos;
  if (!("extern" in item)) return item.name.pos;
  return item.extern.tag === "path" ? item.extern.path.pos : item.extern.name.pos;
}

/** The stability that the gates of an item give it; undefined when there is none. */
function gateOf(rules: Rules, { gates }: Pick<Head, "gates">): Stability | undefined {
  checkTogether(gates);
  const [first] = gates;
  if (first !== undefined && !rules.versioned) {
    fault(first.pos, "a package with gates has a version", "write it as `package a:b@1.0.0`");
  }
  return gates.find((gate) => gate.tag !== "deprecated");
}

/**
 * The stability of an item inside something of stability `outer`. An item without a gate inside a
 * `@since` takes that one: WIT.md calls it an error, but published interfaces of WASI 0.3.0 do it.
 */
function inside(rules: Rules, outer: Stability, item: Item | Member): Stability {
  const own = gateOf(rules, item);
  if (own == null) {
    if (outer?.tag !== "unstable") return outer;
    return fault(placeOf(item), `this has no gate inside ${shown(outer)}`, "give it one too");
  }
  if (!mayRely(own, outer)) {
    fault(own.pos, `this gate is weaker than ${shown(outer)} around it`, "a part is never older");
  }
  return own;
}

type Known = ReadonlyMap<string, Stability>;

function checkNames(own: Stability, names: readonly Name[], known: Known): void {
  for (const { name, pos } of names) {
    const other = known.get(name) ?? null;
    if (mayRely(own, other)) continue;
    fault(pos, `\`${name}\` has ${shown(other)}, its user has ${shown(own)}`, "gate the user too");
  }
}

/** The names that an item gives to types. */
function namesOf(item: Item): readonly string[] {
  if (item.tag === "use") return item.names.map((one) => (one.as ?? one.name).name);
  return "name" in item ? [item.name.name] : [];
}

function checkItem(rules: Rules, own: Stability, item: Item, known: Known): void {
  if (item.tag === "include" || item.tag === "use") return;
  if ("extern" in item) {
    if (item.extern.tag === "interface") checkItems(rules, own, item.extern.items);
    else if (item.extern.tag === "func") checkNames(own, namesInFunc(item.extern.func), known);
    return;
  }
  checkNames(own, namesInItem(item), known);
  for (const member of item.tag === "resource" ? item.members : []) {
    checkNames(inside(rules, own, member), namesInMember(member), known);
  }
}

function checkItems(rules: Rules, outer: Stability, items: readonly Item[]): void {
  const stabilities = items.map((item) => [item, inside(rules, outer, item)] as const);
  const known: Known = new Map(
    stabilities.flatMap(([item, own]) => namesOf(item).map((name) => [name, own] as const)),
  );
  for (const [item, own] of stabilities) checkItem(rules, own, item, known);
}

/** Stops at the first gate in the items of a package that breaks a rule of WIT.md. */
export function checkGates(name: PackageName, items: readonly PackageItem[]): void {
  const rules: Rules = { versioned: name.version !== null };
  for (const item of items) {
    const own = gateOf(rules, item) ?? null;
    if (item.tag !== "top-use") checkItems(rules, own, item.items);
  }
}

/** The features that somebody opted into. */
export type Features = ReadonlySet<string>;

function shownItems<T extends Pick<Head, "gates">>(
  items: readonly T[],
  features: Features,
  inner: (item: T) => T,
): readonly T[] {
  const hidden = (gate: Gate): boolean => gate.tag === "unstable" && !features.has(gate.feature);
  return items.filter((item) => !item.gates.some(hidden)).map(inner);
}

type Resource = Extract<TypeDecl, { readonly tag: "resource" }>;

function withoutHidden(item: Resource, features: Features): Resource {
  return { ...item, members: shownItems(item.members, features, (member) => member) };
}

function interfaceItems(
  items: readonly InterfaceItem[],
  features: Features,
): readonly InterfaceItem[] {
  return shownItems(items, features, (item) =>
    item.tag === "resource" ? withoutHidden(item, features) : item,
  );
}

function worldItems(items: readonly WorldItem[], features: Features): readonly WorldItem[] {
  return shownItems(items, features, (item) => {
    if (item.tag === "resource") return withoutHidden(item, features);
    if (!("extern" in item)) return item;
    const { extern } = item;
    if (extern.tag !== "interface") return item;
    return { ...item, extern: { ...extern, items: interfaceItems(extern.items, features) } };
  });
}

/** The items of a package without those of unstable features that are not among `features`. */
export function enabledItems(
  items: readonly PackageItem[],
  features: Features,
): readonly PackageItem[] {
  return shownItems(items, features, (item) => {
    if (item.tag === "interface") return { ...item, items: interfaceItems(item.items, features) };
    if (item.tag === "world") return { ...item, items: worldItems(item.items, features) };
    return item;
  });
}
