"""Runs guest programs on a Canonical ABI definitions.py and enumerates every outcome.

    python3 driver.py DEFINITIONS        one JSON request a line in, one JSON answer a line out

A request is {"program": .., "maxRuns": n, "samples": n, "seed": n}; programs are described in program.ts.
An answer is {"outcomes": [{"log": [..], "end": .., "site": ..}], "complete": bool, "runs": n}. All
nondeterminism of the definitions goes through their `random`, which is replaced by a tape of choices;
a program is run once for each tape. Their `threading` is replaced by fibers that never run at once.
"""

import __future__
import inspect
import json
import random
import sys
import threading
import traceback
import types

try:
    import greenlet
except ImportError:
    greenlet = None

BLOCKED = 0xFFFF_FFFF
COPY = ["COMPLETED", "DROPPED", "CANCELLED"]
SUBTASK = [
    "STARTING",
    "STARTED",
    "RETURNED",
    "CANCELLED_BEFORE_STARTED",
    "CANCELLED_BEFORE_RETURNED",
]
EVENT = [
    "NONE",
    "SUBTASK",
    "STREAM_READ",
    "STREAM_WRITE",
    "FUTURE_READ",
    "FUTURE_WRITE",
    "TASK_CANCELLED",
]
MAX_TICKS = 400


class Killed(BaseException):
    """Unwinds a fiber whose run is over."""


class Stopped(BaseException):
    """Ends a run from inside: its end is known."""


class GreenFiber:
    """A fiber on top of the optional package greenlet, which is much faster than threads."""

    hub = None if greenlet is None else greenlet.getcurrent()

    def __init__(self, body):
        self.green = greenlet.greenlet(body, self.hub)
        self.started = False

    def resume(self):
        self.started = True
        self.green.switch()

    def pause(self):
        self.hub.switch()

    def kill(self):
        if self.started and not self.green.dead:
            self.green.throw()


class ThreadFiber:
    """A fiber on top of an operating system thread."""

    def __init__(self, body):
        self.body = body
        self.mine = threading.Semaphore(0)
        self.hub = threading.Semaphore(0)
        self.started = False
        self.over = False
        self.killed = False

    def base(self):
        try:
            self.body()
        except Killed:
            pass
        self.over = True
        self.hub.release()

    def resume(self):
        if self.started:
            self.mine.release()
        else:
            self.started = True
            threading.Thread(target=self.base, daemon=True).start()
        self.hub.acquire()

    def pause(self):
        self.hub.release()
        self.mine.acquire()
        if self.killed:
            raise Killed()

    def kill(self):
        if self.started and not self.over:
            self.killed = True
            self.mine.release()
            self.hub.acquire()


Fiber = ThreadFiber if greenlet is None else GreenFiber


class Hub:
    """Runs fibers one at a time; what stands in for the module `threading`."""

    def __init__(self):
        self.reset()
        hub = self

        class Lock:
            def __init__(self):
                self.held = False
                self.waiters = []

            def acquire(self):
                if not self.held:
                    self.held = True
                    return
                self.waiters.append(hub.current)
                hub.current.pause()

            def release(self):
                if self.waiters:
                    hub.ready.append(self.waiters.pop(0))
                else:
                    self.held = False

        class Thread:
            def __init__(self, target):
                self.target = target

            def start(self):
                hub.spawn(self.target)

        class Local:
            def __getattr__(self, name):
                return hub.locals[hub.current][name]

            def __setattr__(self, name, value):
                hub.locals.setdefault(hub.current, {})[name] = value

        self.Lock, self.Thread, self.local = Lock, Thread, Local

    def reset(self):
        self.ready = []
        self.fibers = []
        self.locals = {}
        self.current = None
        self.failure = None

    def spawn(self, target):
        def body():
            try:
                target()
            except (Killed, Stopped):
                pass
            except BaseException as error:  # noqa: B902
                if greenlet is not None and isinstance(error, greenlet.GreenletExit):
                    return
                if self.failure is None:
                    self.failure = error

        fiber = Fiber(body)
        self.fibers.append(fiber)
        self.ready.append(fiber)

    def run(self, target):
        self.spawn(target)
        while self.ready and self.failure is None:
            self.current = self.ready.pop(0)
            self.current.resume()
        failure, fibers = self.failure, self.fibers
        for fiber in fibers:
            fiber.kill()
        self.reset()
        return failure


class Tape:
    """The choices of one run: given ones first, then zeros, or random ones."""

    def __init__(self, given, rng=None):
        self.given = given
        self.rng = rng
        self.taken = []

    def choose(self, n):
        if n <= 1:
            return 0
        at = len(self.taken)
        if at < len(self.given):
            pick = self.given[at]
        else:
            pick = 0 if self.rng is None else self.rng.randrange(n)
        self.taken.append((pick, n))
        return pick

    def next(self):
        """The tape after this one in depth-first order; None after the last."""
        taken = list(self.taken)
        while taken and taken[-1][0] + 1 >= taken[-1][1]:
            taken.pop()
        if not taken:
            return None
        pick, _ = taken.pop()
        return [p for p, _ in taken] + [pick + 1]


class Chance:
    """What stands in for the module `random`."""

    def __init__(self):
        self.tape = None

    def choice(self, items):
        items = sorted(items, key=lambda item: item.differential_number)
        return items[self.tape.choose(len(items))]

    def randint(self, low, high):
        return low + self.tape.choose(high - low + 1)

    def shuffle(self, items):
        pending = [item for item in items if item.has_pending_event()]
        first = pending[self.tape.choose(len(pending))]
        items.remove(first)
        items.insert(0, first)


def load(path):
    """The definitions as a module, with its sources of chance and of threads replaced."""
    module = types.ModuleType("definitions")
    sys.modules["definitions"] = module
    with open(path, encoding="utf-8") as file:
        text = file.read()
    flags = __future__.annotations.compiler_flag
    hub, chance = Hub(), Chance()
    known = {name: sys.modules.get(name) for name in ("random", "threading")}
    sys.modules["random"], sys.modules["threading"] = chance, hub
    try:
        exec(compile(text, path, "exec", flags=flags, dont_inherit=True), module.__dict__)
    finally:
        for name, real in known.items():
            if real is None:
                del sys.modules[name]
            else:
                sys.modules[name] = real
    module.random, module.threading = chance, hub
    watch_traps(module)
    number_threads(module)
    return module, hub, chance


def watch_traps(module):
    """Traps remember the function and the line that raised them."""

    def raise_trap(frame):
        error = module.Trap()
        error.site = (frame.f_code.co_name, frame.f_lineno)
        raise error

    def trap():
        raise_trap(sys._getframe(1))

    def trap_if(condition):
        if condition:
            raise_trap(sys._getframe(1))

    module.trap, module.trap_if = trap, trap_if


def number_threads(module):
    """Gives threads a number, so that sets of them have an order that is the same in every run."""
    original = module.Thread.__init__
    count = [0]

    def numbered(self, *args):
        count[0] += 1
        self.differential_number = count[0]
        original(self, *args)

    module.Thread.__init__ = numbered


def show_copy(n):
    if n == BLOCKED:
        return "BLOCKED"
    return f"{COPY[n & 15]}|{n >> 4}"


def show_subtask(n):
    return "BLOCKED" if n == BLOCKED else SUBTASK[n]


def show_event(event, index, payload):
    if event == 1:
        shown = show_subtask(payload)
    elif 2 <= event <= 5:
        shown = show_copy(payload)
    else:
        shown = str(payload)
    return [EVENT[event], str(index), shown]


def show_bytes(data):
    return "".join(chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}" for b in data)


class Component:
    """An instance with its memory, variables, functions and table."""

    def __init__(self, system, decl, parent):
        self.system = system
        self.decl = decl
        D = system.D
        args = [system.store]
        if "parent" in inspect.signature(D.ComponentInstance.__init__).parameters:
            args.append(None if parent is None else parent.inst)
        self.inst = D.ComponentInstance(*args)
        self.memory = D.MemInst(bytearray(4096), "i32")
        self.heap = 2048
        self.vars = {name: 0 for name in decl["vars"]}
        self.resources = {}
        self.table = D.Table()
        self.funcs = {}
        self.exports = {}

    def allocate(self):
        self.heap += 4
        return self.heap - 4


class System:
    """One run's world: built afresh for every tape."""

    def __init__(self, D, program, tape):
        self.D = D
        self.program = program
        self.tape = tape
        self.log = []
        self.store = D.Store()
        self.pending = list(program["runs"])
        self.open = []
        self.cancels = []
        self.components = {}
        for decl in program["components"]:
            parent = self.components.get(decl.get("parent"))
            self.components[decl["name"]] = Component(self, decl, parent)
        for component in self.components.values():
            self.declare_resources(component)
        for component in self.components.values():
            self.declare_functions(component)

    def declare_resources(self, component):
        for decl in component.decl["resources"]:

            def dtor(args, decl=decl):
                Body(self, component, {"rep": args[0]}).run(decl["dtor"])
                return []

            rt = self.D.ResourceType(component.inst, None if decl["dtor"] is None else dtor)
            component.resources[decl["name"]] = rt

    def resource(self, component, name):
        owner, _, own = name.rpartition(".")
        return (self.components[owner] if owner else component).resources[own]

    def type(self, component, text):
        D = self.D
        kind, _, name = text.partition(":")
        if kind == "u32":
            return D.U32Type()
        if kind == "u8":
            return D.U8Type()
        if kind == "none":
            return None
        if kind == "stream":
            return D.StreamType(self.type(component, name or "u8"))
        if kind == "future":
            return D.FutureType(self.type(component, name or "u8"))
        rt = self.resource(component, name)
        return D.OwnType(rt) if kind == "own" else D.BorrowType(rt)

    def declare_functions(self, component):
        D = self.D
        for decl in component.decl["funcs"]:

            def callee(args, decl=decl):
                Body(self, component, {"x": args[0]}).run(decl["body"])
                return []

            ref = D.CoreFuncRef(D.CoreFuncType(["i32"], []), callee)
            component.funcs[decl["name"]] = component.table.add(ref)
        for decl in component.decl["exports"]:
            component.exports[decl["name"]] = self.lift(component, decl)

    def lift(self, component, decl):
        D = self.D
        params = [self.type(component, t) for t in decl["params"]]
        results = [] if decl["result"] is None else [self.type(component, decl["result"])]
        ft = D.FuncType(params, results, async_=decl["async"])
        mode = decl["mode"]

        def core(args):
            names = {f"a{i}": int(v) for i, v in enumerate(args)}
            end = Body(self, component, names).run(decl["body"])
            if mode == "callback":
                return [turn(end)]
            if mode == "sync" and results:
                return [0 if end is None else int(end[1])]
            return []

        def callback(args):
            event, index, payload = (int(v) for v in args)
            body = Body(self, component, {"e": event, "i": index, "p": payload})
            body.note(decl["eventId"], show_event(event, index, payload))
            return [turn(body.run(decl["onEvent"]))]

        def post_return(_):
            Body(self, component, {}).run(decl["postReturn"])
            return []

        opts = D.CanonicalOptions(
            memory=component.memory,
            async_=mode != "sync",
            callback=callback if mode == "callback" else None,
            post_return=post_return if decl.get("postReturn") is not None else None,
        )
        return self.store.lift(core, ft, opts, component.inst), ft

    def export(self, path):
        name, _, export = path.partition(".")
        return self.components[name].exports[export]

    def start(self, run):
        self.pending.remove(run)
        func, _ = self.export(run["func"])
        self.open.append(run["name"])

        def resolve(_):
            self.open.remove(run["name"])

        cancel = self.store.invoke(func, lambda: [], resolve)
        if run["cancel"]:
            self.cancels.append((run["name"], cancel))

    def cancel(self, cancel):
        """The host gives up an invocation; before CM#705 it says that nobody calls for it."""
        self.cancels.remove(cancel)
        _, on_cancel = cancel
        on_cancel(*(None for _ in inspect.signature(on_cancel).parameters))

    def deferred(self):
        """The cancelled copies that the host owes an answer: only since CM#719."""
        if not hasattr(self.D, "End"):
            return []
        return [
            end
            for component in self.components.values()
            for end in component.inst.handles
            if isinstance(end, self.D.End)
            and end.state == self.D.End.State.CANCELLING_COPY
            and not end.has_pending_event()
        ]

    def moves(self):
        """What the host may do now, besides a tick."""
        starts = [(self.start, run) for run in self.pending]
        cancels = [(self.cancel, c) for c in self.cancels if c[0] in self.open]
        answers = [(lambda end: end.notify(progress=0), end) for end in self.deferred()]
        return starts + cancels + answers

    def main(self):
        """The host: it makes its invocations and the like at any time, and otherwise ticks."""
        for _ in range(MAX_TICKS):
            moves = self.moves()
            if any(thread.ready() for thread in list(self.store.waiting)):
                moves.append((None, None))
            if not moves:
                return
            move, what = moves[self.tape.choose(len(moves))]
            if move is None:
                self.store.tick()
            else:
                move(what)
        raise Stopped("ticks")


def turn(end):
    """The packed result of a callback's turn."""
    code = {"exit": 0, "yield": 1, "wait": 2}[end[0]]
    return code | (int(end[1]) << 4 if end[0] == "wait" else 0)


class Body:
    """One activation of guest code: an interpreter of the operations of program.ts."""

    def __init__(self, system, component, names):
        self.system = system
        self.component = component
        self.names = names

    def value(self, atom):
        if isinstance(atom, int):
            return atom
        if atom in self.names:
            return int(self.names[atom])
        return int(self.component.vars[atom])

    def assign(self, names, values):
        for name, value in zip(names, values):
            if name is not None:
                self.component.vars[name] = int(value)

    def note(self, mark, shown):
        self.system.log.append(" ".join([str(mark), *shown]))

    def run(self, block):
        for op in block:
            end = getattr(self, "op_" + op["op"])(op)
            if end is not None:
                return end
        return None

    def op_if(self, op):
        left, right = self.value(op["a"]), self.value(op["b"])
        holds = {"==": left == right, "!=": left != right, "<": left < right}[op["cmp"]]
        return self.run(op["yes"] if holds else op["no"])

    def op_set(self, op):
        self.assign([op["dst"]], [self.value(op["value"])])

    def op_add(self, op):
        self.assign([op["dst"]], [self.value(op["dst"]) + op["n"]])

    def op_log(self, op):
        self.note(op["id"], [str(self.value(v)) for v in op["values"]])

    def op_poke(self, op):
        data = self.value(op["value"]).to_bytes(4, "little")
        self.component.memory.bytes[op["at"] : op["at"] + 4] = data

    def op_peek(self, op):
        data = self.component.memory.bytes[op["at"] : op["at"] + op["n"]]
        self.note(op["id"], [f"b'{show_bytes(data)}'"])

    def op_load(self, op):
        at = self.value(op["ptr"])
        data = self.component.memory.bytes[at : at + 4]
        self.note(op["id"], [str(int.from_bytes(data, "little"))])

    def op_fetch(self, op):
        data = self.component.memory.bytes[op["at"] : op["at"] + 4]
        self.assign([op["dst"]], [int.from_bytes(data, "little")])

    def op_return(self, op):
        return ("return", 0 if op["value"] is None else self.value(op["value"]))

    def op_exit(self, _):
        return ("exit",)

    def op_yield(self, _):
        return ("yield",)

    def op_wait(self, op):
        return ("wait", self.value(op["set"]))

    def op_unreachable(self, _):
        error = self.system.D.Trap()
        error.site = ("guest", 0)
        raise error

    def op_throw(self, _):
        raise self.system.D.CoreWebAssemblyException()

    def op_call(self, op):
        D = self.system.D
        component = self.component
        func, ft = self.system.export(op["func"])
        opts = D.CanonicalOptions(memory=component.memory, async_=op["async"])
        args = [self.value(v) for v in op["args"]]
        lowered = self.system.store.lower(func, ft, opts, component.inst)
        if not op["async"]:
            results = [int(v) for v in lowered(args)]
            self.assign(op["dst"], results)
            self.note(op["id"], [str(v) for v in results])
            return
        pointer = component.allocate() if ft.result_type() else 0
        [packed] = lowered(args + ([pointer] if pointer else []))
        state, subtask = packed & 15, packed >> 4
        self.assign(op["dst"], [state, subtask, pointer])
        self.note(op["id"], [show_subtask(state), str(subtask)])

    def op_builtin(self, op):
        args = [self.value(v) for v in op["args"]]
        results, shown = builtin(self, op, args)
        self.assign(op["dst"], results)
        if shown is not None:
            self.note(op["id"], shown)


def plain(values):
    values = [int(v) for v in values]
    return values, [str(v) for v in values]


def builtin(body, op, args):
    """Calls a built-in: its results, and how they show; None where it has none."""
    D = body.system.D
    component = body.component
    family, _, verb = op["name"].partition(".")
    function = getattr(D, f"canon_{family}_{verb}".replace("-", "_"), None)
    if function is None:
        body.op_unreachable(op)
    immediates = []
    if "cancellable" in inspect.signature(function).parameters:
        immediates.append(op["cancellable"])
    opts = D.CanonicalOptions(memory=component.memory, async_=op["async"])
    if family in ("stream", "future"):
        return end_builtin(body, op, args, function, opts)
    if op["name"] in ("waitable-set.wait", "waitable-set.poll"):
        [event] = function(*immediates, component.memory, args[0], op["at"])
        at = op["at"]
        data = component.memory.bytes
        index = int.from_bytes(data[at : at + 4], "little")
        payload = int.from_bytes(data[at + 4 : at + 8], "little")
        return [event, index, payload], show_event(int(event), index, payload)
    if op["name"] == "subtask.cancel":
        [state] = function(op["async"], args[0])
        return [state], [show_subtask(int(state))]
    if op["name"] == "task.return":
        function(D.current_task().ft.result, D.LiftOptions(memory=component.memory), args)
        return [], None
    if op["name"] == "thread.new-indirect":
        at = component.funcs[op["func"]]
        return plain(function(D.CoreFuncType(["i32"], []), component.table, at, args[0]))
    if family == "resource":
        rt = body.system.resource(component, op["resource"])
        results = function(rt, *args)
        return plain(results) if results else ([], None)
    if family == "context":
        immediates.append("i32")
    results = function(*immediates, *args)
    return plain(results) if results else ([], None)


def end_builtin(body, op, args, function, opts):
    D = body.system.D
    family, _, verb = op["name"].partition(".")
    t = body.system.type(body.component, f"{family}:{op['t']}")
    if verb == "new":
        [packed] = function(t)
        return plain([packed & 0xFFFF_FFFF, packed >> 32])
    if verb in ("read", "write"):
        pointer = [args[0], op["at"]]
        [packed] = function(t, opts, *pointer, *args[1:])
        return [packed], [show_copy(int(packed))]
    if verb.startswith("cancel"):
        [packed] = function(t, op["async"], args[0])
        return [packed], [show_copy(int(packed))]
    function(t, *args)
    return [], None


def describe(path, error):
    """Where in the definitions an error came from."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    where = frames[-1] if frames else None
    return [type(error).__name__] if where is None else [where.name, where.lineno]


def outcome(path, system, failure):
    log = system.log
    if failure is None:
        names = sorted(system.open)
        return {"log": log, "end": " ".join(["stuck", *names]) if names else "ok", "site": None}
    if isinstance(failure, system.D.Trap):
        return {"log": log, "end": "trap", "site": list(failure.site)}
    if isinstance(failure, AssertionError):
        return {"log": log, "end": "bug", "site": describe(path, failure)}
    if isinstance(failure, Exception):
        site = [type(failure).__name__, *describe(path, failure)]
        return {"log": log, "end": "bug", "site": site}
    raise failure


def one_run(world, path, program, tape):
    D, hub, chance = world
    chance.tape = tape
    system = System(D, program, tape)
    failure = hub.run(system.main)
    return outcome(path, system, failure)


def explore(world, path, request):
    """All outcomes if they take at most `maxRuns` runs, and otherwise some of them."""
    program = request["program"]
    found = {}
    runs = 0
    given = []

    def add(tape):
        result = one_run(world, path, program, tape)
        found[json.dumps([result["log"], result["end"], result["site"]])] = result

    while given is not None and runs < request["maxRuns"]:
        tape = Tape(given)
        add(tape)
        runs += 1
        given = tape.next()
    if given is not None:
        rng = random.Random(request["seed"])
        for _ in range(request["samples"]):
            add(Tape([], rng))
    return {"outcomes": list(found.values()), "complete": given is None, "runs": runs}


def main():
    path = sys.argv[1]
    threading.stack_size(1 << 20)
    world = load(path)
    print(json.dumps({"fibers": Fiber.__name__}), flush=True)
    for line in sys.stdin:
        try:
            answer = explore(world, path, json.loads(line))
        except Exception:  # the driver's own mistake
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
