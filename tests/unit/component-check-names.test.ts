// Which names imports and exports may have, what their annotations ask of types, and when names collide.

import { describe, expect, test } from "vitest";
import {
  type Case,
  checkRules,
  component,
  nameBytes,
  refusedBytes,
} from "./component-check-harness.ts";

/** An import of a function with this name. */
function named(rule: string, name: string, why: string | null): Case {
  const refusal = why && `import name \`${name}\` is not a valid extern name: ${why}`;
  return [rule, `(import "${name}" (func))`, refusal];
}

describe("Explainer.md, Import and Export Definitions: the grammar of names", () => {
  checkRules([
    named("labels are words", "read-2-files", null),
    named("and acronyms", "get-XML-2", null),
    named("but not both in one", "getXml", "`getXml` is not in kebab case"),
    named("and begin with a letter", "2-files", "`2-files` is not in kebab case"),
    named("they do not end with a hyphen", "read-", "`read-` is not in kebab case"),
    named("an interface has a namespace and a package", "my-org:lib-2/api", null),
    named("whose words are in lower case", "my-ORG:lib/api", "`my-ORG` is not in lower case"),
    named("in the package too", "my:LIB/api", "`LIB` is not in lower case"),
    named("its own name may have acronyms", "my:lib/HTTP-api", null),
    named("a package alone is no interface", "my:lib", "expected `/` after package name"),
    named("nested namespaces are not released", "a:b:c/d", "expected `/` after package name"),
    named("nor nested packages", "a:b/c/d@1.0.0", "trailing characters found: `/d@1.0.0`"),
    named("a version is semantic", "a:b/c@1.2.3-rc.1+sha.5114f85", null),
    named("or the start that compatible ones share", "a:b/c@0.2", null),
    named(
      "it has three numbers",
      "a:b/c@1.2",
      "unexpected end of input while parsing minor version number",
    ),
    named(
      "without zeros in front",
      "a:b/c@1.02.3",
      "unexpected character '2' while parsing minor version number",
    ),
    named("and something after the sign", "a:b/c@", "empty string, expected a semver version"),
    named(
      "and no empty parts",
      "a:b/c@1.0.0-rc..1",
      "empty identifier segment in pre-release or build metadata",
    ),
    named("an unknown annotation is no label", "[getter]a", "`[getter]a` is not in kebab case"),
    named("methods have a resource", "[method]close", "failed to find `.` character"),
    named("and one dot", "[method]file.close.now", "`close.now` is not in kebab case"),
  ]);
});

describe("Explainer.md, Name Uniqueness: names that bindings could not tell apart", () => {
  const r = `(import "r" (type $r (sub resource)))`;
  const method = `(func (param "self" (borrow $r)))`;
  checkRules([
    [
      "case does not count",
      `(import "a-b" (func)) (import "A-b" (func))`,
      "import name `A-b` conflicts with previous name `a-b`",
    ],
    ["imports and exports do not collide", `(import "a" (func $f)) (export "a" (func $f))`, null],
    [
      "a method and a static function do",
      `${r} (import "[method]r.get" ${method}) (import "[static]r.get" (func))`,
      "import name `[static]r.get` conflicts with previous name `[method]r.get`",
    ],
    [
      "a method that is called like its resource does",
      `${r} (import "[method]r.r" ${method})`,
      "import name `[method]r.r` conflicts with previous name `r`",
    ],
    ["a constructor does not", `${r} (import "[constructor]r" (func (result (own $r))))`, null],
    [
      "methods of two resources do not",
      `${r} (import "q" (type $q (sub resource)))
       (import "[method]r.get" ${method}) (import "[method]q.get" (func (param "self" (borrow $q))))`,
      null,
    ],
    [
      "versions make interfaces differ",
      `(import "a:b/c@1.0.0" (instance)) (import "a:b/c@1.0.1" (instance))`,
      null,
    ],
    [
      "fields of instance types collide too",
      `(type (instance (export "x" (func)) (export "X" (func))))`,
      "export name `X` conflicts with previous name `x`",
    ],
    [
      "and those of instances that are put together",
      `(import "f" (func $f)) (instance (export "x" (func $f)) (export "X" (func $f)))`,
      "export name `X` conflicts with previous name `x`",
    ],
  ]);
});

/** A function of an annotated name, beside a resource type `r` and one that is not called so. */
function annotated(rule: string, name: string, func: string, why: string | null): Case {
  const resources = `(import "r" (type $r (sub resource))) (import "q" (type $q (sub resource)))`;
  const refusal = why && `import name \`${name}\` is not valid: ${why}`;
  return [rule, `${resources} (import "${name}" ${func})`, refusal];
}

describe("Binary.md, Import and Export Definitions: annotations and types", () => {
  checkRules([
    annotated(
      "a constructor may fail",
      "[constructor]r",
      `(func (result (result (own $r))))`,
      null,
    ),
    annotated(
      "a constructor returns",
      "[constructor]r",
      `(func)`,
      "function should return one value",
    ),
    annotated(
      "a resource that it owns",
      "[constructor]r",
      `(func (param "r" (borrow $r)) (result u32))`,
      "function should return `(own $T)` or `(result (own $T))`",
    ),
    annotated(
      "of the type it is called after",
      "[constructor]r",
      `(func (result (own $q)))`,
      "function does not match expected resource name `q`",
    ),
    annotated(
      "a method borrows",
      "[method]r.get",
      `(func (param "self" (own $r)))`,
      "function should take a first argument of `(borrow $T)`",
    ),
    annotated(
      "itself",
      "[method]r.get",
      `(func (param "this" (borrow $r)))`,
      "function should have a first argument called `self`",
    ),
    annotated(
      "and nothing less",
      "[method]r.get",
      `(func)`,
      "function should have at least one argument",
    ),
    annotated(
      "of the type it is called after too",
      "[method]r.get",
      `(func (param "self" (borrow $q)))`,
      "function does not match expected resource name `q`",
    ),
    annotated(
      "a static function needs the type",
      "[static]s.get",
      `(func)`,
      "static resource name is not known in this context",
    ),
    annotated("and nothing else", "[static]r.get", `(func (result u8))`, null),
    [
      "only functions are annotated",
      `(import "[static]r.get" (instance))`,
      "import name `[static]r.get` is not a func",
    ],
    [
      "exports are called after exports",
      `(import "r" (type $r (sub resource))) (import "f" (func $f (param "self" (borrow $r))))
       (export "[method]r.get" (func $f))`,
      "export name `[method]r.get` is not valid: resource used in function does not have a name in this context",
    ],
  ]);
});

describe("Binary.md, Import and Export Definitions: attributes", () => {
  checkRules([
    ["what implements an interface", `(import "a" (implements "x:y/z@1.0.0") (instance))`, null],
    [
      "implements one",
      `(import "a" (implements "z") (instance))`,
      "name `z` of `implements` must be an interface",
    ],
    [
      "by a name that is one",
      `(import "a" (implements "x:Y/z") (instance))`,
      "`x:Y/z` is not a valid name: `Y` is not in lower case",
    ],
    [
      "and is an instance",
      `(import "a" (implements "x:y/z") (func))`,
      "only instances can have an `implements`",
    ],
    [
      "that is not called after another one",
      `(import "a:b/c" (implements "x:y/z") (instance))`,
      "name `a:b/c` is not valid with `implements`",
    ],
    [
      "an outside name may be anything",
      `(import "a" (external-id "\\u{2603} x/../y") (func))`,
      null,
    ],
    [
      "attributes make no names differ",
      `(import "a" (external-id "1") (func)) (import "a" (external-id "2") (func))`,
      "import name `a` conflicts with previous name `a`",
    ],
  ]);
});

/** An import of an instance with this name and version suffix, which no text can write down yet. */
function suffixed(text: string, suffix: string): string | null {
  const attribute = [1, 1, ...nameBytes(suffix)];
  const imported = [1, 2, ...nameBytes(text), ...attribute, 0x05, 0];
  return refusedBytes(component([7, [1, 0x42, 0]], [10, imported]));
}

describe("Explainer.md, Canonical Interface Name: the version suffix", () => {
  test("gives the rest of a version", () => {
    expect(suffixed("a:b/c@1", ".2.3")).toBe(null);
    expect(suffixed("a:b/c@0.2", ".6-rc.1")).toBe(null);
    expect(suffixed("a:b/c@0.0.1", "-alpha")).toBe(null);
  });

  test("makes it a whole one", () => {
    expect(suffixed("a:b/c@1", ".2")).toBe(
      "invalid at 16: unexpected end of input while parsing minor version number",
    );
  });

  test("stands after a canonical version only", () => {
    const refusal = "invalid at 16: `versionsuffix` is only valid after a canonical version";
    expect(suffixed("a:b/c@1.2.3", "-rc")).toBe(refusal);
    expect(suffixed("a:b/c", ".1")).toBe(refusal);
    expect(suffixed("a", ".1")).toBe(refusal);
  });
});
