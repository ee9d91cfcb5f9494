import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/** A tab of a browser that is really hidden behind another: Playwright keeps every page it drives visible. */
export interface Tab {
  evaluate<T>(expression: string): Promise<T>;
  /** A counter of the renderer, such as `LayoutCount`. */
  metric(name: string): Promise<number>;
  hide(): Promise<void>;
  show(): Promise<void>;
  close(): Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Send = <T>(method: string, params?: object, sessionId?: string) => Promise<T>;

export async function openTab(browser: string, address: string): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'driftless-tabs-'));
  const flags = ['--headless=new', '--no-sandbox', '--no-first-run', '--remote-debugging-port=0'];
  const child = spawn(browser, [...flags, `--user-data-dir=${profile}`, 'about:blank']);
  const ended = new Promise((done) => child.once('close', done));
  const socket = new WebSocket(await endpointIn(child.stderr));
  await new Promise((open) => socket.once('open', open));
  const send = sender(socket);

  const { targetId: other } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: address });
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  await send('Performance.enable', {}, sessionId);
  await send('Target.activateTarget', { targetId });
  return {
    async evaluate<T>(expression: string) {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result } = await send<{ result: { value: T } }>('Runtime.evaluate', params, sessionId);
      return result.value;
    },
    async metric(name) {
      const { metrics } = await send<{ metrics: { name: string; value: number }[] }>(
        'Performance.getMetrics',
        {},
        sessionId,
      );
      return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    },
    hide: () => send('Target.activateTarget', { targetId: other }),
    show: () => send('Target.activateTarget', { targetId }),
    async close() {
      socket.terminate();
      child.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function endpointIn(stderr: NodeJS.ReadableStream): Promise<string> {
  let said = '';
  return new Promise((found, failed) => {
    stderr.on('data', (text) => {
      said += text;
      const [endpoint] = /ws:\/\/\S+/.exec(said) ?? [];
      if (endpoint !== undefined) found(endpoint);
    });
    stderr.once('end', () => failed(new Error(`The browser ended: ${said}`)));
  });
}

function sender(socket: WebSocket): Send {
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  });
  return <T>(method: string, params: object = {}, sessionId?: string) =>
    new Promise<T>((done, failed) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) done(result as T);
        else failed(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
}
