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

const MAP = join(import.meta.dirname, "node_modules", "maplibre-gl", "src");

/** Builds the map from its sources, so that its worker shares their code in one chunk: a third less to load. */
function mapWorker(): Plugin {
  const name = "virtual:map-worker", file = join(MAP, "source", "worker.ts");
  let building = false;
  return {
    name: "map-worker",
    configResolved: (config) => void (building = config.command === "build"),
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      if (!building) return `export default ${JSON.stringify(`/@fs/${file}`)}`;
      const made = this.emitFile({ type: "chunk", id: file, name: "map-worker", preserveSignature: false });
      return `export default import.meta.ROLLUP_FILE_URL_${made}`;
    },
  };
}

/** Keeps the styles of a page to itself: all pages stand in one document, whose styles stay once they are loaded. */
function pageStyles(): Plugin {
  return {
    name: "page-styles",
    enforce: "pre",
    transform(code, id) {
      const page = /\/src\/pages\/(\w+)\/\w+\.css$/.exec(id.split("\\").join("/"))?.[1];
      return page ? { code: `[data-page="${page}"] {\n${code}\n}\n`, map: null } : null;
    },
  };
}

/** Built into the package, so that neither node nor the internet is needed where it is used. */
export default defineConfig({
  plugins: [preact(), pageStyles(), mapWorker(), sources()],
  resolve: { alias: [{ find: /^maplibre-gl$/, replacement: join(MAP, "index.ts") }] },
  // The map library leaves fields that it only declares to its base classes, as TypeScript did before ES2022.
  oxc: { typescript: { removeClassFieldsWithoutInitializer: true }, assumptions: { setPublicClassFields: true } },
  base: "/",
  build: { outDir: "../src/citybraid/web/bundle", emptyOutDir: true, target: "es2022", cssTarget: ["chrome100", "firefox100", "safari15"], assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy: { "/api": "http://127.0.0.1:8765", "/enter": "http://127.0.0.1:8765" } },
  // Patience for busy machines: a limit tells a hang, not a slow start.
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"], testTimeout: 120_000, hookTimeout: 120_000, teardownTimeout: 120_000 },
});
