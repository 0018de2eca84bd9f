// Sockets by themselves: addresses, ports, states, options and pipes, without a guest; then the designs that
// use a handle up, and what only shows in a run.

import { describe, expect, test } from "vitest";
import type { Ctx } from "../../src/canon/machine.ts";
import type { Value } from "../../src/model/values.ts";
import { newWorld } from "../../src/wasi/first-world.ts";
import type { Host, Next, State } from "../../src/wasi/host.ts";
import type { Consumer, Producer } from "../../src/wasi/operation.ts";
import { connectedPair } from "../../src/wasi/sockets/connections.ts";
import { socketFunctions } from "../../src/wasi/sockets/functions.ts";
import { socketOperations } from "../../src/wasi/sockets/operations.ts";
import { newTcp } from "../../src/wasi/sockets/tcp.ts";
import { closeTcp } from "../../src/wasi/sockets/tcp-close.ts";
import type { ObjectRef, Operation, OperationKind, Tcp, TcpState } from "../../src/wasi/world.ts";
import { exploreText } from "./scenario-harness.ts";

/** A host without a machine: enough for what only changes the world. */
function hostWith(settings: Readonly<Record<string, string>> = {}): Host {
  return { c: {} as unknown as Ctx, instance: 0 as Host["instance"], world: newWorld(settings) };
}

/** Calls a function that answers within its first step. */
function call(h: Host, func: string, ...args: readonly Value[]): string {
  const body = socketFunctions[`wasi:sockets/types.${func}`];
  const start: State = { at: "start", args };
  const next: Next | undefined = body?.start?.run(h, start, { pick: 0, ret: null });
  if (next?.do !== "return") throw new Error(`${func} does not answer at once`);
  return text(next.values[0]);
}

/** `ok`, `ok 5`, `error invalid-state`: results as a person writes them. */
function text(value: Value | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object" || !("tag" in value)) return String(value);
  if (value.tag === "rep") return "handle";
  if (value.tag === "record") return `${value.fields.address}:${value.fields.port}`;
  if (value.tag !== "case") return value.tag;
  return value.value === null ? value.label : `${value.label} ${text(value.value)}`;
}

const four = (ip: readonly number[], port: number): Value => {
  return { tag: "case", label: "ipv4", value: { tag: "record", fields: { port, address: ip } } };
};

const six = (address: readonly number[], port: number): Value => {
  const fields = { port, "flow-info": 0, address, "scope-id": 0 };
  return { tag: "case", label: "ipv6", value: { tag: "record", fields } };
};

const local = [127, 0, 0, 1];
const local6 = [0, 0, 0, 0, 0, 0, 0, 1];

/** A socket in some state, and a handle of it. */
function socket(h: Host, more: Partial<Tcp> = {}): { readonly tcp: Tcp; readonly handle: Value } {
  const id = h.world.next;
  h.world.next += 2;
  const tcp: Tcp = { ...newTcp("ipv4"), ...more };
  h.world.tcps[id] = tcp;
  h.world.handles[id + 1] = { kind: "tcp", id };
  return { tcp, handle: { tag: "rep", rep: id + 1 } };
}

function datagrams(h: Host): Value {
  const id = h.world.next;
  h.world.next += 2;
  h.world.udps[id] = { family: "ipv4", local: null, remote: null, inbox: [], options: {} };
  h.world.handles[id + 1] = { kind: "udp", id };
  return { tag: "rep", rep: id + 1 };
}

describe("bind", () => {
  // the documentation of `bind` names each of these errors
  test.each([
    ["another family", six(local6, 80), "error invalid-argument"],
    ["multicast", four([224, 0, 0, 1], 80), "error invalid-argument"],
    ["broadcast", four([255, 255, 255, 255], 80), "error invalid-argument"],
    ["no interface of this machine", four([10, 0, 0, 1], 80), "error address-not-bindable"],
    ["the loopback interface", four(local, 80), "ok"],
    ["all interfaces", four([0, 0, 0, 0], 80), "ok"],
  ])("an IPv4 socket to %s", (_what, address, expected) => {
    for (const kind of ["tcp", "udp"]) {
      const h = hostWith();
      const handle = kind === "tcp" ? socket(h).handle : datagrams(h);
      expect(call(h, `${kind}-socket.bind`, handle, address)).toBe(expected);
    }
  });

  test.each([
    ["an address that stands for IPv4", six([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 80)],
    ["multicast", six([0xff02, 0, 0, 0, 0, 0, 0, 1], 80)],
    ["another family", four(local, 80)],
  ])("an IPv6 socket not to %s", (_what, address) => {
    const h = hostWith();
    const { handle } = socket(h, { family: "ipv6" });
    expect(call(h, "tcp-socket.bind", handle, address)).toBe("error invalid-argument");
    // nothing has changed, so that another try may succeed
    expect(call(h, "tcp-socket.bind", handle, six(local6, 80))).toBe("ok");
    expect(call(h, "tcp-socket.get-local-address", handle)).toBe(`ok ipv6 ${local6}:80`);
  });

  test("a socket that is bound is not bound again", () => {
    const h = hostWith();
    const { handle } = socket(h);
    expect(call(h, "tcp-socket.bind", handle, four(local, 80))).toBe("ok");
    expect(call(h, "tcp-socket.bind", handle, four(local, 81))).toBe("error invalid-state");
    const udp = datagrams(h);
    expect(call(h, "udp-socket.bind", udp, four(local, 80))).toBe("ok");
    expect(call(h, "udp-socket.bind", udp, four(local, 81))).toBe("error invalid-state");
  });

  test("port 0 is the least free port of the dynamic range, for each protocol", () => {
    const h = hostWith();
    const ports = [49152, 49153].map((port) => {
      const { handle } = socket(h);
      call(h, "tcp-socket.bind", handle, four(local, 0));
      return [call(h, "tcp-socket.get-local-address", handle), `ok ipv4 ${local}:${port}`];
    });
    for (const [given, expected] of ports) expect(given).toBe(expected);
    const udp = datagrams(h);
    call(h, "udp-socket.bind", udp, four(local, 0));
    expect(call(h, "udp-socket.get-local-address", udp)).toBe(`ok ipv4 ${local}:49152`);
  });

  test("no port is left: the address is in use", () => {
    const h = hostWith();
    for (let port = 49152; port <= 65535; port += 1) {
      socket(h, { local: { family: "ipv4", ip: local, port } });
    }
    const { handle } = socket(h);
    expect(call(h, "tcp-socket.bind", handle, four(local, 0))).toBe("error address-in-use");
  });

  test("a listener on all interfaces is in the way of one of them, and the other way round", () => {
    const listening: TcpState = { tag: "listening", backlog: [] };
    for (const [first, second] of [
      [[0, 0, 0, 0], local],
      [local, [0, 0, 0, 0]],
    ] as const) {
      const h = hostWith();
      socket(h, { state: listening, local: { family: "ipv4", ip: first, port: 80 } });
      const { handle } = socket(h);
      expect(call(h, "tcp-socket.bind", handle, four(second, 80))).toBe("error address-in-use");
      expect(call(h, "tcp-socket.bind", handle, four(second, 81))).toBe("ok");
    }
  });

  test("what is connected is in nobody's way, whatever the host makes of bound sockets", () => {
    const h = hostWith({ "bind-conflict": "bound" });
    connectedPair(h, 80);
    const { handle } = socket(h);
    expect(call(h, "tcp-socket.bind", handle, four(local, 80))).toBe("ok");
  });

  test("the host's policy may refuse", () => {
    const h = hostWith();
    h.world.denied = ["bind"];
    const { handle, tcp } = socket(h);
    expect(call(h, "tcp-socket.bind", handle, four(local, 80))).toBe("error access-denied");
    expect(tcp.state).toEqual({ tag: "unbound" });
  });
});

describe("the methods of a TCP socket by its state", () => {
  const at = { family: "ipv4", ip: local, port: 80 } as const;
  const states: Readonly<Record<string, Partial<Tcp>>> = {
    unbound: {},
    bound: { state: { tag: "bound" }, local: at },
    listening: { state: { tag: "listening", backlog: [] }, local: at },
    connecting: { state: { tag: "connecting", remote: at }, local: at },
    closed: { state: { tag: "closed", cause: "timeout" }, local: at },
  };
  const no = "error invalid-state";
  const here = `ok ipv4 ${local}:80`;

  // a method is for the states that its documentation allows, and otherwise changes nothing
  test.each([
    ["bind", { unbound: "ok", bound: no, listening: no, connecting: no, closed: no }],
    [
      "get-local-address",
      { unbound: no, bound: here, listening: here, connecting: here, closed: no },
    ],
    ["get-remote-address", { unbound: no, bound: no, listening: no, connecting: no, closed: no }],
    [
      "get-is-listening",
      { unbound: "false", bound: "false", listening: "true", connecting: "false", closed: "false" },
    ],
    [
      "get-address-family",
      { unbound: "ipv4", bound: "ipv4", listening: "ipv4", connecting: "ipv4", closed: "ipv4" },
    ],
    [
      "set-listen-backlog-size",
      { unbound: "ok", bound: "ok", listening: "ok", connecting: no, closed: no },
    ],
    [
      "get-hop-limit",
      { unbound: "ok 64", bound: "ok 64", listening: "ok 64", connecting: "ok 64", closed: no },
    ],
    [
      "set-hop-limit",
      { unbound: "ok", bound: "ok", listening: "ok", connecting: "ok", closed: no },
    ],
  ] as const)("%s", (name, expected) => {
    for (const [state, answer] of Object.entries(expected)) {
      const h = hostWith();
      const { handle, tcp } = socket(h, states[state]);
      const before = tcp.state;
      const argument = name === "bind" ? four(local, 81) : 5;
      expect([state, call(h, `tcp-socket.${name}`, handle, argument)]).toEqual([state, answer]);
      if (answer === no) expect(tcp.state).toBe(before);
    }
  });

  test("a closed one may repeat why", () => {
    const h = hostWith({ "closed-error": "stored" });
    const { handle } = socket(h, states.closed);
    expect(call(h, "tcp-socket.get-hop-limit", handle)).toBe("error timeout");
  });

  test("a connecting one may keep everything to itself", () => {
    const h = hostWith({ errors: "second" });
    const { handle } = socket(h, states.connecting);
    expect(call(h, "tcp-socket.get-local-address", handle)).toBe(no);
    expect(call(h, "tcp-socket.set-hop-limit", handle, 5)).toBe(no);
  });

  test("a connected one has a peer", () => {
    const h = hostWith();
    const [client, server] = connectedPair(h, 80) as readonly Value[];
    if (client === undefined || server === undefined) throw new Error("two handles");
    expect(call(h, "tcp-socket.get-remote-address", client)).toBe(here);
    expect(call(h, "tcp-socket.get-local-address", server)).toBe(here);
    expect(call(h, "tcp-socket.get-remote-address", server)).toBe(`ok ipv4 ${local}:49152`);
    expect(call(h, "tcp-socket.bind", client, four(local, 81))).toBe(no);
    expect(call(h, "tcp-socket.set-listen-backlog-size", client, 5n)).toBe(no);
  });
});

describe("options", () => {
  const all = [
    ["keep-alive-idle-time", 5n],
    ["keep-alive-interval", 5n],
    ["keep-alive-count", 5],
    ["hop-limit", 5],
    ["receive-buffer-size", 5n],
    ["send-buffer-size", 5n],
  ] as const;

  test.each(all)("%s is kept, and must not be 0", (name, value) => {
    const h = hostWith();
    const { handle } = socket(h);
    const zero = typeof value === "bigint" ? 0n : 0;
    expect(call(h, `tcp-socket.set-${name}`, handle, value)).toBe("ok");
    expect(call(h, `tcp-socket.set-${name}`, handle, zero)).toBe("error invalid-argument");
    expect(call(h, `tcp-socket.get-${name}`, handle)).toBe("ok 5");
  });

  test("keep-alive may be off, which is no 0", () => {
    const h = hostWith();
    const { handle } = socket(h, { options: { "keep-alive-enabled": true } });
    expect(call(h, "tcp-socket.set-keep-alive-enabled", handle, false)).toBe("ok");
    expect(call(h, "tcp-socket.get-keep-alive-enabled", handle)).toBe("ok false");
  });

  test("a size may be cut, but is never refused", () => {
    const h = hostWith();
    const { handle } = socket(h);
    expect(call(h, "tcp-socket.set-send-buffer-size", handle, 2n ** 64n - 1n)).toBe("ok");
    expect(call(h, "tcp-socket.get-send-buffer-size", handle)).toBe("ok 65536");
  });

  test("UDP has three, and the backlog of a listener is not 0 either", () => {
    const h = hostWith();
    const udp = datagrams(h);
    expect(call(h, "udp-socket.set-unicast-hop-limit", udp, 0)).toBe("error invalid-argument");
    expect(call(h, "udp-socket.set-unicast-hop-limit", udp, 9)).toBe("ok");
    expect(call(h, "udp-socket.get-unicast-hop-limit", udp)).toBe("ok 9");
    expect(call(h, "udp-socket.get-receive-buffer-size", udp)).toBe("ok 8");
    const { handle } = socket(h);
    expect(call(h, "tcp-socket.set-listen-backlog-size", handle, 0n)).toBe(
      "error invalid-argument",
    );
  });

  test("the backlog of a socket that listens need not be changeable", () => {
    const h = hostWith({ errors: "second" });
    const { handle } = socket(h, { state: { tag: "listening", backlog: [] } });
    expect(call(h, "tcp-socket.set-listen-backlog-size", handle, 5n)).toBe("error not-supported");
  });
});

/** An operation on a socket, without its streams. */
function operation(kind: OperationKind, target: ObjectRef): Operation {
  const rest = { stream: null, future: null, cursor: 0n, error: null, ahead: [], listing: null };
  return { kind, target: { ...target }, status: "active", ...rest };
}

/** Both sockets of a connection, and an operation on each of them. */
function connection(
  h: Host,
  sends: OperationKind,
  receives: OperationKind,
): { readonly out: Operation; readonly into: Operation } {
  connectedPair(h, 80);
  const [client, server] = Object.values(h.world.handles);
  if (client === undefined || server === undefined) throw new Error("two handles");
  return { out: operation(sends, client), into: operation(receives, server) };
}

const send = socketOperations["tcp-send"] as Consumer;
const receive = socketOperations["tcp-receive"] as Producer;
const listen = socketOperations["tcp-listen"] as Producer;

describe("a pipe", () => {
  test("holds as much as the sender's buffer, and gives back in order", () => {
    const h = hostWith();
    const { out, into } = connection(h, "tcp-send", "tcp-receive");
    expect(receive.supply(h, into, 4)).toEqual({ tag: "none" });
    expect(send.room(h, out, 10)).toEqual({ tag: "some", n: 8 });
    send.put(h, out, [1, 2, 3]);
    expect(send.room(h, out, 10)).toEqual({ tag: "some", n: 5 });
    send.put(h, out, [4, 5, 6, 7, 8]);
    expect(send.room(h, out, 10)).toEqual({ tag: "none" });
    expect(receive.supply(h, into, 2)).toEqual({ tag: "some", n: 8 });
    expect(receive.take(h, into, 2)).toEqual([1, 2]);
    expect(send.room(h, out, 10)).toEqual({ tag: "some", n: 2 });
  });

  test("ends after its data", () => {
    const h = hostWith();
    const { out, into } = connection(h, "tcp-send", "tcp-receive");
    send.put(h, out, [1]);
    expect(send.dropped(h, out)).toBeNull();
    expect(receive.supply(h, into, 4)).toEqual({ tag: "some", n: 1 });
    receive.take(h, into, 1);
    expect(receive.supply(h, into, 4)).toEqual({ tag: "end", error: null });
  });

  test("that is reset still delivers what was on its way, or loses it", () => {
    const arrives = (setting: string): unknown => {
      const h = hostWith({ "reset-data": setting });
      const { out, into } = connection(h, "tcp-send", "tcp-receive");
      const back = operation("tcp-send", into.target as ObjectRef);
      send.put(h, out, [1]);
      send.put(h, back, [2]);
      // the first socket closes with a byte unread
      closeTcp(h, out.target?.id ?? -1);
      return receive.supply(h, into, 4);
    };
    expect(arrives("delivered")).toEqual({ tag: "some", n: 1 });
    expect(arrives("lost")).toEqual({ tag: "end", error: "connection-reset" });
  });

  test("goes away with the second of its sockets", () => {
    const h = hostWith();
    const { out, into } = connection(h, "tcp-send", "tcp-receive");
    closeTcp(h, out.target?.id ?? -1);
    expect(Object.keys(h.world.conns)).toHaveLength(1);
    // the first one is gone, but it ended in order
    expect(receive.supply(h, into, 4)).toEqual({ tag: "end", error: null });
    closeTcp(h, into.target?.id ?? -1);
    expect(h.world.conns).toEqual({});
    expect(h.world.tcps).toEqual({});
  });
});

describe("a listening socket", () => {
  /** A listener with an option of its own, and two connections in its backlog. */
  function crowded(settings: Readonly<Record<string, string>> = {}): { h: Host; op: Operation } {
    const h = hostWith(settings);
    const at = { family: "ipv4", ip: local, port: 80 } as const;
    const state: TcpState = { tag: "listening", backlog: [] };
    const { tcp } = socket(h, { state, local: at, options: { "hop-limit": 7 } });
    const pairs = [connectedPair(h, 80), connectedPair(h, 80)] as (readonly Value[])[];
    // as if the sockets of its own side had never been made
    for (const [, server] of pairs) {
      const { id } = h.world.handles[(server as { rep: number }).rep] as ObjectRef;
      delete h.world.tcps[id];
      delete h.world.handles[(server as { rep: number }).rep];
    }
    tcp.state = { tag: "listening", backlog: Object.keys(h.world.conns).map(Number) };
    const id = Number(Object.keys(h.world.tcps)[0]);
    return { h, op: operation("tcp-listen", { kind: "tcp", id }) };
  }

  test("delivers the oldest connection first, to a socket with its options", () => {
    const { h, op } = crowded();
    const clients = Object.values(h.world.tcps).slice(1);
    expect(listen.supply(h, op, 1)).toEqual({ tag: "some", n: 2 });
    for (const client of clients) {
      const [handle] = listen.take(h, op, 1);
      if (handle === undefined || client.local === null) throw new Error("a handle");
      const peer = `ok ipv4 ${local}:${client.local.port}`;
      expect(call(h, "tcp-socket.get-remote-address", handle)).toBe(peer);
      expect(call(h, "tcp-socket.get-hop-limit", handle)).toBe("ok 7");
    }
    expect(listen.supply(h, op, 1)).toEqual({ tag: "none" });
  });

  test("that was probed delivers what it has accepted meanwhile first", () => {
    const { h, op } = crowded({ "accept-probe": "accept" });
    const [first, second] = Object.keys(h.world.conns).map(Number);
    listen.probed?.(h, op);
    listen.probed?.(h, op);
    expect(op.ahead).toEqual([first]);
    expect(listen.take(h, op, 2)).toHaveLength(2);
    const conns = Object.values(h.world.tcps).flatMap(({ state }) =>
      state.tag === "connected" && state.side === 1 ? [state.conn] : [],
    );
    expect(conns).toEqual([first, second]);
  });

  test("that closes turns away who waits, and whom it had accepted for nobody", () => {
    const { h, op } = crowded({ "accept-probe": "accept" });
    listen.probed?.(h, op);
    h.world.operations[99] = op;
    closeTcp(h, op.target?.id ?? -1);
    const resets = Object.values(h.world.conns).map(({ pipes }) => pipes[1].reset);
    expect(resets).toEqual([true, true]);
  });
});

describe("a connection that is over", () => {
  const remote = "tcp-socket.get-remote-address";

  test("closes the socket when both directions have ended, if the host says so", () => {
    const peer = (terminated: string): string => {
      const h = hostWith({ terminated });
      const { out } = connection(h, "tcp-send", "tcp-receive");
      for (const conn of Object.values(h.world.conns))
        for (const pipe of conn.pipes) pipe.fin = true;
      const [client] =
        Object.entries(h.world.handles).find(([, o]) => o.id === out.target?.id) ?? [];
      return call(h, remote, { tag: "rep", rep: Number(client) });
    };
    expect(peer("both-done")).toBe("error invalid-state");
    expect(peer("on-reset")).toBe(`ok ipv4 ${local}:80`);
    expect(peer("never")).toBe(`ok ipv4 ${local}:80`);
  });
});

/** A scenario about sockets: a host, what the component has besides, and what it does. */
function program(wasi: string, funcs: string, body: string): string {
  return `scenario "t"
wasi {
  set calls at-once
  set chunk whole
  set order stream-first
${wasi}
}
component A {
  import wasi:sockets/types
  import canon-async:testing/fixture
  func at(port) { return ipv4({port: port, address: (127, 0, 0, 1)}) }
${funcs}
  export run: async func() stackful {
${body}
    task.return
  }
}
run A.run`;
}

function logs(scenario: string): readonly string[] {
  return exploreText(scenario).outcomes.map((outcome) => outcome.replace(/ {2}by .*$/, ""));
}

describe("connecting", () => {
  test("takes as long as the backlog is full, and then succeeds", () => {
    const body = `
    let l = tcp-socket.create(ipv4)
    tcp-socket.bind(l.ok, at(80))
    tcp-socket.set-listen-backlog-size(l.ok, 1)
    let acc = tcp-socket.listen(l.ok)
    let one = tcp-socket.create(ipv4)
    log tcp-socket.connect(one.ok, at(80))
    let two = tcp-socket.create(ipv4)
    let state, t, ret = async tcp-socket.connect(two.ok, at(80))
    fixture.idle()
    let ws = waitable-set.new
    waitable.join t ws
    log "{state} {waitable-set.poll ws}"
    stream.read<tcp-socket> acc.ok 1
    let _, _, what = waitable-set.wait ws
    log "{what} {load result<_, error-code> ret}"`;
    // a backlog of one is full with one connection: the next has to wait until that is accepted
    expect(logs(program("", "", body))).toEqual(["[ok, STARTED NONE, RETURNED ok]"]);
  });

  test("may be cancelled when the other side has a connection already, which then ends", () => {
    const body = `
    let l = tcp-socket.create(ipv4)
    tcp-socket.bind(l.ok, at(80))
    let acc = tcp-socket.listen(l.ok)
    let c = tcp-socket.create(ipv4)
    let _, t, _ = async tcp-socket.connect(c.ok, at(80))
    log subtask.cancel t
    subtask.drop t
    resource.drop<tcp-socket> c.ok
    let what, p = async stream.read<tcp-socket> acc.ok 1
    fixture.idle()
    let ws = waitable-set.new
    waitable.join acc.ok ws
    let event, _, _ = waitable-set.poll ws
    if event == STREAM_READ {
      let rx, _ = tcp-socket.receive(load tcp-socket p)
      let last, _ = stream.read rx 1
      log "accepted, {last}"
    }`;
    // who is told CANCELLED cannot know how far the connection got; RETURNED means that it is there
    expect(logs(program("  set calls pending", "", body))).toEqual([
      "[CANCELLED_BEFORE_RETURNED, accepted, DROPPED|0]",
      "[CANCELLED_BEFORE_RETURNED]",
      "[RETURNED, accepted, DROPPED|0]",
    ]);
  });

  test("times out as often as the network fails", () => {
    const body = `
    let l = tcp-socket.create(ipv4)
    tcp-socket.bind(l.ok, at(80))
    let acc = tcp-socket.listen(l.ok)
    repeat 2 {
      let c = tcp-socket.create(ipv4)
      log tcp-socket.connect(c.ok, at(80))
    }`;
    // one failure at most: at the first connect, at the second, or never
    expect(logs(program("  set faults 1", "", body))).toEqual([
      "[error(timeout), ok]",
      "[ok, error(timeout)]",
      "[ok, ok]",
    ]);
  });

  test("to a machine that is not there fails in one of two ways", () => {
    const body = `
    let c = tcp-socket.create(ipv4)
    log tcp-socket.connect(c.ok, ipv4({port: 80, address: (10, 0, 0, 1)}))`;
    expect(logs(program("", "", body))).toEqual([
      "[error(remote-unreachable)]",
      "[error(timeout)]",
    ]);
  });

  test("may be denied, which closes the socket like any other failure", () => {
    const body = `
    let c = tcp-socket.create(ipv4)
    log tcp-socket.connect(c.ok, at(80))
    log tcp-socket.bind(c.ok, at(80))`;
    const denied = program("deny connect", "", body);
    expect(logs(denied)).toEqual(["[error(access-denied), error(invalid-state)]"]);
  });
});

describe("datagrams", () => {
  const bound = `  func bound(port) {
    let made = udp-socket.create(ipv4)
    udp-socket.bind(made.ok, at(port))
    return made.ok
  }`;

  test("from others than its peer do not reach a connected socket", () => {
    const body = `
    let s = bound(53)
    let peer = bound(54)
    let other = bound(55)
    udp-socket.send(other, "a", some(at(53)))
    udp-socket.connect(s, at(54))
    udp-socket.send(other, "b", some(at(53)))
    udp-socket.send(peer, "c", some(at(53)))
    log udp-socket.receive(s)
    log async udp-socket.receive(s)`;
    // of what arrived before and after the connect, "c" (99) alone is the peer's
    expect(logs(program("", bound, body))).toEqual([
      "[ok([[99], ipv4({port: 54, address: [127, 0, 0, 1]})]), STARTED]",
    ]);
  });

  test("go to nobody off this machine, to no wildcard and to no port 0", () => {
    const body = `
    let s = bound(53)
    log udp-socket.send(s, "a", some(ipv4({port: 53, address: (10, 0, 0, 1)})))
    log udp-socket.send(s, "a", some(ipv4({port: 53, address: (0, 0, 0, 0)})))
    log udp-socket.send(s, "a", some(at(0)))
    log udp-socket.connect(s, at(0))`;
    const bad = "error(invalid-argument)";
    expect(logs(program("", bound, body))).toEqual([
      `[error(remote-unreachable), ${bad}, ${bad}, ${bad}]`,
    ]);
  });
});

describe("a design that uses the handle up", () => {
  test("gives it back where the socket is in the wrong state, if the result has a place for it", () => {
    const body = `
    let c = tcp-socket.create(ipv4)
    let r, w = stream.new
    let all = tcp-socket.split(c.ok, r)
    log "{all.error[0]} {stream.write w (list-at 0 1)}"
    log tcp-socket.bind(all.error[1], at(80))`;
    const returning = program("  variant V5-returning", "", body);
    expect(logs(returning)).toEqual(["[invalid-state DROPPED|0, ok]"]);
  });

  test("closes a socket in the wrong state, once nobody holds its streams and futures", () => {
    const body = `
    let c = tcp-socket.create(ipv4)
    let r, w = stream.new
    let rx, heard, sent = tcp-socket.split(c.ok, r)
    let wrote = stream.write w (list-at 0 1)
    let what, _ = stream.read rx 1
    log "{wrote} {what}"
    log fixture.sockets()`;
    const pinned = program("  variant V5\n  set pin op", "", body);
    expect(logs(pinned)).toEqual(["[DROPPED|0 DROPPED|0, 0]"]);
  });

  test("leaves a listener to its stream alone", () => {
    const body = `
    let l = tcp-socket.create(ipv4)
    tcp-socket.bind(l.ok, at(80))
    let acc = tcp-socket.accept-all(l.ok)
    let c = tcp-socket.create(ipv4)
    log tcp-socket.connect(c.ok, at(80))
    let what, _ = stream.read<tcp-socket> acc 1
    log "{what} {fixture.port-busy(80)}"
    stream.drop-readable<tcp-socket> acc
    log fixture.port-busy(80)`;
    expect(logs(program("  variant V5", "", body))).toEqual(["[ok, COMPLETED|1 true, false]"]);
  });
});
