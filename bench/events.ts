import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { v7 as uuid } from 'uuid';
import { paths } from '../shared/api/paths.ts';

/**
 * How long it takes until every client on the event stream hears of one change, and what so many streams cost the
 * server. All clients are one user's devices, which is the dearest case: each of them is told of each change.
 */
const { values } = parseArgs({
  options: { clients: { type: 'string', default: '500' }, changes: { type: 'string', default: '20' } },
});
const clients = Number(values.clients);
const SERVER = join(import.meta.dirname, '../out/main/driftless-server.js');

async function listening(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const text of server.stdout ?? []) {
    said += text;
    const url = /^listening on (http:\S+)\n/.exec(said)?.[1];
    if (url) return url;
  }
  throw new Error('the server did not start');
}

/** MiB in memory. Linux. */
const memory = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

/** Calls back with the head of every event that arrives. */
function follow(url: string, token: string, agent: Agent, heard: (head: number) => void): Promise<IncomingMessage> {
  return new Promise((open, failed) => {
    get(`${url}${paths.events}`, { agent, headers: { authorization: `Bearer ${token}` } }, (stream) => {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const [, head] of text.matchAll(/"head":(\d+)/g)) heard(Number(head));
        open(stream);
      });
    }).once('error', failed);
  });
}

const data = mkdtempSync(join(tmpdir(), 'driftless-events-'));
const added = execFileSync(process.execPath, [SERVER, 'users', 'add', 'kim', '--data', data, '--json'], {
  encoding: 'utf8',
});
const { token } = JSON.parse(added) as { token: string };
const server = spawn(process.execPath, [SERVER, '--data', data, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await listening(server);
  const pid = server.pid ?? 0;
  const before = memory(pid);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const heads = new Int32Array(clients);
  let waitFor = Number.POSITIVE_INFINITY;
  let missing = 0;
  let allHeard = (): void => undefined;
  const hear = (client: number, head: number): void => {
    const known = heads[client] ?? 0;
    heads[client] = Math.max(known, head);
    if (known < waitFor && head >= waitFor) missing -= 1;
    if (missing === 0) allHeard();
  };
  const streams = await Promise.all(
    Array.from({ length: clients }, (_, client) => follow(url, token, agent, (head) => hear(client, head))),
  );
  const took: number[] = [];
  for (let change = 1; change <= Number(values.changes); change++) {
    waitFor = change;
    missing = clients;
    const all = new Promise<void>((done) => {
      allHeard = done;
    });
    const begun = performance.now();
    const operation = { type: 'createFolder', id: uuid(), parentId: null, name: `folder ${change}`, mtimeMs: 1 };
    const answer = await fetch(url + paths.operations, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operations: [operation] }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await all;
    took.push(performance.now() - begun);
  }
  took.sort((a, b) => a - b);
  const [median = 0, longest = 0] = [took[Math.floor(took.length / 2)], took.at(-1)];
  console.log(
    `${clients} clients: all heard of a change after ${median.toFixed(0)} ms (median), ${longest.toFixed(0)} ms (longest).`,
  );
  console.log(`Server memory: ${before.toFixed(0)} MiB alone, ${memory(pid).toFixed(0)} MiB with all streams open.`);
  for (const stream of streams) stream.destroy();
  agent.destroy();
} finally {
  server.kill();
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(data, { recursive: true, force: true });
}
