import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const TOP = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

/** Tells what the pages were built from, so that a test without node sees pages that were not built anew. */
function sources(): Plugin {
  let out = "";
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? below(join(folder, each.name)) : [join(folder, each.name)]));
  return {
    name: "sources",
    apply: "build",
    configResolved: (config) => void (out = join(config.root, config.build.outDir)),
    closeBundle() {
      const root = import.meta.dirname;
      const files = [...TOP.map((name) => join(root, name)), ...below(join(root, "src")), ...below(join(root, "public"))];
      const names = files.map((each) => relative(root, each).split("\\").join("/")).sort();
      const sum = createHash("sha256");
      for (const name of names) sum.update(`${name}\0`).update(createHash("sha256").update(readFileSync(join(root, name))).digest());
      writeFileSync(join(out, "sources.txt"), `${sum.digest("hex")}\n`);
    },
  };
}

/** Built into the package, so that neither node nor the internet is needed where it is used. */
export default defineConfig({
  plugins: [preact(), sources()],
  base: "/",
  build: { outDir: "../src/citybraid/web/bundle", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy: { "/api": "http://127.0.0.1:8765", "/enter": "http://127.0.0.1:8765" } },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
