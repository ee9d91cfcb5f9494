import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { OPENING } from '../../doubles/desk/names.ts';
import { art } from './art.ts';
import { PDF, tone } from './samples.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** As strict as the page is served to people. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "frame-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export interface Served {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the built page, and beside it pictures and contents for the double's library. */
export async function servePage(dir: string): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const [, place = '', name = ''] = pathname.split('/');
    if (place === 'favicon.ico') return response.writeHead(204).end();
    if (place === 'thumbnails') return response.setHeader('content-type', 'image/svg+xml').end(art(name));
    if (place === 'contents') {
      const index = Number.parseInt(name.slice(-12), 16);
      if (searchParams.has('download')) {
        response.setHeader('content-disposition', `attachment; filename="${OPENING[index]}"`);
      }
      return content(index, response);
    }
    const file = pathname === '/' ? 'index.html' : pathname;
    try {
      const bytes = await readFile(join(dir, file));
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** Files are what their names say as far as a browser could show them; all others are pictures. */
function content(index: number, response: ServerResponse): void {
  const extension = extname(OPENING[index] ?? '');
  if (extension === '.pdf') response.setHeader('content-type', 'application/pdf').end(PDF);
  else if (extension === '.wav') response.setHeader('content-type', 'audio/wav').end(tone());
  else response.setHeader('content-type', 'image/svg+xml').end(art((index * 7919 + 13).toString(16).padStart(64, '0')));
}
