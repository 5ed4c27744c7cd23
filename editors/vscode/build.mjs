// Bundles the extension into one file, dist/extension.js. The module `vscode` is the editor's own.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  // The Node of the oldest editor in `engines`.
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
});
