import syncFs, { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { ClientRequest, ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import Sqlite from 'better-sqlite3';

/**
 * Preloaded into a program (`--import`): ends it, as a power cut would, at a named step of what it does to the world.
 * The program itself knows nothing of it.
 *
 * `KILL_AT` is a list in JSON of moments that must come one after the other; at the last the program ends. A moment is
 * `before` or `after` and a step: `link tmp→folder`, `sync staging`, `commit`, `ask POST …` of a client, `answer POST …`
 * of a server. `KILL_TRACE` names a file that gets every moment in a line of its own.
 */
const wanted = JSON.parse(process.env.KILL_AT ?? '[]') as string[];
const trace = process.env.KILL_TRACE;

function reach(moment: string): void {
  if (trace !== undefined) appendFileSync(trace, `${moment}\n`);
  if (wanted[0] !== moment) return;
  wanted.shift();
  if (wanted.length === 0) process.kill(process.pid, 'SIGKILL');
}

/** Where the programs write, the innermost place first. */
const PLACES = [
  ['tmp', /\/\.driftless\/tmp(\/|$)/],
  ['undo', /\/\.driftless\/undo(\/|$)/],
  ['staging', /\/staging(\/|$)/],
  ['journal', /\/journal(\/|$)/],
  ['users', /\/users(\/|$)/],
  ['state', /\/state(\/|$)/],
  ['folder', /\/folder(\/|$)/],
] as const;
const kindOf = (path: unknown): string => PLACES.find(([, place]) => place.test(String(path)))?.[0] ?? 'elsewhere';

async function around<T>(step: string, work: () => Promise<T>): Promise<T> {
  reach(`before ${step}`);
  const done = await work();
  reach(`after ${step}`);
  return done;
}

function aroundSync<T>(step: string, work: () => T): T {
  reach(`before ${step}`);
  const done = work();
  reach(`after ${step}`);
  return done;
}

const { link, rename, unlink, rmdir, mkdir, open } = fs;
fs.link = (from, to) => around(`link ${kindOf(from)}→${kindOf(to)}`, () => link(from, to));
fs.rename = (from, to) => around(`rename ${kindOf(from)}→${kindOf(to)}`, () => rename(from, to));
fs.unlink = (path) => around(`unlink ${kindOf(path)}`, () => unlink(path));
fs.rmdir = (path, options) => around(`rmdir ${kindOf(path)}`, () => rmdir(path, options));
fs.mkdir = ((path, options) => around(`mkdir ${kindOf(path)}`, () => mkdir(path, options))) as typeof mkdir;
fs.open = async (path, ...how) => {
  const file = await open(path, ...how);
  const [sync, datasync] = [file.sync.bind(file), file.datasync.bind(file)];
  file.sync = () => around(`sync ${kindOf(path)}`, sync);
  file.datasync = () => around(`sync ${kindOf(path)}`, datasync);
  return file;
};
const { renameSync } = syncFs;
syncFs.renameSync = (from, to) => aroundSync(`rename ${kindOf(from)}→${kindOf(to)}`, () => renameSync(from, to));
syncBuiltinESMExports();

const memory = new Sqlite(':memory:');
const statements: Sqlite.Statement = Object.getPrototypeOf(memory.prepare('select 1'));
memory.close();
const { run } = statements;
statements.run = function (this: Sqlite.Statement, ...given: unknown[]) {
  const work = () => run.apply(this, given);
  return /^commit$/i.test(this.source) ? aroundSync('commit', work) : work();
};

/** A request, without what differs from one to the next. */
const named = (method: string | undefined, url: string | undefined): string =>
  `${method} ${(url ?? '')
    .replace(/^\/api\/v1|\?.*$/g, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replace(/\d+$/, ':part')}`;

const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...head: unknown[]) {
  reach(`before answer ${named(this.req.method, this.req.url)}`);
  return Reflect.apply(writeHead, this, head);
};

const { emit, end } = ClientRequest.prototype;
ClientRequest.prototype.end = function (this: ClientRequest, ...last: unknown[]) {
  reach(`before ask ${named(this.method, this.path)}`);
  return Reflect.apply(end, this, last);
};
ClientRequest.prototype.emit = function (this: ClientRequest, event: string | symbol, ...given: unknown[]) {
  if (event === 'response') reach(`after ask ${named(this.method, this.path)}`);
  return emit.call(this, event, ...given);
};
