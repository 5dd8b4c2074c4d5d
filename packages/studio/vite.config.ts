// Builds the studio into dist/, which the server's studio plane serves under /studio/.

import { defineConfig } from "vite";

const firstControls = "essentials|grid|link|menu-link|page-frame|problem|scope-path";
/** Our own modules that a first load asks for, and Vite's, which loads pages. */
const ofFirstLoad = new RegExp(
  `preload-helper|src[\\\\/](?:api|shell|sign-in|control[\\\\/](?:${firstControls}))`,
);

// biome-ignore lint/style/noDefaultExport: Vite reads the default export.
export default defineConfig({
  base: "/studio/",
  build: {
    target: "es2024",
    // Everything is a file of our own origin: the Content-Security-Policy allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // Fluent marks its modules for server components; nothing here is one.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
      output: {
        // What many pages share comes in a few files instead of dozens: a browser asks for six at once.
        codeSplitting: {
          groups: [
            {
              name: "framework",
              test: /node_modules[\\/](?:react|react-dom|scheduler|@tanstack)[\\/]/,
              priority: 3,
            },
            {
              name: "fluent",
              test: /node_modules[\\/](?:@fluentui[\\/](?!react-icons)|@griffel|tabster|keyborg|@floating-ui)/,
              priority: 2,
              minShareCount: 4,
            },
            { name: "icons", test: /node_modules[\\/]@fluentui[\\/]react-icons/, priority: 2 },
            { name: "shared", test: ofFirstLoad, priority: 1, minShareCount: 4 },
            // Forms, panels and commands come with the first page that has one.
            { name: "form", test: /src[\\/]control[\\/]/, priority: 0, minShareCount: 4 },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic" } },
});
