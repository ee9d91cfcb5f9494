import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { dependencies } from './package.json' with { type: 'json' };

const at = (path: string): string => resolve(import.meta.dirname, path);

const programs = {
  app: at('main/app/index.ts'),
  engineProcess: at('main/app/engineProcess.ts'),
  start: at('main/headless/start.ts'),
  driftless: at('main/headless/driftless.ts'),
  guard: at('main/headless/guard.ts'),
  hashWorker: at('main/engine/hash/worker.ts'),
  'driftless-server': at('server/cli.ts'),
  checkingWorker: at('server/content/checking/worker.ts'),
  receivingWorker: at('server/content/receiving/worker.ts'),
  mediaWorker: at('server/media/worker/main.ts'),
};

/** What cannot be inside a bundle: two load a library of machine code from beside themselves, one serves files of its own. */
const BESIDE = ['better-sqlite3', 'sharp', '@fastify/swagger-ui'];

/**
 * One build for every process. Each program is an entry of its own under out/main: the desktop app, the command
 * lines, and the worker threads. Dependencies are bundled: reading a few files instead of a thousand halves the time in which a
 * program starts.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: Object.keys(dependencies).filter((name) => !BESIDE.includes(name)) },
      sourcemap: true,
      rollupOptions: {
        input: programs,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // It is read and compiled before every page.
      minify: true,
      rollupOptions: {
        input: { index: at('preload/index.ts'), browser: at('preload/browser.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      modulePreload: { polyfill: false },
      // It is read from this computer's disk, so there is nothing to split for a network.
      chunkSizeWarningLimit: 1_000,
      // The page that signs in with Clerk is one of its own, so that the window never loads any of it.
      rollupOptions: { input: { index: at('renderer/index.html'), signIn: at('renderer/signin/index.html') } },
    },
  },
});
