import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LIMITS, type Limits } from '../../../server/media/child.ts';
import { media } from '../../../server/media/media.ts';
import { lookAgainWith } from '../../../server/media/queue.ts';
import { thumbnailsOf } from '../../../server/media/thumbnails.ts';
import { MiB } from '../../../shared/bytes.ts';
import { processTree } from '../../e2e/harness/processes.ts';
import { until } from '../../e2e/harness/wait.ts';
import { openDatabasesOf } from '../database.ts';
import { freshUser } from '../harness.ts';
import { bomb, corners, noFfmpeg, photo, sound, video } from './samples.ts';
import { lookAt, store } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
const PATIENCE_MS = 150_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** Files that a server has stored and not looked into, and something that does, with these limits. */
async function stored(files: Readonly<Record<string, Buffer>>, limits: Partial<Limits> = {}) {
  const { client, server } = await freshUser();
  for (const [name, bytes] of Object.entries(files)) await store(client, name, bytes);
  await server.close();
  const db = await openDatabasesOf(server.data);
  const ready = new Set<number>();
  const write = (line: string): void => {
    const said = JSON.parse(line);
    if (said.line === 'ready') ready.add(said.process);
  };
  const log = pino({ level: 'debug' }, { write });
  const thumbnails = thumbnailsOf(server.data, null);
  const options = { data: server.data, db, stores: { bucket: null }, thumbnails, log, watch: () => () => undefined };
  const begin = () => media({ ...options, room: async () => 1e9, limits: { ...LIMITS, ...limits } });
  let looking = begin();
  onTestFinished(async () => {
    await looking.stop();
    await db.close();
  });
  const found = () =>
    db.read.selectFrom('media').innerJoin('nodes', 'nodes.content_id', 'media.content_id').selectAll().execute();
  return {
    db,
    found,
    pid: () => looking.pid,
    /** The process that looks into files, once it has begun to; another than this one. */
    looker: (other?: number) =>
      until(
        'a process that looks',
        () => {
          const { pid } = looking;
          return pid !== undefined && pid !== other && ready.has(pid) && pid;
        },
        PATIENCE_MS,
      ),
    waiting: async () =>
      (await db.read.selectFrom('objects').select('id').where('media_state', '=', 'waiting').execute()).length,
    start: () => looking.start(),
    restart: async () => {
      await looking.stop();
      looking = begin();
      looking.start();
    },
    all: async () => {
      const whole = async () => {
        const now = await found();
        return now.length === Object.keys(files).length && now;
      };
      const rows = await until('all facts', whole, PATIENCE_MS);
      return new Map(rows.map((row) => [row.name, row]));
    },
    path: async (name: string) => {
      const { key } = await db.read
        .selectFrom('objects')
        .innerJoin('nodes', 'nodes.content_id', 'objects.content_id')
        .select('key')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return join(server.data, key);
    },
  };
}

/** Puts something in a file's place that nobody ever comes to the end of opening. Returns what undoes it. */
function neverOpens(path: string): () => void {
  renameSync(path, `${path}.aside`);
  execFileSync('mkfifo', [path]);
  return () => renameSync(`${path}.aside`, path);
}

const kill = (pid: number): true => process.kill(pid, 'SIGKILL');

describe.skipIf(process.platform !== 'linux')('the process that looks into files (on Linux)', () => {
  test('a file during which it was killed is looked into by the next one', async () => {
    const scene = await stored({ 'a.jpg': await photo(1) });
    const undo = neverOpens(await scene.path('a.jpg'));
    scene.start();
    const first = await scene.looker();
    undo();
    kill(first);
    expect((await scene.all()).get('a.jpg')).toMatchObject({ thumbnail: 512, reason: null });
    expect(scene.pid()).not.toBe(first);
  });

  test('a file that ended it twice gets a reason, and those beside it get their thumbnails', async () => {
    const scene = await stored({
      'bad.jpg': await photo(1),
      'a.jpg': await photo(1, 300, 100),
      'b.jpg': await photo(1, 310, 100),
    });
    neverOpens(await scene.path('bad.jpg'));
    scene.start();
    // Among the others, when nobody knows which file it was; then, once they are done, alone and twice.
    let last = await scene.looker();
    kill(last);
    for (let alone = 1; alone <= 2; alone += 1) {
      last = await scene.looker(last);
      await until('the others to be done', async () => (await scene.waiting()) === 1, PATIENCE_MS);
      kill(last);
    }
    const facts = await scene.all();
    expect(facts.get('bad.jpg')).toMatchObject({ thumbnail: 0, reason: 'The decoder fails on this file.' });
    expect([facts.get('a.jpg')?.thumbnail, facts.get('b.jpg')?.thumbnail]).toEqual([512, 512]);
  });

  test('it is ended when it takes too long', async () => {
    const scene = await stored({ 'slow.jpg': await photo(1) }, { silentMs: 1_500 });
    neverOpens(await scene.path('slow.jpg'));
    scene.start();
    expect((await scene.all()).get('slow.jpg')).toMatchObject({ reason: 'It takes too long to decode.' });
  });

  test('it is ended when it takes too much memory', async () => {
    // Its coefficients have to be held until the last of them has come.
    const progressive = await corners(6_500, 6_000).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer();
    const scene = await stored({ 'large.jpg': progressive, 'a.txt': Buffer.from('a') }, { memoryBytes: 180 * MiB });
    scene.start();
    const facts = await scene.all();
    expect(facts.get('large.jpg')).toMatchObject({
      mime: 'image/jpeg',
      thumbnail: 0,
      reason: 'It needs too much memory to decode.',
    });
    expect(facts.get('a.txt')).toMatchObject({ mime: 'text/plain' });
  });

  test('a run that was stopped in the middle goes on where it was, and blames no file for it', async () => {
    const scene = await stored({ 'a.jpg': await photo(1), 'b.txt': Buffer.from('b') });
    const undo = neverOpens(await scene.path('a.jpg'));
    scene.start();
    await scene.looker();
    undo();
    await scene.restart();
    expect((await scene.all()).get('a.jpg')).toMatchObject({ thumbnail: 512 });
    const { deaths } = await scene.db.read
      .selectFrom('objects')
      .select((eb) => eb.fn.sum<number>('media_attempts').as('deaths'))
      .executeTakeFirstOrThrow();
    expect(deaths).toBe(0);
  });

  test('it ends with its server, and is last in line for the processor', async () => {
    const scene = await stored({ 'a.jpg': await photo(1) });
    const undo = neverOpens(await scene.path('a.jpg'));
    scene.start();
    const pid = await scene.looker();
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The nineteenth field; two are before the bracket that the rest is counted from.
    expect(Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[16])).toBeGreaterThanOrEqual(10);
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('HOME=');
    await scene.restart();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    undo();
    await scene.all();
  });

  test('hostile and large files leave its memory bounded, and the server alive', async () => {
    const { client } = await freshUser();
    const processes = () => processTree(process.pid).filter((pid) => commandLine(pid).includes('media/worker/main.ts'));
    await lookAt(client, 'bomb.png', bomb(30_000));
    await lookAt(client, 'bomb small enough.png', bomb(12_000));
    await lookAt(client, 'panorama.jpg', await corners(12_000, 6_000).jpeg().toBuffer());
    await lookAt(
      client,
      'turned.png',
      await sharp(await corners(6_000, 4_000).png().toBuffer())
        .withMetadata({ orientation: 6 })
        .png()
        .toBuffer(),
    );
    if (!noFfmpeg) await lookAt(client, 'a.mp4', await video('3840x2160', 1));
    if (!noFfmpeg) await lookAt(client, 'a.wav', await sound('wav', 60));
    const [pid, ...others] = processes();
    expect(others).toEqual([]);
    const peak = Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
    console.log(`peak resident memory of the media process: ${Math.round(peak / MiB)} MiB`);
    expect(peak).toBeLessThan(300 * MiB);
    expect((await client.usage()).fileCount).toBeGreaterThan(3);
  });
});

test('what could not be shown for want of a program is looked into again once it is there', async () => {
  const scene = await stored({ 'a.txt': Buffer.from('a') });
  scene.start();
  await scene.all();
  await scene.db.write.updateTable('media').set({ missing_tool: 'poppler' }).execute();
  await lookAgainWith(scene.db.write, 'ffmpeg');
  expect(await scene.found()).toHaveLength(1);
  await lookAgainWith(scene.db.write, 'poppler');
  expect(await scene.found()).toEqual([]);
  await scene.restart();
  expect((await scene.all()).get('a.txt')).toMatchObject({ n: 2, missing_tool: null });
});

test('a stored file that is not there gets a reason', async () => {
  const scene = await stored({ 'a.jpg': await photo(1) });
  rmSync(await scene.path('a.jpg'));
  scene.start();
  expect((await scene.all()).get('a.jpg')).toMatchObject({ reason: 'The server could not read the stored file.' });
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
