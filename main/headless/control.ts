import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { HeldDeletes } from '../engine/api.ts';
import { addPattern } from './addPattern.ts';
import {
  ControlCloudOnlyWish,
  ControlIgnoreWish,
  ControlPause,
  type ControlProblems,
  type ControlStatus,
} from './controlContract.ts';
import type { Session } from './session.ts';

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Lets the person's other commands speak to a running engine: HTTP over a Unix socket that only its owner can open.
 * Whoever calls must know that no live engine listens there; a dead one's socket is removed.
 */
export async function serveControl(session: Session, address: string): Promise<ControlServer> {
  const onDisk = process.platform !== 'win32';
  const server = createServer((request, response) => {
    answer(session, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof z.ZodError || error instanceof SyntaxError) reply(response, 400, refusal('malformed'));
      else reply(response, 500, { code: 'internal', message: String(error) });
    });
  });
  server.requestTimeout = 10_000;
  if (onDisk) rmSync(address, { force: true });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(address, listening);
  });
  if (onDisk) chmodSync(address, 0o600);
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(session: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /status':
      return reply(response, 200, statusOf(session));
    case 'GET /problems':
      return reply(response, 200, problemsOf(session));
    case 'POST /sync-now':
      return reply(response, 200, { generation: session.engine.syncNow() });
    case 'POST /pause': {
      const body = await bodyOf(request);
      session.pause(ControlPause.parse(body === '' ? {} : JSON.parse(body)).forMs ?? null);
      return reply(response, 200, statusOf(session));
    }
    case 'POST /resume':
      session.resume();
      return reply(response, 200, statusOf(session));
    case 'POST /approve': {
      const deletes = countOf(session.engine.held());
      session.engine.approveDeletes();
      return reply(response, 200, { deletes });
    }
    case 'POST /deny': {
      const deletes = countOf(session.engine.held());
      session.engine.denyDeletes();
      return reply(response, 200, { deletes });
    }
    case 'POST /window':
      return reply(response, 200, { address: session.windowAddress?.() ?? null });
    case 'GET /cloud-only':
      return reply(response, 200, { folders: session.engine.cloudOnly(), refused: null });
    case 'POST /cloud-only': {
      const { path, on } = ControlCloudOnlyWish.parse(JSON.parse(await bodyOf(request)));
      const refused = session.engine.setCloudOnly(path, on);
      return reply(response, 200, { folders: session.engine.cloudOnly(), refused });
    }
    case 'POST /ignore': {
      const { pattern } = ControlIgnoreWish.parse(JSON.parse(await bodyOf(request)));
      const answer = await addPattern(session.folder, pattern);
      if (answer.added) session.engine.syncNow();
      return reply(response, 200, answer);
    }
    default:
      return reply(response, 404, refusal('not-found'));
  }
}

function statusOf(session: Session): ControlStatus {
  const { generation, syncedGeneration } = session.engine.status();
  return { ...session.view(), generation, syncedGeneration, folder: session.folder };
}

const problemsOf = (session: Session): ControlProblems => ({
  problems: [...session.engine.problems()],
  held: session.engine.held().map(({ direction, paths }) => ({ direction, paths: [...paths] })),
});

const countOf = (held: readonly HeldDeletes[]): number => held.reduce((sum, { paths }) => sum + paths.length, 0);

/** No command's body is longer than a line. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > 4096) throw new SyntaxError('too long');
  return text(request);
}

function refusal(code: 'malformed' | 'not-found'): { code: string; message: string } {
  const why = code === 'malformed' ? 'could not be read' : 'is not known';
  return { code, message: `The request ${why}: use the commands listed by “driftless --help”.` };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    // A kept connection that this end closes just as the other asks again looks like an engine that died.
    connection: 'close',
  });
  response.end(json);
}
