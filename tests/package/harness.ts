// The package as its users get it: built and packed aside, then installed into an empty folder without a network.

import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const manifest: Manifest = JSON.parse(readFileSync("package.json", "utf8"));

export interface Packed {
  /** removed by `close` */
  readonly folder: string;
  readonly tarball: string;
  /** what is in it */
  readonly files: readonly string[];
  close(): void;
}

/** What npm puts into every package beside its `files`. */
const always = ["package.json", "README.md", "LICENSE"];

/** Builds beside `dist`, which other tests may be writing; throws with what the compiler says. */
function build(to: string): void {
  const tsc = "node_modules/typescript/bin/tsc";
  const argv = [tsc, "-p", "tsconfig.build.json", "--outDir", join(to, "dist")];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the package cannot be built:\n${stdout}${stderr}`);
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Builds and packs. */
export function pack(): Packed {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "canon-package-")));
  const stage = join(folder, "stage");
  build(stage);
  for (const name of new Set([...always, ...manifest.files])) {
    if (name !== "dist") cpSync(name, join(stage, name), { recursive: true });
  }
  const argv = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const said = execFileSync("npm", argv, { cwd: stage, encoding: "utf8", stdio: "pipe" });
  const [report]: readonly PackReport[] = JSON.parse(said);
  if (report === undefined) throw new Error("npm pack made nothing");
  return {
    folder,
    tarball: join(folder, report.filename),
    files: report.files.map(({ path }) => path),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs node there. */
  node(...argv: readonly string[]): Ended;
}

export interface Ended {
  readonly code: number | null;
  /** standard output and standard error */
  readonly said: string;
}

/** What the package needs when it runs comes from here, as the lock file has it: nothing is fetched. */
function dependencies(): Readonly<Record<string, string>> {
  const here = Object.keys(manifest.dependencies).map((name) => {
    return [name, `file:${resolve("node_modules", name)}`];
  });
  return Object.fromEntries(here);
}

function link(project: string, tool: string): void {
  const at = join(project, "node_modules", tool);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(resolve("node_modules", tool), at, "dir");
}

/** A project that has the package installed, and beside it tools that this repository has. */
export function install({ folder, tarball }: Packed, tools: readonly string[]): Project {
  const at = join(folder, "project");
  mkdirSync(at);
  const write = (file: string, text: string): void => writeFileSync(join(at, file), text);
  const needs = { [manifest.name]: `file:${tarball}`, ...dependencies() };
  write("package.json", JSON.stringify({ private: true, type: "module", dependencies: needs }));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  execFileSync("npm", ["install", "--offline", ...quiet], { cwd: at, stdio: "pipe" });
  for (const tool of tools) link(at, tool);
  return {
    folder: at,
    write,
    node: (...argv) => {
      const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_OPTIONS: "" };
      const options = { cwd: at, encoding: "utf8", env } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [...argv], options);
      return { code: status, said: stdout + stderr };
    },
  };
}
