// Instantiation, aliases and subtyping: what may be supplied for what, and which resource types are the same.

import { describe, expect, test } from "vitest";
import { mismatch } from "../../src/component/subtype.ts";
import { newResources } from "../../src/component/types.ts";
import { checkRules, typeOf } from "./component-check-harness.ts";

/** A component that asks for two names of one resource type. */
const same = `(component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))`;
const differ = "type mismatch for import `b`: resource types are not the same";

/** A component that makes a resource type, and a function that takes it. */
const maker = `(component $Maker
  (type $r (resource (rep i32)))
  (export $e "r" (type $r))
  (core func $drop (canon resource.drop $r))
  (func (export "f") (param "x" (own $e)) (canon lift (core func $drop))))`;

describe("Explainer.md, Type Checking: resource types", () => {
  const two = `(import "x" (type $x (sub resource))) (import "y" (type $y (sub resource)))`;
  checkRules([
    [
      "two imports differ",
      `${two} ${same} (instance (instantiate $same (with "a" (type $x)) (with "b" (type $y))))`,
      differ,
    ],
    [
      "an import that is equal to another one does not",
      `${two} (import "z" (type $z (eq $x))) ${same}
       (instance (instantiate $same (with "a" (type $z)) (with "b" (type $x))))`,
      null,
    ],
    [
      "each instance makes its own",
      `${maker} ${same} (instance $m (instantiate $Maker)) (instance $n (instantiate $Maker))
       (instance (instantiate $same (with "a" (type $m "r")) (with "b" (type $n "r"))))`,
      differ,
    ],
    [
      "functions too are of one instance",
      `${maker} (instance $m (instantiate $Maker)) (instance $n (instantiate $Maker))
       (component $User (import "r" (type $r (sub resource))) (import "f" (func (param "x" (own $r)))))
       (instance (instantiate $User (with "r" (type $m "r")) (with "f" (func $n "f"))))`,
      "type mismatch for import `f`: type mismatch in function parameter `x`: resource types are not the same",
    ],
    [
      "an export that is abstract hides what it is",
      `(component $C
         (type $r (resource (rep i32)))
         (export "p" (type $r))
         (export "q" (type $r) (type (sub resource))))
       ${same} (instance $c (instantiate $C))
       (instance (instantiate $same (with "a" (type $c "p")) (with "b" (type $c "q"))))`,
      differ,
    ],
    [
      "one that comes back is what went in",
      `(type $r (resource (rep i32)))
       (component $Echo (import "in" (type $in (sub resource))) (export "out" (type $in)))
       (instance $e (instantiate $Echo (with "in" (type $r))))
       (alias export $e "out" (type $out))
       (core func (canon resource.new $out))`,
      null,
    ],
    [
      "those of an imported instance belong together",
      `(import "i" (instance $i (export "r" (type $r (sub resource))) (export "f" (func (param "x" (borrow $r))))))
       (component $C (import "j" (instance (export "r" (type $r (sub resource))) (export "f" (func (param "x" (borrow $r)))))))
       (instance (instantiate $C (with "j" (instance $i))))`,
      null,
    ],
    [
      "a component is supplied with its own unknown ones",
      `(component $C (import "t" (type $t (sub resource))) (export "u" (type $t)))
       (component $D (import "c" (component (import "t" (type $t (sub resource))) (export "u" (type (eq $t))))))
       (instance (instantiate $D (with "c" (component $C))))`,
      null,
    ],
    [
      "which are not any others",
      `(component $C (import "t" (type (sub resource)))
         (type $s (resource (rep i32))) (export "u" (type $s)))
       (component $D (import "c" (component (import "t" (type $t (sub resource))) (export "u" (type (eq $t))))))
       (instance (instantiate $D (with "c" (component $C))))`,
      "type mismatch for import `c`: type mismatch in instance export `u`: resource types are not the same",
    ],
  ]);
});

/** What a component with an import `x` is given. */
function given(rule: string, wanted: string, definitions: string, arg: string, why: string | null) {
  const text = `${definitions} (component $C ${wanted}) (instance (instantiate $C (with "x" (${arg}))))`;
  return [rule, text, why] as const;
}

describe("Explainer.md, Type Checking: subtyping", () => {
  const record = (field: string): string => `(type $t (record (field "f" ${field})))`;
  const wants = (type: string): string => `(type $w ${type}) (import "x" (type (eq $w)))`;
  checkRules([
    given(
      "an instance may export more",
      `(import "x" (instance (export "f" (func))))`,
      `(import "i" (instance $i (export "g" (func)) (export "f" (func))))`,
      "instance $i",
      null,
    ),
    given(
      "but not less",
      `(import "x" (instance (export "f" (func))))`,
      `(import "i" (instance $i (export "g" (func))))`,
      "instance $i",
      "type mismatch for import `x`: missing expected export `f`",
    ),
    given(
      "a component may ask for less",
      `(import "x" (component (import "f" (func)) (import "g" (func))))`,
      `(component $D (import "f" (func)))`,
      "component $D",
      null,
    ),
    given(
      "but not for more",
      `(import "x" (component))`,
      `(component $D (import "f" (func)))`,
      "component $D",
      "type mismatch for import `x`: missing expected import `f`",
    ),
    given(
      "types are equal in depth",
      wants(`(record (field "f" (option u8)))`),
      record("(option s8)"),
      "type $t",
      "type mismatch for import `x`: type mismatch in record field `f`: expected primitive `u8` found primitive `s8`",
    ),
    given(
      "a tuple is no record",
      wants(`(record (field "a" u8))`),
      `(type $t (tuple u8))`,
      "type $t",
      "type mismatch for import `x`: expected record, found tuple",
    ),
    given(
      "lists of fixed length differ from others",
      wants(`(list u8 2)`),
      `(type $t (list u8))`,
      "type $t",
      "type mismatch for import `x`: lists differ in their fixed lengths",
    ),
    given(
      "maps differ in their values",
      wants(`(map string u8)`),
      `(type $t (map string u16))`,
      "type $t",
      "type mismatch for import `x`: expected primitive `u8` found primitive `u16`",
    ),
    given(
      "streams in their elements",
      wants(`(stream u8)`),
      `(type $t (stream))`,
      "type $t",
      "type mismatch for import `x`: expected stream type, but found none",
    ),
    given(
      "functions are async or not",
      `(import "x" (func async))`,
      `(import "f" (func $f))`,
      "func $f",
      "type mismatch for import `x`: expected an async function, found a sync function",
    ),
    given(
      "the sort fits",
      `(import "x" (func))`,
      `(component $D)`,
      "component $D",
      "type mismatch for import `x`: expected func, found component",
    ),
    given(
      "a module may import less and export more",
      `(import "x" (core module (import "a" "f" (func)) (export "m" (memory 1))))`,
      `(core module $M (memory (export "m") 2) (memory (export "n") 1))`,
      "core module $M",
      null,
    ),
    given(
      "a memory is large enough",
      `(import "x" (core module (export "m" (memory 2))))`,
      `(core module $M (memory (export "m") 1))`,
      "core module $M",
      "type mismatch for import `x`: type mismatch in export `m`: mismatch in memory limits",
    ),
    [
      "every import is supplied",
      `(component $C (import "x" (func))) (instance (instantiate $C))`,
      "missing import named `x`",
    ],
    [
      "once",
      `(component $C) (import "f" (func $f))
       (instance (instantiate $C (with "x" (func $f)) (with "x" (func $f))))`,
      "instantiation argument `x` conflicts with previous argument `x`",
    ],
  ]);

  test("types of two components are compared with the same resources", async () => {
    const one = await typeOf(
      `(component (import "f" (func $f (param "x" u8))) (export "g" (func $f)))`,
    );
    const other = await typeOf(`(component (import "f" (func $f (param "x" u8))))`);
    const [a, b] = [one, other].map((type) => ({ tag: "component", type }) as const);
    const resources = newResources();
    // what exports more is the subtype
    expect(a && b && mismatch(resources, a, b)).toBe(null);
    expect(a && b && mismatch(resources, b, a)).toBe("missing expected export `g`");
  });
});

describe("Explainer.md, Alias Definitions", () => {
  const enclosed =
    "cannot alias outer type which transitively refers to resources not defined here";
  const inTypes = "aliases in component and instance types may only refer to types or instances";
  checkRules([
    [
      "an export is there",
      `(instance $i) (alias export $i "f" (func))`,
      "instance 0 has no export named `f`",
    ],
    [
      "and of the sort that is named",
      `(import "i" (instance $i (export "f" (func)))) (alias export $i "f" (instance))`,
      "export `f` for instance 0 is not an instance",
    ],
    [
      "core exports too",
      `(core module $M (memory (export "m") 1)) (core instance $i (instantiate $M))
       (alias core export $i "m" (core func))`,
      "export `m` for core instance 0 is not a func",
    ],
    [
      "no component uses resource types from outside",
      `(type $r (resource (rep i32))) (type $l (list (own $r))) (component (alias outer 1 1 (type)))`,
      enclosed,
    ],
    [
      "whatever it has types in between",
      `(import "r" (type $r (sub resource))) (component (type (instance (alias outer 2 0 (type)))))`,
      enclosed,
    ],
    [
      "types of components may, and types that are closed",
      `(type $r (resource (rep i32)))
       (type $i (instance (export "s" (type $s (sub resource))) (export "f" (func (param "x" (own $s))))))
       (type (component (alias outer 1 0 (type))))
       (component (alias outer 1 1 (type)))`,
      null,
    ],
    [
      "types alias no functions",
      `(type (component (import "i" (instance $i (export "f" (func)))) (alias export $i "f" (func))))`,
      inTypes,
    ],
    [
      "there are only so many scopes",
      `(component (alias outer 3 0 (type)))`,
      "invalid outer alias count of 3",
    ],
  ]);
});

describe("Explainer.md, External Visibility of Types", () => {
  const notExport = (what: string): string => `${what} not valid to be used as export`;
  const lifted = `(core module $M (func (export "f") (param i32))) (core instance $m (instantiate $M))`;
  const func = (type: string): string =>
    `(func $f (param "x" ${type}) (canon lift (core func $m "f")))`;
  checkRules([
    [
      "a record needs a name",
      `${lifted} (type $t (record (field "a" u8))) ${func("$t")} (export "f" (func $f))`,
      notExport("func"),
    ],
    [
      "which the export before it gives to a new type",
      `${lifted} (type $t (record (field "a" u8))) (export $n "t" (type $t))
       ${func("$n")} (export "f" (func $f))`,
      null,
    ],
    [
      "and not to the old one",
      `${lifted} (type $t (enum "a")) (export "t" (type $t)) ${func("$t")} (export "f" (func $f))`,
      notExport("func"),
    ],
    [
      "unless the export is ascribed the new one",
      `${lifted} (type $t (enum "a")) (export $n "t" (type $t)) ${func("$t")}
       (export "f" (func $f) (func (param "x" $n)))`,
      null,
    ],
    [
      "tuples and lists need none",
      `(type $t (list (tuple u8 string))) (export "t" (type $t))`,
      null,
    ],
    [
      "what a type is made of needs one",
      `(type $t (flags "a")) (type $l (list $t)) (export "l" (type $l))`,
      notExport("type"),
    ],
    [
      "imports use no exports",
      `(type $r (resource (rep i32))) (export $e "r" (type $r)) (import "f" (func (param "x" (own $e))))`,
      "func not valid to be used as import",
    ],
    [
      "an imported instance gives names to its types",
      `(import "i" (instance $i (export "r" (type (sub resource))))) (alias export $i "r" (type $r))
       (import "f" (func (param "x" (borrow $r))))`,
      null,
    ],
    [
      "an instance type is looked at when it is used",
      `(type $i (instance (type $t (enum "a")) (export "f" (func (param "x" $t)))))`,
      null,
    ],
    [
      "not later",
      `(import "i" (instance (type $t (enum "a")) (export "f" (func (param "x" $t)))))`,
      "instance not valid to be used as import",
    ],
  ]);
});

describe("Explainer.md, Instance Definitions: the core", () => {
  checkRules([
    [
      "a module gets all it imports",
      `(core module $M (import "a" "f" (func))) (core instance (instantiate $M))`,
      "missing module instantiation argument named `a`",
    ],
    [
      "under the second name too",
      `(core module $M (import "a" "f" (func))) (core instance $e)
       (core instance (instantiate $M (with "a" (instance $e))))`,
      "module instantiation argument `a` does not export an item named `f`",
    ],
    [
      "once",
      `(core module $M) (core instance $e)
       (core instance (instantiate $M (with "a" (instance $e)) (with "a" (instance $e))))`,
      "duplicate module instantiation argument named `a`",
    ],
    [
      "names are unique in a core instance",
      `(core module $M (memory (export "m") 1)) (core instance $i (instantiate $M))
       (core instance (export "m" (memory $i "m")) (export "m" (memory $i "m")))`,
      "export name `m` already defined",
    ],
    [
      "imports of a module are told apart by name",
      `(core module (import "a" "f" (func)) (import "a" "f" (func (param i32))))`,
      "duplicate import name `a:f`",
    ],
    [
      "in a module type too",
      `(core type (module (import "a" "f" (func)) (import "a" "f" (memory 1))))`,
      "duplicate import name `a:f`",
    ],
    [
      "a memory has at most 2^16 pages",
      `(core type (module (export "m" (memory 65537))))`,
      "memory size must be at most 65536 pages",
    ],
    [
      "a global is what it is",
      `(core module $A (global (export "g") (mut i32) (i32.const 0))) (core instance $a (instantiate $A))
       (core module $B (import "a" "g" (global i32)))
       (core instance (instantiate $B (with "a" (instance $a))))`,
      "type mismatch for export `g` of module instantiation argument `a`: global types differ in mutability",
    ],
  ]);
});
