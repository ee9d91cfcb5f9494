import { answer, fromDesktop } from './line.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, Handler>();
let registered = false;

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
    if (registered) throw new Error('A second call replaces the first');
    registered = schemes.length > 0;
  },
  handle(scheme: string, handler: Handler): void {
    handlers.set(`${scheme}:`, handler);
  },
};

export interface Answered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

fromDesktop.on('request', ({ ask, method, url }) =>
  answer(ask, async (): Promise<Answered> => {
    const handler = handlers.get(new URL(url).protocol);
    if (handler === undefined) throw new Error(`Nothing handles ${url}`);
    const response = await handler(new Request(url, { method }));
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  }),
);
