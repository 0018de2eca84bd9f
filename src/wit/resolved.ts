// What WIT texts mean: packages of interfaces and worlds whose names are all resolved, as plain data.

import type { PrimTag } from "../model/types.ts";
import type { Pos } from "./ast.ts";

/**
 * A resource type, by the interface that defines it and its name there. The interface is an id as
 * in `Interface.id`; for a resource that a world declares itself it is the id of the world.
 */
export interface ResourceId {
  readonly interface: string;
  readonly name: string;
}

/** A value type without names: `ValType` of the model, but for how it refers to resources. */
export type WitType =
  | { readonly tag: PrimTag }
  | { readonly tag: "list"; readonly t: WitType; readonly length: number | null }
  | { readonly tag: "record"; readonly fields: readonly WitField[] }
  | { readonly tag: "tuple"; readonly ts: readonly WitType[] }
  | { readonly tag: "variant"; readonly cases: readonly WitCase[] }
  | { readonly tag: "enum" | "flags"; readonly labels: readonly string[] }
  | { readonly tag: "option"; readonly t: WitType }
  | { readonly tag: "result"; readonly ok: WitType | null; readonly error: WitType | null }
  | { readonly tag: "map"; readonly k: WitType; readonly v: WitType }
  | { readonly tag: "own" | "borrow"; readonly resource: ResourceId }
  | { readonly tag: "stream" | "future"; readonly t: WitType | null };

export interface WitField {
  readonly label: string;
  readonly t: WitType;
}

export interface WitCase {
  readonly label: string;
  readonly t: WitType | null;
}

/**
 * A type by the name that it has in an interface or a world. It may have come there by `use` or as an
 * alias: `definedIn` is the id of the interface or world that declares it.
 */
export type ResolvedType =
  | {
      readonly tag: "value";
      readonly name: string;
      readonly definedIn: string;
      readonly t: WitType;
    }
  | {
      readonly tag: "resource";
      readonly name: string;
      readonly definedIn: string;
      readonly resource: ResourceId;
    };

/** `params` of a method begin with `self`; the result of a constructor is its resource, or a result. */
export interface InterfaceFunc {
  readonly kind: "func" | "method" | "static" | "constructor";
  /** The resource whose function it is; null for a plain function. */
  readonly resource: string | null;
  /** The plain name, `open-at`; of a constructor, the name of its resource. */
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly t: WitType }[];
  readonly result: WitType | null;
  readonly async: boolean;
  readonly pos: Pos;
}

export interface Interface {
  /** `wasi:filesystem/types@0.3.0`; of one inside a world, `a:b/w/import/NAME` or `../export/NAME` */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Every type of the interface by its name, those that it uses from others too. */
  readonly types: ReadonlyMap<string, ResolvedType>;
  /** The resources that this interface itself declares. */
  readonly resources: readonly string[];
  readonly funcs: readonly InterfaceFunc[];
  /** The interfaces whose types it uses. */
  readonly uses: readonly Interface[];
}

/**
 * What a world imports or exports. The name of an interface is its id, or the plain name that the
 * world gives it; of a function of a resource it is as `externName` says.
 */
export type WorldExtern =
  | {
      readonly tag: "interface";
      readonly name: string;
      readonly externalId: string | null;
      readonly interface: Interface;
    }
  | {
      readonly tag: "func";
      readonly name: string;
      readonly externalId: string | null;
      readonly func: InterfaceFunc;
    }
  | { readonly tag: "type"; readonly name: string; readonly type: ResolvedType };

export interface World {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** With the interfaces that others of its imports and exports need (WIT.md, "Transitive imports"). */
  readonly imports: readonly WorldExtern[];
  readonly exports: readonly WorldExtern[];
}

export interface Package {
  /** `wasi:filesystem@0.3.0` */
  readonly id: string;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly worlds: ReadonlyMap<string, World>;
}

export interface Resolved {
  readonly packages: ReadonlyMap<string, Package>;
}
