// Syntax trees as text, in one canonical layout: parsing it again gives the same tree.

import type {
  Extern,
  Gate,
  Head,
  IncludeDecl,
  InterfaceItem,
  LabelDecl,
  Member,
  NestedPackage,
  PackageDecl,
  PackageItem,
  Renamed,
  TypeDecl,
  WitFile,
  WorldItem,
} from "./ast.ts";
import {
  printFunc,
  printName,
  printPackageName,
  printPath,
  printSignature,
  printType,
  printWord,
} from "./print-types.ts";
import { writeString } from "./strings.ts";

function printDocs(docs: string | null): readonly string[] {
  return docs === null ? [] : docs.split("\n").map((line) => `/// ${line}`.trimEnd());
}

function printGate(gate: Gate): string {
  if (gate.tag === "unstable") return `@unstable(feature = ${printWord(gate.feature)})`;
  return `@${gate.tag}(version = ${gate.version})`;
}

function printHead({ docs, gates, externalId }: Head): readonly string[] {
  const id = externalId === null ? [] : [`@external-id(${writeString(externalId)})`];
  return [...printDocs(docs), ...gates.map(printGate), ...id];
}

function withHead(head: Head, body: string): string {
  return [...printHead(head), body].join("\n");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

/** Items in braces. Those that take several lines stand apart from the others. */
function block(head: string, items: readonly string[]): string {
  if (items.length === 0) return `${head} {}`;
  const lines = items.map((item, i) => {
    const before = items[i - 1];
    const apart = before !== undefined && (item.includes("\n") || before.includes("\n"));
    return `${apart ? "\n" : ""}${indented(item)}\n`;
  });
  return `${head} {\n${lines.join("")}}`;
}

/** A part of a type, on a line of its own. */
function part({ docs, name }: LabelDecl, tail: string): string {
  return [...printDocs(docs), `${printName(name)}${tail},`].join("\n");
}

function parts(head: string, list: readonly string[]): string {
  return `${head} {\n${indented(list.join("\n"))}\n}`;
}

function printMember(member: Member): string {
  if (member.tag === "constructor") {
    return withHead(member, `constructor${printSignature(member.params, member.result)};`);
  }
  const alone = member.tag === "static" ? "static " : "";
  return withHead(member, `${printName(member.name)}: ${alone}${printFunc(member.func)};`);
}

function typeBody(decl: TypeDecl): string {
  const name = printName(decl.name);
  switch (decl.tag) {
    case "alias":
      return `type ${name} = ${printType(decl.t)};`;
    case "record":
      return parts(
        `record ${name}`,
        decl.fields.map((field) => part(field, `: ${printType(field.t)}`)),
      );
    case "variant":
      return parts(
        `variant ${name}`,
        decl.cases.map((one) => part(one, one.t === null ? "" : `(${printType(one.t)})`)),
      );
    case "enum":
    case "flags":
      return parts(
        `${decl.tag} ${name}`,
        decl.labels.map((label) => part(label, "")),
      );
    case "resource":
      if (decl.members.length === 0) return `resource ${name};`;
      return block(`resource ${name}`, decl.members.map(printMember));
  }
}

function printRenamed({ name, as }: Renamed): string {
  return as === null ? printName(name) : `${printName(name)} as ${printName(as)}`;
}

function itemBody(item: InterfaceItem): string {
  if (item.tag === "func") return `${printName(item.name)}: ${printFunc(item.func)};`;
  if (item.tag !== "use") return typeBody(item);
  return `use ${printPath(item.path)}.{${item.names.map(printRenamed).join(", ")}};`;
}

function printItem(item: InterfaceItem): string {
  return withHead(item, itemBody(item));
}

function externBody(extern: Extern): string {
  switch (extern.tag) {
    case "path":
      return `${printPath(extern.path)};`;
    case "named-path":
      return `${printName(extern.name)}: ${printPath(extern.path)};`;
    case "func":
      return `${printName(extern.name)}: ${printFunc(extern.func)};`;
    case "interface":
      return block(`${printName(extern.name)}: interface`, extern.items.map(printItem));
  }
}

function includeBody({ path, names }: IncludeDecl): string {
  const head = `include ${printPath(path)}`;
  if (names.length === 0) return `${head};`;
  return `${head} with { ${names.map(printRenamed).join(", ")} }`;
}

function worldItemBody(item: WorldItem): string {
  if (item.tag === "include") return includeBody(item);
  if (!("extern" in item)) return itemBody(item);
  return `${item.tag} ${externBody(item.extern)}`;
}

function packageItemBody(item: PackageItem): string {
  if (item.tag === "interface") {
    return block(`interface ${printName(item.name)}`, item.items.map(printItem));
  }
  if (item.tag === "world") {
    const items = item.items.map((one) => withHead(one, worldItemBody(one)));
    return block(`world ${printName(item.name)}`, items);
  }
  return `use ${printPath(item.path)}${item.as === null ? "" : ` as ${printName(item.as)}`};`;
}

function printTop(item: PackageItem | NestedPackage): string {
  if (item.tag !== "package") return withHead(item, packageItemBody(item));
  const items = item.items.map((one) => withHead(one, packageItemBody(one)));
  return packageHead(item, (head) => block(head, items));
}

function packageHead({ docs, name }: PackageDecl, end: (head: string) => string): string {
  return [...printDocs(docs), end(`package ${printPackageName(name)}`)].join("\n");
}

/** The text of a file. Comments that document nothing are gone. */
export function printWit(file: WitFile): string {
  const head = file.package === null ? [] : [packageHead(file.package, (text) => `${text};`)];
  return [...head, ...file.items.map(printTop)].map((item) => `${item}\n`).join("\n");
}
