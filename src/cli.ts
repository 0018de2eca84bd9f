#!/usr/bin/env node
// The executable: the command runs in a worker, so that this thread can hear Ctrl-C meanwhile.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import pc from "picocolors";
import type { Io } from "./cli/io.ts";

interface Given {
  readonly argv: readonly string[];
  readonly color: boolean;
  readonly terminal: boolean;
  /** one 32-bit number: not 0 when the user asked to stop */
  readonly stop: SharedArrayBuffer;
}

type Message =
  | { readonly tag: "out" | "err"; readonly text: string }
  | { readonly tag: "exit"; readonly code: number };

/** A crash of the tool itself, never a verdict; running out of memory only ends the search. */
const crashed = 70;
const incomplete = 3;
/** Exit codes of a process that a signal ends. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

function given(stop: SharedArrayBuffer): Given {
  const color = process.stdout.isTTY === true && pc.isColorSupported;
  const terminal = process.stderr.isTTY === true;
  return { argv: process.argv.slice(2), color, terminal, stop };
}

/**
 * The first Ctrl-C asks a search to stop and report; the second one, or any other, ends everything.
 * Who evicts a job sends SIGTERM, which is the same.
 */
function onInterrupt(stop: SharedArrayBuffer): void {
  const flag = new Int32Array(stop);
  const searches = ["explore", "simulate", "minimize", "diff", "wast", "judge"].includes(
    process.argv[2] ?? "",
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (Atomics.exchange(flag, 0, 1) === 1 || !searches) process.exit(signals[signal]);
    });
  }
}

/** A reader that has had enough (`| head`) is no error. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
}

function receive(message: Message): void {
  if (message.tag === "exit") process.exitCode = message.code;
  else if (message.tag === "out") process.stdout.write(message.text);
  else process.stderr.write(message.text);
}

function supervise(): void {
  const stop = new SharedArrayBuffer(4);
  surviveClosedPipes();
  onInterrupt(stop);
  const worker = new Worker(new URL(import.meta.url), { workerData: given(stop) });
  worker.on("message", (message: Message) => {
    receive(message);
    // an engine whose run was recorded may go on for ever
    if (message.tag === "exit") void worker.terminate();
  });
  worker.on("error", (error: NodeJS.ErrnoException) => {
    const full = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    const text = full ? "out of memory: --max-states bounds a search" : error.stack;
    process.stderr.write(`${text ?? error.message}\n`);
    process.exitCode = full ? incomplete : crashed;
  });
}

function ioOf({ color, terminal, stop }: Given, send: (message: Message) => void): Io {
  const flag = new Int32Array(stop);
  return {
    out: (text) => send({ tag: "out", text }),
    err: (text) => send({ tag: "err", text }),
    color,
    terminal,
    stopped: () => Atomics.load(flag, 0) !== 0,
  };
}

async function work(): Promise<void> {
  const { main } = await import("./cli/main.ts");
  const start = workerData as Given;
  const send = (message: Message): void => parentPort?.postMessage(message);
  send({ tag: "exit", code: await main(start.argv, ioOf(start, send)) });
}

if (isMainThread) supervise();
else await work();
