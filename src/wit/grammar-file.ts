// Files: packages, worlds and interfaces (WIT.md, "Top-level items").

import { alt_sc, apply, kleft, kmid, kright, opt_sc, rep_sc, seq } from "typescript-parsec";
import type {
  Extern,
  ExternDecl,
  IncludeDecl,
  InterfaceDecl,
  NestedPackage,
  PackageDecl,
  PackageItem,
  Renamed,
  TopUse,
  UsePath,
  WitFile,
  WorldDecl,
  WorldItem,
} from "./ast.ts";
import {
  type Bare,
  gated,
  identified,
  interfaceItems,
  namedFunc,
  plain,
  semicolon,
  typeDecls,
  use,
} from "./grammar-items.ts";
import { packagePath, usePath } from "./grammar-paths.ts";
import {
  braced,
  byToken,
  byWord,
  called,
  listOf,
  missing,
  name,
  node,
  type P,
  sign,
  word,
} from "./grammar-terminals.ts";
import type { WitToken } from "./lexer.ts";

const path: P<UsePath> = usePath("an interface");

const externPath: P<Extern> = apply(kleft(path, semicolon), (to) => ({ tag: "path", path: to }));

const plainName = kleft(name("a name"), sign(":"));

const externInterface: P<Extern> = apply(
  seq(plainName, kright(word("interface"), interfaceItems)),
  ([found, items]) => ({ tag: "interface", name: found, items }),
);

const externFunc: P<Extern> = apply(kleft(namedFunc, semicolon), (found) => ({
  tag: "func",
  ...found,
}));

const externNamedPath: P<Extern> = apply(seq(plainName, kleft(path, semicolon)), ([found, to]) => ({
  tag: "named-path",
  name: found,
  path: to,
}));

/** `a: b` has a name of its own; `a:b` without a space is the beginning of a path. */
function externAt(first: WitToken): P<Extern> {
  const colon = first.next;
  const after = colon?.next;
  if (colon?.text !== ":" || after === undefined) return externPath;
  if (after.text === "func" || after.text === "async") return externFunc;
  if (after.text === "interface") return externInterface;
  return colon.glued && after.glued ? externPath : externNamedPath;
}

function externDecl(tag: "import" | "export"): P<Bare<ExternDecl>> {
  return apply(kright(word(tag), byToken(externAt)), (extern) => ({ tag, extern }));
}

const externs = { import: externDecl("import"), export: externDecl("export") };

const renames: P<readonly Renamed[]> = listOf(
  "{",
  apply(seq(name("a name"), kright(word("as"), name("a name"))), ([from, to]) => ({
    name: from,
    as: to,
  })),
  "}",
);

/** After the braces of `with` a semicolon may stand, as in the example of WIT.md. */
const include: P<Bare<IncludeDecl>> = apply(
  kright(
    word("include"),
    seq(
      usePath("a world"),
      alt_sc(
        kleft(kright(word("with"), renames), opt_sc(semicolon)),
        apply(semicolon, () => []),
      ),
    ),
  ),
  ([to, names]) => ({ tag: "include", path: to, names }),
);

const worldWhat = "an item of a world";

const worldItem: P<Bare<WorldItem>> = byWord<Bare<WorldItem>>(
  { ...externs, ...typeDecls, use, include },
  missing(worldWhat),
);

/** What is called by its interface takes no external id; nor do types, in a world. */
function takesId(item: Bare<WorldItem>): boolean {
  return "extern" in item && item.extern.tag !== "path";
}

const worldItems: P<readonly WorldItem[]> = braced(
  gated(worldWhat, identified(worldItem, takesId)),
);

const interfaceDecl: P<Bare<InterfaceDecl>> = apply(
  kright(word("interface"), seq(name("the name of the interface"), interfaceItems)),
  ([found, items]) => ({ tag: "interface", name: found, items }),
);

const worldDecl: P<Bare<WorldDecl>> = apply(
  kright(word("world"), seq(name("the name of the world"), worldItems)),
  ([found, items]) => ({ tag: "world", name: found, items }),
);

const topUse: P<Bare<TopUse>> = apply(
  kmid(word("use"), seq(path, opt_sc(kright(word("as"), name("a name")))), semicolon),
  ([to, as]) => ({ tag: "top-use", path: to, as: as ?? null }),
);

const topLevel = "`interface`, `world`, `use` or `package`";

const packageItem: P<PackageItem> = gated(
  topLevel,
  plain(
    byWord<Bare<PackageItem>>(
      { interface: interfaceDecl, world: worldDecl, use: topUse },
      missing(topLevel),
    ),
  ),
);

const packageHead: P<PackageDecl> = node(
  kright(word("package"), packagePath),
  (found, _, { docs }) => ({ docs, name: found }),
);

const nestedPackage: P<NestedPackage> = apply(
  seq(packageHead, braced(packageItem)),
  ([head, items]) => ({ tag: "package", ...head, items }),
);

const fileItem: P<PackageItem | NestedPackage> = called(
  topLevel,
  byToken<PackageItem | NestedPackage>((t) => (t.text === "package" ? nestedPackage : packageItem)),
);

/** A whole file, but for its name. */
export const witFile: P<Omit<WitFile, "file">> = apply(
  seq(opt_sc(kleft(packageHead, semicolon)), rep_sc(fileItem)),
  ([head, items]) => ({ package: head ?? null, items }),
);
