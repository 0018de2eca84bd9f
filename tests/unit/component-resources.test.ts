// Resources that go through several components: lent on, re-exported, dropped far from where they are destroyed.

import { describe, expect, it } from "vitest";
import { outcomesOf } from "./component-run-harness.ts";

/** Owns files: `open` makes one of a size, `size` reads it, a destructor adds it to `gone`. */
const owner = `(component $Owner
  (core module $D
    (global $gone (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (global.set $gone (i32.add (global.get $gone) (local.get 0))))
    (func (export "gone") (result i32) (global.get $gone)))
  (core instance $d (instantiate $D))
  (type $R' (resource (rep i32) (dtor (func $d "dtor"))))
  (core func $new (canon resource.new $R'))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "open") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "size") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
  (export $R "r" (type $R'))
  (func (export "open") (param "n" u32) (result (own $R)) (canon lift (core func $m "open")))
  (func (export "size") (param "it" (borrow $R)) (result u32) (canon lift (core func $m "size")))
  (func (export "gone") (result u32) (canon lift (core func $d "gone"))))`;

/**
 * Lends what it is lent to `next`, and adds a hundred times the index of the handle that it got. `end` is what it
 * does with that handle; it exports the type of files as its own `file`.
 */
function lender(name: string, end: string): string {
  return `(component $${name}
    (import "r" (type $R (sub resource)))
    (import "next" (func $next (param "it" (borrow $R)) (result u32)))
    (core func $lend (canon lower (func $next)))
    (core func $drop (canon resource.drop $R))
    (core module $M
      (import "" "lend" (func $lend (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "size") (param $h i32) (result i32)
        (local $n i32)
        (local.set $n (i32.add (call $lend (local.get $h)) (i32.mul (local.get $h) (i32.const 100))))
        ${end}
        (local.get $n)))
    (core instance $m (instantiate $M (with "" (instance
      (export "lend" (func $lend)) (export "drop" (func $drop))))))
    (export $File "file" (type $R))
    (func (export "size") (param "it" (borrow $File)) (result u32) (canon lift (core func $m "size"))))`;
}

const dropping = "(call $drop (local.get $h))";

/** Opens a file and lends it to the first of two lenders, the last of which asks the owner; `f` is the body of a call. */
function system(body: string, first = dropping, last = dropping): string {
  return `(component
    ${owner} ${lender("First", first)} ${lender("Last", last)}
    (instance $owner (instantiate $Owner))
    (instance $last (instantiate $Last
      (with "r" (type $owner "r")) (with "next" (func $owner "size"))))
    (instance $first (instantiate $First
      (with "r" (type $last "file")) (with "next" (func $last "size"))))
    (alias export $first "file" (type $File))
    (core func $open (canon lower (func $owner "open")))
    (core func $size (canon lower (func $first "size")))
    (core func $gone (canon lower (func $owner "gone")))
    (core func $drop (canon resource.drop $File))
    (core module $N
      (import "" "open" (func $open (param i32) (result i32)))
      (import "" "size" (func $size (param i32) (result i32)))
      (import "" "gone" (func $gone (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "f") (result i32) (local $h i32) ${body}))
    (core instance $n (instantiate $N (with "" (instance
      (export "open" (func $open)) (export "size" (func $size))
      (export "gone" (func $gone)) (export "drop" (func $drop))))))
    (func (export "f") (result u32) (canon lift (core func $n "f"))))`;
}

const f = { roots: [[["f"]]] } as const;

describe("a file that is lent across three components", () => {
  // the third handle of the caller is the first one of each borrower: tables belong to instances
  const third = `
    (drop (call $open (i32.const 1))) (drop (call $open (i32.const 2)))
    (local.set $h (call $open (i32.const 7)))`;

  it("has an index in the table of each, and its representation where it is defined", async () => {
    const all = await outcomesOf(system(`${third} (call $size (local.get $h))`), f);
    expect(all).toEqual(["[f = 207]"]);
  });

  it("comes back when the call returns, and can be dropped (CanonicalABI.md, num_lends)", async () => {
    const body = `${third} (drop (call $size (local.get $h))) (call $drop (local.get $h)) (call $gone)`;
    expect(await outcomesOf(system(body), f)).toEqual(["[f = 7]"]);
  });

  it.each([
    ["the first", "", dropping],
    ["the last", dropping, ""],
  ])("must be dropped by %s borrower (CanonicalABI.md, num_borrows)", async (_, first, last) => {
    const all = await outcomesOf(system(`${third} (call $size (local.get $h))`, first, last), f);
    expect(all).toEqual(["[] traps lift.returned.borrows-held"]);
  });

  it("is dropped once by a borrower, who has no other handle of it", async () => {
    const twice = "(call $drop (local.get $h)) (call $drop (local.get $h))";
    const all = await outcomesOf(system(`${third} (call $size (local.get $h))`, twice), f);
    expect(all).toEqual(["[] traps table.no-such-index"]);
  });
});

describe("a resource type that was re-exported twice", () => {
  it("is the same one: a drop by its last name runs the destructor where it is defined", async () => {
    const body = "(call $drop (call $open (i32.const 5))) (call $gone)";
    expect(await outcomesOf(system(body), f)).toEqual(["[f = 5]"]);
  });
});
