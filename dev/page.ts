import type { ClientRequest } from 'node:http';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { createLogger, createServer, type Plugin, type ProxyOptions } from 'vite';
import type { Watched } from './watched.ts';

interface PageOptions {
  /** What prints the addresses, good once, by which one comes in. */
  readonly entrances: Watched;
  /** Origin of the window's other side. */
  readonly bridge: string;
}

const checkout = resolve(import.meta.dirname, '..');
const PRELOAD = `/@fs${resolve(checkout, 'preload/browser.ts')}`;

/** The page gets its window.driftless before anything else runs, as it does where it is built. */
const withPreload: Plugin = {
  name: 'driftless-preload',
  transformIndexHtml: () => [{ tag: 'script', attrs: { type: 'module', src: PRELOAD }, injectTo: 'head-prepend' }],
};

/** Serves the window from its sources, reloaded with every change, and hands on what it asks the other side. */
export async function servePage({ entrances, bridge }: PageOptions) {
  let cookie = '';
  const inside = Promise.withResolvers<void>();
  entrances.onPrinted(/http:\/\/127\.0\.0\.1:\d+\/\?secret=\S+/, ([address]) => {
    enter(address).then(
      (entered) => {
        cookie = entered;
        inside.resolve();
      },
      // It began anew meanwhile, and prints another one.
      () => undefined,
    );
  });

  let own = '';
  /** The other side lets its own page in; here that is this one, and no other that a browser may have open. */
  const letIn = (request: ClientRequest, origin: string | undefined): void => {
    if (origin !== undefined && origin !== own) return;
    request.setHeader('cookie', cookie);
    request.setHeader('origin', bridge);
  };
  const through: ProxyOptions = {
    target: bridge,
    changeOrigin: true,
    ws: true,
    configure: (proxy) => {
      proxy.on('proxyReq', (out, request) => letIn(out, request.headers.origin));
      proxy.on('proxyReqWs', (out, request) => letIn(out, request.headers.origin));
      proxy.on('error', (_error, _request, response) => void ('destroy' in response && response.destroy()));
    },
  };
  const logger = createLogger('warn');
  const { error } = logger;
  // While the engine begins anew there is nobody to hand on to; the page comes again by itself.
  logger.error = (message, options) => void (message.includes('proxy error') || error(message, options));
  const vite = await createServer({
    root: resolve(checkout, 'renderer'),
    configFile: false,
    cacheDir: resolve(checkout, '.dev/vite'),
    customLogger: logger,
    plugins: [react(), withPreload],
    server: {
      host: '127.0.0.1',
      port: 3200,
      fs: { allow: [checkout] },
      proxy: { '/socket': through, '/files': through, '/thumbnails/': through },
    },
  });
  await vite.listen();
  await inside.promise;
  const address = vite.resolvedUrls?.local[0] ?? '';
  own = new URL(address).origin;
  return { address, close: () => vite.close() };
}

async function enter(address: string): Promise<string> {
  const { headers } = await fetch(address, { redirect: 'manual' });
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}
