import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { KiB, MiB } from '../../../shared/bytes.ts';
import { fractions } from './random.ts';
import { pause } from './wait.ts';

const LONGEST_DELAY_MS = 400;
/** Larger requests are not kept, and so not repeated. */
const REPEATED_BYTES = MiB;
const DRIP_BYTES = KiB;
const DRIP_MS = 5;
/** Drops after which the rest comes in one go: a test has to end. */
const DRIPS = 40;

const PAGE = '<!DOCTYPE html><html><body><h1>Bad Gateway</h1><p>nginx</p></body></html>';

/** One request and the answer to it that are to go wrong. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Kept here: a request lets go of it when it is over. */
  readonly socket: Socket;
  readonly network: BadNetwork;
  readonly fraction: () => number;
}

const FAULTS = {
  'refused before it arrives': ({ socket }) => void socket.resetAndDestroy(),
  'torn on the way up': async ({ request, socket, network, fraction }) => {
    const up = network.ask(request);
    up.on('error', () => undefined);
    let left = fraction() * Number(request.headers['content-length'] ?? 0);
    for await (const piece of request) {
      up.write(piece.subarray(0, left));
      left -= piece.length;
      if (left <= 0) break;
    }
    up.destroy();
    socket.resetAndDestroy();
  },
  'done, and the answer lost': async ({ request, response, socket, network }) => {
    (await network.answered(request, response)).resume().on('end', () => socket.resetAndDestroy());
  },
  'done, and answered by a gateway that knows nothing of it': async ({ request, response, network }) => {
    (await network.answered(request, response)).resume().on('end', () => page(response, 502));
  },
  'sent twice': async ({ request, response, network }) => {
    if (Number(request.headers['content-length'] ?? 0) > REPEATED_BYTES) return network.pass(request, response);
    const body = await buffer(request);
    for await (const _ of await network.answered(request, response, body));
    send(await network.answered(request, response, body), response).pipe(response);
  },
  'cut short on the way down': async ({ request, response, socket, network, fraction }) => {
    const answer = send(await network.answered(request, response), response);
    let left = fraction() * Number(answer.headers['content-length'] ?? KiB);
    for await (const piece of answer) {
      response.write(piece.subarray(0, left));
      left -= piece.length;
      if (left <= 0) break;
    }
    // Ended on this side, and still open on the other: only the length tells that something is missing.
    socket.end();
  },
  'slow to begin': async ({ request, response, network, fraction }) => {
    await pause(fraction() * LONGEST_DELAY_MS);
    await network.pass(request, response);
  },
  'dripping down': async ({ request, response, network }) => {
    const answer = send(await network.answered(request, response), response);
    let drips = 0;
    for await (const piece of answer) {
      for (let at = 0; at < piece.length; at += DRIP_BYTES) {
        response.write(piece.subarray(at, at + DRIP_BYTES));
        drips += 1;
        if (drips < DRIPS) await pause(DRIP_MS);
      }
    }
    response.end();
  },
  'answered with 500': ({ request, response }) => instead(request, response, 500),
  'answered with 502': ({ request, response }) => instead(request, response, 502),
  'answered with 503': ({ request, response }) => instead(request, response, 503),
} as const satisfies Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>>;
export type Fault = keyof typeof FAULTS;

/** A proxy in front of a server that lets requests and answers go wrong, in ways that the seed chooses. */
export class BadNetwork {
  /** How likely a request is to go wrong. */
  badness = 0;
  /** How often each has gone wrong so far. */
  readonly happened = new Map<Fault, number>();
  readonly #target: number;
  readonly #server: Server;

  private constructor(target: number, seed: string) {
    this.#target = target;
    const fraction = fractions(`network ${seed}`);
    this.#server = createServer((request, response) => {
      const names = Object.keys(FAULTS) as Fault[];
      const fault = fraction() < this.badness ? names[Math.floor(fraction() * names.length)] : undefined;
      if (fault) this.happened.set(fault, (this.happened.get(fault) ?? 0) + 1);
      const { socket } = request;
      const going = fault
        ? FAULTS[fault]({ request, response, socket, network: this, fraction })
        : this.pass(request, response);
      // Whichever side has gone away, the other is to hear of it.
      Promise.resolve(going).catch(() => socket.destroy());
    });
  }

  static async open(target: number, seed: string): Promise<BadNetwork> {
    const network = new BadNetwork(target, seed);
    await new Promise<void>((listening) => network.#server.listen(0, '127.0.0.1', listening));
    return network;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get faults(): number {
    return [...this.happened.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The same request to the server, without its body. */
  ask({ method, url, headers }: IncomingMessage): ReturnType<typeof httpRequest> {
    return httpRequest({ port: this.#target, host: '127.0.0.1', method, path: url, headers, agent: false });
  }

  /** What the server answers to it. */
  answered(request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const up = this.ask(request);
      up.on('response', resolve);
      up.on('error', reject);
      // Whoever asked has gone away.
      response.on('close', () => response.writableFinished || up.destroy());
      if (body) up.end(body);
      else request.pipe(up);
    });
  }

  async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = send(await this.answered(request, response), response);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** The head of the answer; its body is left to whoever asked. */
function send(answer: IncomingMessage, response: ServerResponse): IncomingMessage {
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  response.flushHeaders();
  return answer;
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(PAGE);
}

function instead(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  request.on('end', () => page(response, status));
}
