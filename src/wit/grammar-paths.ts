// Names of packages, and paths to interfaces and worlds (WIT.md, "Package declaration").

import { apply, kleft, kright, opt_sc, rep_sc, seq } from "typescript-parsec";
import type { Name, PackageName, Pos, UsePath } from "./ast.ts";
import { fault } from "./errors.ts";
import { byToken, name, node, type P, sign, version } from "./grammar-terminals.ts";

/** Namespaces and packages have no acronyms. */
function lowerCase({ name: text, pos }: Name): string {
  if (text === text.toLowerCase()) return text;
  return fault(pos, `\`${text}\` is not in lower case`, "names of packages have no capitals");
}

const namespaces: P<readonly Name[]> = apply(
  seq(
    kleft(name("the name of a namespace"), sign(":")),
    rep_sc(kleft(name("the name of a package"), sign(":"))),
  ),
  ([first, rest]) => [first, ...rest],
);

const packageVersion = apply(opt_sc(kright(sign("@"), version)), (text) => text ?? null);

const slashed = kright(sign("/"), name("a name"));

function packageName(
  spaces: readonly Name[],
  names: readonly Name[],
  of: string | null,
  pos: Pos,
): PackageName {
  return { namespaces: spaces.map(lowerCase), names: names.map(lowerCase), version: of, pos };
}

/** `a:b@1.0.0` */
export const packagePath: P<PackageName> = node(
  seq(namespaces, name("the name of a package"), rep_sc(slashed), packageVersion),
  ([spaces, first, rest, of], pos) => packageName(spaces, [first, ...rest], of, pos),
);

const foreign: P<UsePath> = node(
  seq(namespaces, name("the name of a package"), slashed, rep_sc(slashed), packageVersion),
  ([spaces, first, second, rest, of], pos) => {
    const all = [first, second, ...rest];
    const last = all.at(-1) ?? second;
    return { package: packageName(spaces, all.slice(0, -1), of, pos), name: last.name, pos };
  },
);

function local(what: string): P<UsePath> {
  return node(name(what), (found, pos) => ({ package: null, name: found.name, pos }));
}

/** `types`, or `wasi:clocks/types@0.3.0`; `what` says what it names. */
export function usePath(what: string): P<UsePath> {
  const short = local(`the name of ${what}`);
  return byToken((t) => (t.next?.text === ":" ? foreign : short));
}
