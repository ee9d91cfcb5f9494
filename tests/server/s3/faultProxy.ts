import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** What becomes of a request instead of what the server behind would answer. */
export type Fault =
  | 'refuse'
  | 'slow-down'
  | 'reset'
  /** The request is carried out, and its answer lost. */
  | 'lose-answer'
  /** Nobody answers for so long that the other side gives up. */
  | 'silence';

export interface Seen {
  readonly method: string;
  readonly path: string;
  /** Of the body, as announced. */
  readonly bytes: number;
  readonly copies: boolean;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** Every request that has come by, with or without a fault. */
  readonly seen: Seen[];
  /** Asked for each request. */
  fault: (seen: Seen) => Fault | undefined;
}

/** Stands before an S3 server and is as bad as it is told to be. The host's name stays that of the proxy, as it is signed. */
export async function faultProxy(behind: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(behind);
  const proxy: { seen: Seen[]; fault: FaultProxy['fault'] } = { seen: [], fault: () => undefined };

  const pass = (incoming: IncomingMessage, answer: ServerResponse, lost: boolean): void => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (response) => {
      if (lost) {
        response.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.once('error', () => incoming.socket.destroy());
    incoming.once('close', () => {
      if (!incoming.complete) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  };

  const serve = (incoming: IncomingMessage, answer: ServerResponse): void => {
    const seen: Seen = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      bytes: Number(incoming.headers['content-length'] ?? 0),
      copies: incoming.headers['x-amz-copy-source'] !== undefined,
    };
    proxy.seen.push(seen);
    const fault = proxy.fault(seen);
    switch (fault) {
      case undefined:
      case 'lose-answer':
        if (incoming.headers.expect) answer.writeContinue();
        pass(incoming, answer, fault === 'lose-answer');
        return;
      case 'reset':
        incoming.socket.destroy();
        return;
      case 'silence':
        return;
      case 'refuse':
      case 'slow-down': {
        const [status, code] = fault === 'refuse' ? [500, 'InternalError'] : [503, 'SlowDown'];
        answer.writeHead(status, { 'content-type': 'application/xml', connection: 'close' });
        answer.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>Not now.</Message></Error>`);
      }
    }
  };

  const server = createServer(serve).on('checkContinue', serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  return Object.assign(proxy, { endpoint: `http://127.0.0.1:${own}` });
}
