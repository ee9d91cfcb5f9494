import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Protocol } from 'electron';

/** The only scheme of the app; hosts are its namespaces. The page is `app://ui/`, never a file. */
export const SCHEME = 'app';
export const UI_ORIGIN = `${SCHEME}://ui`;
/** Shown instead of a page that crashes again and again; it has no script that could. */
export const CRASHED_PAGE = `${UI_ORIGIN}/crashed.html`;

/** Files' bytes come from this computer, from ports that change; see engineProcess.ts. */
const CONTENTS = 'http://127.0.0.1:*';

/** Only the page's own scripts and styles, and files' bytes; nothing from a network, nothing inline, no forms. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  `img-src 'self' data: blob: ${CONTENTS}`,
  `media-src ${CONTENTS}`,
  `frame-src ${CONTENTS}`,
  "font-src 'self'",
  `connect-src ${CONTENTS}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Must be called once, before the app is ready: a second call would replace the first. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page from `dir` at app://ui; any other address of the scheme is 404. */
export function serveUi(protocol: Protocol, dir: string): void {
  protocol.handle(SCHEME, async ({ method, url }) => {
    const path = method === 'GET' ? uiFile(dir, url) : undefined;
    if (path === undefined) return new Response(null, { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(path)), { headers: headersFor(path) });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}

/** The file behind an address, or undefined for one that is not of the page or leads out of its folder. */
export function uiFile(dir: string, address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${SCHEME}:` || url.host !== 'ui') return undefined;
  const path = decoded(url.pathname);
  if (path === undefined || path.includes('\0') || path.includes('\\')) return undefined;
  const file = join(dir, path === '/' ? 'index.html' : path);
  const inside = relative(dir, file);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) return undefined;
  return extname(file) in TYPES ? file : undefined;
}

export const headersFor = (path: string): Record<string, string> => ({
  'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
});

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
