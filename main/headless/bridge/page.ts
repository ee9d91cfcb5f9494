import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

export interface PageFiles {
  /** Absolute: the built window. */
  readonly renderer: string;
  /** Absolute: the script that gives the page its window.driftless. */
  readonly script: string;
}

const SCRIPT_PATH = '/driftless.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Only the page's own scripts and styles; contents from their own origin, where they can reach nothing of the page. */
export const pagePolicy = (contents: string, socket: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob: ${contents}`,
    `media-src ${contents}`,
    `frame-src ${contents}`,
    "font-src 'self'",
    `connect-src 'self' ${socket} ${contents}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** Answers with a file of the built window; false: there is none by this path. */
export async function servePage(
  files: PageFiles,
  path: string,
  policy: string,
  response: ServerResponse,
): Promise<boolean> {
  const file = path === SCRIPT_PATH ? files.script : fileFor(files.renderer, path);
  if (file === undefined) return false;
  const body = await readFile(file).catch(() => undefined);
  if (body === undefined) return false;
  const type = path === SCRIPT_PATH ? TYPES['.js'] : TYPES[extname(file)];
  const isPage = extname(file) === '.html';
  response.writeHead(200, {
    'content-type': type ?? 'application/octet-stream',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // What the build names by its content never changes.
    'cache-control': path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(isPage ? withScript(body.toString()) : body);
  return true;
}

/** The page is the app's own; here it gets its window.driftless before anything else runs. */
const withScript = (html: string): string =>
  html.replace('<head>', `<head><script type="module" src="${SCRIPT_PATH}"></script>`);

function fileFor(dir: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path === '/' ? '/index.html' : path);
  } catch {
    return undefined;
  }
  // The sign-in page has an origin of its own.
  if (decoded.startsWith('/signin/')) return undefined;
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
  const file = join(dir, decoded);
  const inside = relative(dir, file);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) return undefined;
  return extname(file) in TYPES ? file : undefined;
}
