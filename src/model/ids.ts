// Branded ids: the only way one entity of a store refers to another. Mirrors spec/01.

declare const brand: unique symbol;

type Id<K extends string> = number & { readonly [brand]: K };

export type InstanceId = Id<"instance">;
export type TaskId = Id<"task">;
export type ThreadId = Id<"thread">;
/** A subtask or a stream or future end. */
export type WaitableId = Id<"waitable">;
export type SetId = Id<"set">;
/** A resource handle: the thing that an index of a handle table names. */
export type HandleId = Id<"handle">;
export type MemoryId = Id<"memory">;

/** Index of a resource type in `Program.resourceTypes`; resource types are nominal. */
export type ResourceTypeId = Id<"resource-type">;
/** Index of a function in `Program.funcs`. */
export type FuncId = Id<"func">;
