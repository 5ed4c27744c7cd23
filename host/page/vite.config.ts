import { defineConfig } from 'vite';

/** The host that `npm run dev` talks to. */
const host = process.env.INBOX_HOST ?? 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'], // all have `light-dark()` and `dialog`
    assetsInlineLimit: 0, // the content security policy allows nothing inline
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // A view's file has the name of its folder.
        chunkFileNames: ({ facadeModuleId, name }) =>
          `assets/${facadeModuleId?.match(/src\/(\w+)\/view\.tsx$/)?.[1] ?? name}-[hash].js`,
        // What is loaded together is compressed together. `main.tsx` waits for a language, whose file uses the others.
        codeSplitting: {
          groups: [
            {
              name: 'first',
              test: /src\/(?:(?!main)\w+\.tsx?|(?:api|frame|login|now|ui)\/(?!window_list)|words\/(?!ar)|edit\/isolated)|node_modules\/(?:preact|@preact)/,
            },
            { name: 'rules', test: /src\/(?:edit|policy)\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      // The host takes calls by cookie only from its own page.
      '/v1': { target: host, changeOrigin: true },
    },
  },
});
