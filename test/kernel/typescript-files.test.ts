/**
 * Tests required TypeScript files: compiled with the project's options, cached, and compiled again
 * after a change.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectFolder } from "./kernel-client";

const folder = mkdtempSync(join(tmpdir(), "convnotes-files-"));
after(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) =>
  writeFileSync(join(folder, name), text);

function run(): string {
  const register = join(
    projectFolder,
    "kernel",
    "dist",
    "typescript-register.js",
  );
  return execFileSync(process.execPath, ["-r", register, "./main.ts"], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
}

test("a base configuration and its changes apply", () => {
  mkdirSync(join(folder, "node_modules"));
  write("package.json", "{}");
  write("tsconfig.json", '{ "extends": "./base" }');
  write("base.json", '{ "compilerOptions": { "target": "ES2022" } }');
  write("main.ts", "console.log(String(async () => undefined as unknown));");
  const cache = join(folder, "node_modules", ".cache", "convnotes-kernel");
  assert.equal(run(), "async () => undefined");
  const kept = readdirSync(cache).length;
  assert.equal(run(), "async () => undefined");
  assert.equal(readdirSync(cache).length, kept);
  write("base.json", '{ "compilerOptions": { "target": "ES2016" } }');
  assert.match(run(), /__awaiter/);
  assert.ok(readdirSync(cache).length > kept);
});
