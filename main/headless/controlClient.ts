import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { controlAddress, isLive } from './controlAddress.ts';
import { Fault } from './fault.ts';
import type { Places } from './places.ts';

/** Speaks to a running engine. Every call throws Fault when it does not answer. */
export interface ControlClient {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  post<T>(path: string, shape: z.ZodType<T>, body?: unknown): Promise<T>;
}

/** The engine with that state; without one named, the only one running, or the one of ~/Driftless. Throws Fault. */
export async function findEngine(state: string | undefined, places: Places): Promise<ControlClient> {
  if (state !== undefined) {
    const address = controlAddress(resolve(state));
    if (await isLive(address)) return clientAt(address);
    throw new Fault(`No Driftless is running with the state in ${resolve(state)}: start it, or check --state.`);
  }
  const own = controlAddress(join(places.states, 'default'));
  const running = await liveAmong(places.states);
  if (running.includes(own)) return clientAt(own);
  const [only, ...others] = running;
  if (only !== undefined && others.length === 0) return clientAt(only);
  if (only === undefined) {
    throw new Fault(
      'No Driftless is running here: start one with “driftless sync”, or name the state of yours with --state.',
    );
  }
  throw new Fault(
    `${running.length} Driftless are running: say which one with --state, one of those in ${places.states}.`,
  );
}

async function liveAmong(states: string): Promise<string[]> {
  let names: string[] = [];
  try {
    names = readdirSync(states);
  } catch {
    return [];
  }
  const addresses = names.map((name) => controlAddress(join(states, name)));
  const live = await Promise.all(addresses.map(isLive));
  return addresses.filter((_, index) => live[index]);
}

function clientAt(address: string): ControlClient {
  return {
    get: (path, shape) => call(address, 'GET', path, shape, undefined),
    post: (path, shape, body) => call(address, 'POST', path, shape, body),
  };
}

async function call<T>(address: string, method: string, path: string, shape: z.ZodType<T>, body: unknown): Promise<T> {
  const { status, json } = await exchange(address, method, path, body === undefined ? '' : JSON.stringify(body));
  if (status !== 200) throw new Fault(`The running Driftless refused ${path}: ${messageIn(json)}`);
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw new Fault('The running Driftless is of another version: restart it, then try again.');
  return parsed.data;
}

function exchange(
  socketPath: string,
  method: string,
  path: string,
  body: string,
): Promise<{ status: number; json: unknown }> {
  return new Promise((done, failed) => {
    const silent = (): void => failed(new Fault('The running Driftless does not answer: restart it, then try again.'));
    const headers = { 'content-length': Buffer.byteLength(body) };
    const sent = request({ socketPath, method, path, headers, timeout: 10_000 }, (response) => {
      text(response)
        .then((answer) => done({ status: response.statusCode ?? 0, json: JSON.parse(answer) }))
        .catch(silent);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', silent);
    sent.end(body);
  });
}

function messageIn(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  return typeof message === 'string' ? message : 'it did not say why.';
}
