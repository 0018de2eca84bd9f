"""Runs the workloads of the benchmarks on an unmodified Canonical ABI definitions.py.

    python3 reference.py DEFINITIONS     one "NAME ITERATIONS" a line in, one JSON answer a line out

An answer is {"seconds": s}, the time of the iterations alone, or {"error": text}. The deterministic
profile is switched on; nothing else of the definitions changes. Every request runs in a process of its
own, forked after loading, because blocked threads are never collected. Each workload checks its result.
"""

import __future__
import functools
import inspect
import json
import os
import sys
import threading
import time
import traceback
import types

BLOCKED = 0xFFFF_FFFF
EXIT, YIELD, WAIT = 0, 1, 2
RESULT_AT, READ_AT, WRITE_AT = 16, 65536, 131072
MEMORY = 262144


def load(path):
    """The definitions as a module; annotations stay text, as their newest versions need it."""
    module = types.ModuleType("definitions")
    sys.modules["definitions"] = module
    with open(path, encoding="utf-8") as file:
        text = file.read()
    flags = __future__.annotations.compiler_flag
    exec(compile(text, path, "exec", flags=flags, dont_inherit=True), module.__dict__)
    module.DETERMINISTIC_PROFILE = True
    return module


def demand(holds, what):
    if not holds:
        raise RuntimeError(f"a workload went wrong: {what}")


class World:
    """A store with two instances, and the parts of the definitions that differ between revisions."""

    def __init__(self, definitions):
        self.d = definitions
        self.store = definitions.Store()
        self.callee = definitions.ComponentInstance(self.store)
        self.caller = definitions.ComponentInstance(self.store)
        self.seconds = None

    def options(self, memory=None, **fields):
        names = {"async_": False, **fields}
        return self.d.CanonicalOptions(memory=memory or self.memory(), **names)

    def memory(self, size=MEMORY):
        return self.d.MemInst(bytearray(size), "i32")

    def builtin(self, name):
        """A built-in by its name; before CM#716 some have an immediate `cancellable` in front."""
        function = getattr(self.d, "canon_" + name)
        if "cancellable" in inspect.signature(function).parameters:
            return functools.partial(function, False)
        return function


    def timed(self, body):
        start = time.perf_counter()
        result = body()
        self.seconds = time.perf_counter() - start
        return result

    def finish(self, function):
        """Invokes a function and lets the host tick until it has returned and nobody is left."""
        results = []
        self.store.invoke(function, lambda: [], results.append)
        while not results or self.store.waiting:
            self.store.tick()
        return results[0]


def word(memory, at):
    return int.from_bytes(memory.bytes[at : at + 4], "little")


# Calls


def returning_function(w, blocks):
    """Gives its argument back, at once or after one yield of its event loop."""
    d = w.d
    u32 = d.U32Type()
    opts = w.options(async_=True)
    ft = d.FuncType([("x", u32)], [u32], async_=True)

    def give(value):
        d.canon_task_return([u32], d.LiftOptions(memory=opts.memory), [value])
        return [EXIT]

    def main(args):
        if not blocks:
            return give(args[0])
        d.canon_context_set("i32", 0, args[0])
        return [YIELD]

    opts.callback = lambda _: give(d.canon_context_get("i32", 0)[0])
    return w.store.lift(main, ft, opts, w.callee), ft


def call_world(definitions, blocks):
    w = World(definitions)
    function, ft = returning_function(w, blocks)
    memory = w.memory()
    lowered = w.store.lower(function, ft, w.options(memory, async_=True), w.caller)
    root = definitions.FuncType([], [definitions.U32Type()], async_=True)
    return w, lowered, memory, root


def subtask_of(w, status):
    demand(status & 15 == w.d.Subtask.State.STARTED, "a call that blocks has started")
    return status >> 4


def call_eager(definitions, n):
    w, lowered, memory, root = call_world(definitions, False)

    def loop():
        for i in range(n):
            [status] = lowered([i, RESULT_AT])
            demand(status == w.d.Subtask.State.RETURNED, "an eager call returns at once")

    def main(_):
        w.timed(loop)
        return [word(memory, RESULT_AT)]

    demand(w.finish(w.store.lift(main, root, w.options(memory), w.caller)) == [n - 1], "the result")
    return w.seconds


def call_blocked_wait(definitions, n):
    w, lowered, memory, root = call_world(definitions, True)

    def loop():
        [waitable_set] = w.d.canon_waitable_set_new()
        wait = w.builtin("waitable_set_wait")
        for i in range(n):
            [status] = lowered([i, RESULT_AT])
            subtask = subtask_of(w, status)
            w.d.canon_waitable_join(subtask, waitable_set)
            [code] = wait(memory, waitable_set, 0)
            demand(code == w.d.EventCode.SUBTASK, "the event of the call comes")
            w.d.canon_subtask_drop(subtask)

    def main(_):
        w.timed(loop)
        return [word(memory, RESULT_AT)]

    demand(w.finish(w.store.lift(main, root, w.options(memory), w.caller)) == [n - 1], "the result")
    return w.seconds


def call_blocked_callback(definitions, n):
    w, lowered, memory, root = call_world(definitions, True)
    opts = w.options(memory, async_=True)
    at = {"i": 0, "set": 0, "start": 0.0}

    def next_call():
        [status] = lowered([at["i"], RESULT_AT])
        w.d.canon_waitable_join(subtask_of(w, status), at["set"])
        return [WAIT | at["set"] << 4]

    def main(_):
        at["start"] = time.perf_counter()
        [at["set"]] = w.d.canon_waitable_set_new()
        return next_call()

    def callback(args):
        code, subtask, state = args
        demand(code == w.d.EventCode.SUBTASK, "the call's return comes as an event")
        demand(state == w.d.Subtask.State.RETURNED, "the event says that it returned")
        w.d.canon_subtask_drop(subtask)
        at["i"] += 1
        if at["i"] < n:
            return next_call()
        w.seconds = time.perf_counter() - at["start"]
        lift = w.d.LiftOptions(memory=opts.memory)
        w.d.canon_task_return([w.d.U32Type()], lift, [word(memory, RESULT_AT)])
        return [EXIT]

    opts.callback = callback
    demand(w.finish(w.store.lift(main, root, opts, w.caller)) == [n - 1], "the result")
    return w.seconds


# Streams


def pattern(size):
    return bytes(1 + i % 251 for i in range(size))


def filled(w, size):
    memory = w.memory()
    memory.bytes[WRITE_AT : WRITE_AT + size] = pattern(size)
    return memory


def new_stream(w, t):
    [packed] = w.d.canon_stream_new(t)
    return packed & 0xFFFF_FFFF, packed >> 32


def check_copy(memory, size):
    demand(memory.bytes[READ_AT : READ_AT + size] == pattern(size), "the bytes arrive")


def stream_same(size):
    def workload(definitions, n):
        w = World(definitions)
        d = w.d
        t = d.StreamType(d.U8Type())
        memory = filled(w, size)
        opts = w.options(memory, async_=True)

        def loop():
            readable, writable = new_stream(w, t)
            [waitable_set] = d.canon_waitable_set_new()
            d.canon_waitable_join(readable, waitable_set)
            wait = w.builtin("waitable_set_wait")
            for _ in range(n):
                [result] = d.canon_stream_read(t, opts, readable, READ_AT, size)
                demand(result == BLOCKED, "the read comes first")
                [result] = d.canon_stream_write(t, opts, writable, WRITE_AT, size)
                demand(result == size << 4, "the write finds the read")
                [code] = wait(memory, waitable_set, 0)
                demand(code == d.EventCode.STREAM_READ, "the event of the read comes")
                demand(word(memory, 4) == size << 4, "the read is over")

        def main(_):
            w.timed(loop)
            return [n * size]

        root = d.FuncType([], [d.U32Type()], async_=True)
        result = w.finish(w.store.lift(main, root, w.options(memory), w.caller))
        demand(result == [n * size], "the result")
        check_copy(memory, size)
        return w.seconds

    return workload


class Writer:
    """A callback task that gives a stream away and writes it, `n` buffers of `size` bytes."""

    def __init__(self, w, n, size):
        self.w, self.n, self.size, self.done = w, n, size, 0
        self.t = w.d.StreamType(w.d.U8Type())
        self.ft = w.d.FuncType([], [self.t], async_=True)
        self.opts = w.options(filled(w, size), async_=True)
        self.opts.callback = self.callback
        self.function = w.store.lift(self.main, self.ft, self.opts, w.callee)

    def main(self, _):
        d = self.w.d
        readable, self.writable = new_stream(self.w, self.t)
        [self.set] = d.canon_waitable_set_new()
        d.canon_waitable_join(self.writable, self.set)
        d.canon_task_return([self.t], d.LiftOptions(memory=self.opts.memory), [readable])
        return self.pump()

    def callback(self, args):
        code, _, result = args
        demand(code == self.w.d.EventCode.STREAM_WRITE, "the event of the write comes")
        # The last event may say that the reader has gone since.
        demand(result >> 4 == self.size, "a write that blocked moves all")
        self.done += 1
        return self.pump()

    def pump(self):
        d = self.w.d
        while self.done < self.n:
            [result] = d.canon_stream_write(self.t, self.opts, self.writable, WRITE_AT, self.size)
            if result == BLOCKED:
                return [WAIT | self.set << 4]
            demand(result == self.size << 4, "a write that finds a read moves all")
            self.done += 1
        d.canon_waitable_join(self.writable, 0)
        d.canon_stream_drop_writable(self.t, self.writable)
        return [EXIT]


def stream_cross(size):
    def workload(definitions, n):
        w = World(definitions)
        d = w.d
        writer = Writer(w, n, size)
        memory = w.memory()
        opts = w.options(memory, async_=True)
        get = w.store.lower(writer.function, writer.ft, w.options(memory), w.caller)

        def loop(readable, waitable_set):
            wait = w.builtin("waitable_set_wait")
            got = 0
            while got < n * size:
                [result] = d.canon_stream_read(writer.t, opts, readable, READ_AT, size)
                if result == BLOCKED:
                    [code] = wait(memory, waitable_set, 0)
                    demand(code == d.EventCode.STREAM_READ, "the event of the read comes")
                    result = word(memory, 4)
                got += result >> 4
            return got

        def main(_):
            [readable] = get([])
            [waitable_set] = d.canon_waitable_set_new()
            d.canon_waitable_join(readable, waitable_set)
            got = w.timed(lambda: loop(readable, waitable_set))
            d.canon_waitable_join(readable, 0)
            d.canon_stream_drop_readable(writer.t, readable)
            return [got]

        root = d.FuncType([], [d.U32Type()], async_=True)
        result = w.finish(w.store.lift(main, root, w.options(memory), w.caller))
        demand(result == [n * size] and writer.done == n, "the result")
        check_copy(memory, size)
        return w.seconds

    return workload


# Threads


def moves(threads, all_ready):
    """`n` ticks over `threads` threads: all of them yield for ever, or one does and the rest wait."""

    def workload(definitions, n):
        w = World(definitions)
        d = w.d
        ft = d.FuncType([], [], async_=True)
        opts = w.options(w.memory(64), async_=True)
        turns = [0]

        def spin(_):
            d.canon_task_return([], d.LiftOptions(memory=opts.memory), [])
            thread_yield = w.builtin("thread_yield")
            while True:
                thread_yield()
                turns[0] += 1

        def stuck(_):
            d.canon_task_return([], d.LiftOptions(memory=opts.memory), [])
            [waitable_set] = d.canon_waitable_set_new()
            w.builtin("waitable_set_wait")(opts.memory, waitable_set, 0)

        for i in range(threads):
            body = spin if all_ready or i == 0 else stuck
            w.store.invoke(w.store.lift(body, ft, opts, w.callee), lambda: [], lambda _: None)
        demand(len(w.store.waiting) == threads, "all threads wait")

        def loop():
            for _ in range(n):
                w.store.tick()

        w.timed(loop)
        demand(turns[0] == n, "each tick runs a thread")
        return w.seconds

    return workload


# Values


class Allocator:
    """A realloc that bumps and never frees."""

    def __init__(self):
        self.used = 1024

    def __call__(self, args):
        _, _, align, size = args
        at = -(-self.used // align) * align
        self.used = at + size
        return [at]


def values(t_of, args, expected, fill, digest):
    def workload(definitions, n):
        w = World(definitions)
        d = w.d
        ft = d.FuncType([("value", t_of(d))], [d.U32Type()], async_=False)
        there, here = w.memory(), w.memory()
        fill(here.bytes)
        allocator = Allocator()

        def callee(flat):
            allocator.used = 1024
            return [digest(there, flat)]

        opts = w.options(there, realloc=allocator)
        function = w.store.lift(callee, ft, opts, w.callee)
        lowered = w.store.lower(function, ft, w.options(here), w.caller)

        def loop():
            for _ in range(n):
                [result] = lowered(args)
                demand(result == expected, "the callee sees the value")

        def main(_):
            w.timed(loop)
            return [n]

        root = d.FuncType([], [d.U32Type()], async_=True)
        result = w.finish(w.store.lift(main, root, w.options(here), w.caller))
        demand(result == [n], "the result")
        return w.seconds

    return workload


NAME = "Ada Lovelace, n\u00e9e Byron".encode()
TAGS = [b"analyst", b"poet", b"countess"]
SCORES = [3, 1, 4, 1, 5, 9]
AGE = 36


def person(d):
    text = d.StringType()
    fields = [
        d.FieldType("name", text),
        d.FieldType("tags", d.ListType(text)),
        d.FieldType("scores", d.ListType(d.U32Type())),
        d.FieldType("age", d.U8Type()),
    ]
    return d.RecordType(fields)


def fill_person(memory):
    memory[16 : 16 + len(NAME)] = NAME
    for i, score in enumerate(SCORES):
        memory[128 + 4 * i : 132 + 4 * i] = score.to_bytes(4, "little")
    for i, tag in enumerate(TAGS):
        at = 256 + 32 * i
        memory[at : at + len(tag)] = tag
        memory[64 + 8 * i : 68 + 8 * i] = at.to_bytes(4, "little")
        memory[68 + 8 * i : 72 + 8 * i] = len(tag).to_bytes(4, "little")


def digest_person(memory, flat):
    _, name_length, tags, tag_count, scores, score_count, age = flat
    total = name_length + age
    total += sum(word(memory, tags + 8 * i + 4) for i in range(tag_count))
    total += sum(word(memory, scores + 4 * i) for i in range(score_count))
    last = tags + 8 * (tag_count - 1)
    return total + memory.bytes[word(memory, last) + word(memory, last + 4) - 1]


BLOB = 65536


def fill_blob(memory):
    memory[131072 : 131072 + BLOB] = bytes([7]) * BLOB


WORKLOADS = {
    "call-eager": call_eager,
    "call-blocked-wait": call_blocked_wait,
    "call-blocked-callback": call_blocked_callback,
    "stream-same-1": stream_same(1),
    "stream-same-64k": stream_same(65536),
    "stream-cross-1": stream_cross(1),
    "stream-cross-64k": stream_cross(65536),
    "moves-10-ready": moves(10, True),
    "moves-1000-ready": moves(1000, True),
    "moves-10-blocked": moves(10, False),
    "moves-1000-blocked": moves(1000, False),
    "value-record": values(
        person,
        [16, len(NAME), 64, len(TAGS), 128, len(SCORES), AGE],
        len(NAME) + AGE + sum(map(len, TAGS)) + sum(SCORES) + TAGS[-1][-1],
        fill_person,
        digest_person,
    ),
    "value-list-u8-64k": values(
        lambda d: d.ListType(d.U8Type()),
        [131072, BLOB],
        BLOB + 7,
        fill_blob,
        lambda memory, flat: flat[1] + memory.bytes[flat[0] + BLOB - 1],
    ),
}


def answer(definitions, name, n):
    try:
        return {"seconds": WORKLOADS[name](definitions, n)}
    except BaseException:  # traps of the definitions are no Exceptions
        return {"error": traceback.format_exc()}


def in_child(definitions, name, n):
    """Answers from a process that is gone afterwards, with all the threads it left behind."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        print(json.dumps(answer(definitions, name, n)), flush=True)
        os._exit(0)
    os.waitpid(child, 0)


def main():
    threading.stack_size(1 << 18)
    definitions = load(sys.argv[1])
    print(json.dumps({"workloads": list(WORKLOADS)}), flush=True)
    for line in sys.stdin:
        name, n = line.split()
        in_child(definitions, name, int(n))


if __name__ == "__main__":
    main()
