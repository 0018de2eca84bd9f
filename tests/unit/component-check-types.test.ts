// Which types of values, functions and resources are valid, and what is said of the others.

import { describe, expect, test } from "vitest";
import { type Case, checkRules, component, refusedBytes } from "./component-check-harness.ts";

describe("Explainer.md, Type Definitions: value types", () => {
  checkRules([
    ["a record has fields", `(type (record))`, "record type must have at least one field"],
    ["a variant has cases", `(type (variant))`, "variant type must have at least one case"],
    ["an enum has cases", `(type (enum))`, "enum type must have at least one variant"],
    ["flags have labels", `(type (flags))`, "flags must have at least one entry"],
    ["a tuple has elements", `(type (tuple))`, "tuple type must have at least one type"],
    [
      "a list of fixed length has elements",
      `(type (list u8 0))`,
      "lists of fixed length must have at least one element",
    ],
    [
      "flags are at most 32",
      `(type (flags ${Array.from({ length: 33 }, (_, i) => `"f${i}"`).join(" ")}))`,
      "cannot have more than 32 flags",
    ],
    [
      "labels differ in more than case",
      `(type (record (field "red-eye" u8) (field "RED-eye" u8)))`,
      "record field name `RED-eye` conflicts with previous field name `red-eye`",
    ],
    [
      "labels are words and acronyms",
      `(type (variant (case "redEye")))`,
      "variant case name `redEye` is not in kebab case",
    ],
    ["labels are not empty", `(type (enum "x" ""))`, "enum tag name cannot be empty"],
    [
      "parameters are labels too",
      `(type (func (param "p" u8) (param "P" u8)))`,
      "function parameter name `P` conflicts with previous parameter name `p`",
    ],
    [
      "a map has keys that are simple",
      `(type (map f32 u8))`,
      "`f32` cannot be the key type of a map",
    ],
    ["a map has any values", `(type (map string (list (list u8))))`, null],
    [
      "streams of char are for later",
      `(type (stream char))`,
      "`stream<char>` is not valid at this time",
    ],
    ["streams of nothing are for timing", `(type (stream)) (type (future))`, null],
    [
      "a value type is made of value types",
      `(type $f (func)) (type (list $f))`,
      "type index 0 is not a defined type",
    ],
    [
      "only types before a type can be used",
      `(type (list 1)) (type u8)`,
      "unknown type 1: type index out of bounds",
    ],
  ]);
});

describe("Explainer.md, Handle types: resources and borrows", () => {
  const resource = `(type $r (resource (rep i32)))`;
  checkRules([
    [
      "a handle is one of a resource",
      `(type $t u8) (type (own $t))`,
      "type index 0 is not a resource type",
    ],
    [
      "results keep nothing that is borrowed",
      `${resource} (type (func (result (list (borrow $r)))))`,
      "function result cannot contain a `borrow` type",
    ],
    [
      "streams carry nothing that is borrowed",
      `${resource} (type (stream (option (borrow $r))))`,
      "`stream` cannot contain a `borrow` type",
    ],
    [
      "futures carry nothing that is borrowed",
      `${resource} (type (future (borrow $r)))`,
      "`future` cannot contain a `borrow` type",
    ],
    ["parameters may borrow", `${resource} (type (func (param "r" (list (borrow $r)))))`, null],
    [
      "types of components define no resources",
      `(type (component (type (resource (rep i32)))))`,
      "resources can only be defined within a concrete component",
    ],
    [
      "a destructor takes the representation",
      `(core module $m (func (export "d") (param i64)))
       (core instance $i (instantiate $m))
       (type (resource (rep i32) (dtor (core func $i "d"))))`,
      "wrong signature for a destructor",
    ],
    [
      "a destructor is a core function",
      `(type (resource (rep i32) (dtor (core func 3))))`,
      "unknown function 3: function index out of bounds",
    ],
  ]);

  test("resources of 64 bits are valid and not offered", () => {
    expect(refusedBytes(component([7, [1, 0x3f, 0x7e, 0]]))).toBe(
      "unsupported at 11: resources that are represented by `i64` are not supported",
    );
    expect(refusedBytes(component([7, [1, 0x3f, 0x7d, 0]]))).toBe(
      "invalid at 11: resources can only be represented by `i32` or `i64`",
    );
  });
});

describe("Binary.md: a value has less than 2^28 bytes in memory of 64 bits", () => {
  const tooLong = "type exceeds maximum byte size";
  const cases: readonly Case[] = [
    ["2^28 - 1 bytes", `(type (list u8 268435455))`, null],
    ["2^28 bytes", `(type (list u8 268435456))`, tooLong],
    // a string is a pointer and a length: 16 bytes
    ["2^24 strings", `(type (list string 16777216))`, tooLong],
    ["one string less", `(type (list string 16777215))`, null],
    // the discriminant and its padding are 8 bytes
    [
      "a variant of 2^28 - 8 bytes and a discriminant",
      `(type (option (list u64 33554431)))`,
      tooLong,
    ],
    ["a pointer to more than that", `(type (list (list u8 268435455)))`, null],
    ["2^32 elements that wrap around in 32 bits", `(type (list u64 536870912))`, tooLong],
  ];
  checkRules(cases);
});

describe("Explainer.md, Type Definitions: an index names a type of the sort that is declared", () => {
  checkRules([
    [
      "functions",
      `(type $t u8) (import "f" (func (type $t)))`,
      "type index 0 is not a function type",
    ],
    [
      "instances",
      `(type $t u8) (import "i" (instance (type $t)))`,
      "type index 0 is not an instance type",
    ],
    [
      "components",
      `(type $t u8) (import "c" (component (type $t)))`,
      "type index 0 is not a component type",
    ],
    [
      "modules",
      `(core type $t (func)) (import "m" (core module (type $t)))`,
      "core type index 0 is not a module type",
    ],
  ]);

  test("imports and exports of values are not offered", () => {
    const valueImport = component([10, [1, 0, 1, 0x76, 0x02, 0x01, 0x79]]);
    expect(refusedBytes(valueImport)).toBe(
      "unsupported at 11: imports and exports of values are not supported",
    );
  });
});
