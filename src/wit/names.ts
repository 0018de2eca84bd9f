// How packages, interfaces and functions are called (Explainer.md, "Import and Export Definitions").

import type { PackageName, UsePath } from "./ast.ts";
import type { InterfaceFunc } from "./resolved.ts";

function versioned(text: string, { version }: PackageName): string {
  return version === null ? text : `${text}@${version}`;
}

function unversioned({ namespaces, names }: PackageName): string {
  return `${namespaces.join(":")}:${names.join("/")}`;
}

/** `wasi:clocks@0.3.0` */
export function packageId(name: PackageName): string {
  return versioned(unversioned(name), name);
}

/** `wasi:clocks/types@0.3.0` */
export function idIn(name: PackageName, item: string): string {
  return versioned(`${unversioned(name)}/${item}`, name);
}

/** A path as it is written. */
export function pathText(path: UsePath): string {
  return path.package === null ? path.name : idIn(path.package, path.name);
}

/** The name of a function in its instance: `open`, `[method]file.read`, `[constructor]file`. */
export function externName({ kind, resource, name }: InterfaceFunc): string {
  if (kind === "func") return name;
  return kind === "constructor" ? `[constructor]${name}` : `[${kind}]${resource}.${name}`;
}
