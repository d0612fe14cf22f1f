import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

/** Built into the package, so that neither node nor the internet is needed where it is used. */
export default defineConfig({
  plugins: [preact()],
  base: "/",
  build: { outDir: "../src/citybraid/web/bundle", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy: { "/api": "http://127.0.0.1:8765", "/enter": "http://127.0.0.1:8765" } },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
