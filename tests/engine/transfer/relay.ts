import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a relay does to one exchange; nothing of it: passes it on as it is. */
export interface Mischief {
  /** Changes bytes of the body on the way to the server. */
  readonly body?: (bytes: Buffer) => Buffer;
  /** Changes bytes on the way back. */
  readonly reply?: (bytes: Buffer) => Buffer;
  /** Ends the connection after so many bytes of the body, of which the server sees none more. */
  readonly cutBodyAfter?: number;
  /** Ends the connection after so many bytes of the reply; 0: the server has acted, and nobody learns of it. */
  readonly cutReplyAfter?: number;
}

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  bodyBytes: number;
  replyBytes: number;
}

export interface Relay {
  readonly url: string;
  /** Every exchange so far, in order. */
  readonly passed: Passed[];
  /** Asked for each exchange; undefined passes it on. */
  mischief: (exchange: Passed) => Mischief | undefined;
}

/** A network between client and server that counts, and that can be told to misbehave. */
export async function startRelay(serverUrl: string): Promise<Relay> {
  const target = new URL(serverUrl);
  const passed: Passed[] = [];
  const server = createServer((from, back) => {
    const exchange: Passed = {
      method: from.method ?? '',
      path: from.url ?? '',
      range: from.headers.range,
      bodyBytes: 0,
      replyBytes: 0,
    };
    passed.push(exchange);
    forward(from, back, exchange, relay.mischief(exchange) ?? {}, target);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const relay: Relay = { url: `http://127.0.0.1:${port}`, passed, mischief: () => undefined };
  return relay;
}

function forward(from: IncomingMessage, back: ServerResponse, exchange: Passed, mischief: Mischief, target: URL): void {
  const headers = { ...from.headers, host: target.host };
  const to = request({ host: target.hostname, port: target.port, method: from.method, path: from.url, headers });
  from.on('data', (bytes: Buffer) => {
    exchange.bodyBytes += bytes.length;
    if (mischief.cutBodyAfter !== undefined && exchange.bodyBytes > mischief.cutBodyAfter) {
      to.destroy();
      from.socket.destroy();
      return;
    }
    if (!to.write(mischief.body?.(bytes) ?? bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => to.end());
  back.on('close', () => {
    if (!from.complete) to.destroy();
  });
  to.on('error', () => from.socket.destroy());
  to.on('response', (reply) => {
    if (mischief.cutReplyAfter === 0) {
      reply.resume();
      reply.on('end', () => from.socket.destroy());
      return;
    }
    back.writeHead(reply.statusCode ?? 502, reply.headers);
    back.on('close', () => reply.destroy());
    reply.on('error', () => from.socket.destroy());
    reply.on('data', (bytes: Buffer) => {
      exchange.replyBytes += bytes.length;
      const { cutReplyAfter } = mischief;
      if (cutReplyAfter !== undefined && exchange.replyBytes > cutReplyAfter) {
        reply.destroy();
        from.socket.destroySoon();
        return;
      }
      if (!back.write(mischief.reply?.(bytes) ?? bytes)) {
        reply.pause();
        back.once('drain', () => reply.resume());
      }
    });
    reply.on('end', () => back.end());
  });
}
