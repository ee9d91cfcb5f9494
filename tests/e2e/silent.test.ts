import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from './harness/device.ts';
import { run } from './harness/program.ts';
import { until, within } from './harness/wait.ts';
import { Scene } from './harness.ts';

/** Below the 10 s after which signing in gives up by itself. */
const PROMPT_MS = 8_000;
/** Far below the minute for which a transfer may be silent. */
const GIVES_UP_MS = 30_000;

describe('a server that accepts connections and says nothing', () => {
  let scene: Scene;
  let known: Device;
  let silent: SilentServer;

  beforeAll(async () => {
    scene = await Scene.open();
    silent = await SilentServer.open();
    known = scene.device('known');
    writeFileSync(known.path('first.txt'), 'first');
    await known.mustSync();
    scene.relay.target = silent.port;
  });
  afterAll(async () => {
    await scene?.close();
    silent?.close();
  });

  it('does not keep a starting client from answering, nor from ending when asked', async () => {
    silent.heard = 0;
    known.launch();
    const { state } = await until('the control socket to answer', () => known.control.status(), GIVES_UP_MS);
    expect(['scanning', 'offline']).toContain(state);
    const told = await run('driftless', ['status', '--state', known.state], {}, GIVES_UP_MS);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    await until('the client to ask the server', () => silent.heard > 0);
    known.program.signal('SIGTERM');
    expect(await known.program.end(PROMPT_MS)).toMatchObject({ code: 0, stderr: '' });
  });

  it('counts as out of reach after some seconds, and is found again by itself', async () => {
    await known.start();
    await known.waitFor('offline', GIVES_UP_MS);
    writeFileSync(known.path('second.txt'), 'second');
    scene.relay.target = scene.server.port;
    await known.waitFor('idle', 60_000);
    await known.inSync();
    scene.relay.target = silent.port;
    silent.heard = 0;
    await known.terminate();
  });

  it('ends a pass, and a first start, with a sentence and exit code 1', async () => {
    const fresh = scene.device('fresh');
    const [first, pass] = await within(
      'both to give up',
      Promise.all([fresh.launch().end(GIVES_UP_MS), known.once()]),
      2 * GIVES_UP_MS,
    );
    expect(first.code).toBe(1);
    expect(first.stderr).toBe(
      `The server at ${scene.relay.url} cannot be reached: check the address and that it is running.\n`,
    );
    expect(pass.code).toBe(1);
    expect(pass.stderr).toMatch(/^The server cannot be reached.*\n$/);
  });
});

/** Takes every connection and what is sent over it, and never answers. */
class SilentServer {
  /** Connections that have sent something. */
  heard = 0;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#listener = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('data', () => {
        this.heard += 1;
      });
      socket.on('data', () => undefined);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async open(): Promise<SilentServer> {
    const server = new SilentServer();
    await new Promise<void>((listening) => server.#listener.listen(0, '127.0.0.1', listening));
    return server;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#listener.close();
  }
}
