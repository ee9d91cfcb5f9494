import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Facing } from '../../desk/front.ts';

/** The longest question names a hundred thousand nodes. */
const LONGEST_QUESTION = 8 * 1024 * 1024;
/** A page that reads no faster misses deltas, sees the gap, and asks for a snapshot when it can. */
const LONGEST_QUEUE = 4 * 1024 * 1024;

export interface Sockets {
  /** Of a request that has been let in already. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** From now on there is somebody to speak to: pages that were here before wait for it. */
  opened(desk: Facing): void;
  close(): void;
}

/** Speaks to pages: what they ask goes to the desk, what changes there comes back. */
export function createSockets(): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_QUESTION });
  const early = new Set<WebSocket>();
  let desk: Facing | null = null;
  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (page) => {
        // Its end is all that an error of a connection amounts to.
        page.on('error', () => page.terminate());
        if (desk !== null) return speak(page, desk);
        page.pause();
        early.add(page);
        page.on('close', () => early.delete(page));
      });
    },
    opened(now) {
      desk = now;
      for (const page of early) {
        speak(page, now);
        page.resume();
      }
      early.clear();
    },
    close() {
      for (const page of server.clients) page.terminate();
      server.close();
    },
  };
}

function speak(page: WebSocket, desk: Facing): void {
  const send = (message: unknown): void => {
    if (page.readyState === page.OPEN) page.send(JSON.stringify(message));
  };
  // First, so that deltas go on from it.
  send(desk.snapshot());
  const stop = desk.follow((delta) => {
    if (page.bufferedAmount < LONGEST_QUEUE) send(delta);
  });
  page.on('close', stop);
  page.on('message', (data) => {
    const message = parsed(String(data));
    if (message === null) page.close(1008);
    else if ('resync' in message) send(desk.snapshot());
    else void desk.ask(message.ask, message.input).then((outcome) => send({ id: message.id, outcome }));
  });
}

interface Question {
  readonly id?: unknown;
  readonly ask?: unknown;
  readonly input?: unknown;
}

/** What it asks for is the desk's to parse; here it need only be an object. */
function parsed(text: string): Question | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : null;
  } catch {
    return null;
  }
}
