import { appendFileSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import type { Device } from './harness/device.ts';
import { fractions, randomBytes } from './harness/random.ts';
import { differences, filesOf } from './harness/tree.ts';
import { pause } from './harness/wait.ts';
import { Scene } from './harness.ts';

const SEEDS = (process.env.DRIFTLESS_CHAOS_SEEDS ?? 'first').split(',');
const STEPS = Number(process.env.DRIFTLESS_CHAOS_STEPS ?? 160);
// A step may start a program, and a busy computer takes its time for that.
vi.setConfig({ testTimeout: 120_000 + STEPS * 1_000 });
/** Bytes: several parts of an upload, so that it can be interrupted. */
const LARGEST = 8 * MiB;
const FOLDERS = ['', 'a', 'b', 'a/c', 'b/d', 'b/d/e'] as const;

/**
 * Two devices make, extend, move and delete files all at once while clients and the server are killed and the network
 * breaks. Every line that was ever written must be somewhere in the end, but for those in a file at the moment when
 * somebody deleted it; and both devices must hold the same.
 */
it.each(SEEDS)('whatever happens in between, every line survives and both devices agree (seed %s)', async (seed) => {
  await using scene = await Scene.open();
  const devices = [scene.device('one'), scene.device('two')] as const;
  const fraction = fractions(`chaos ${seed}`);
  const choose = <T>(things: readonly T[]): T | undefined => things[Math.floor(fraction() * things.length)];
  const lines: string[] = [];
  const deleted = new Set<string>();

  const steps: Readonly<Record<string, (device: Device) => unknown>> = {
    make: (device) => {
      const path = `${choose(FOLDERS)}/file ${lines.length}.txt`;
      mkdirSync(dirname(device.path(path)), { recursive: true });
      addLine(device, path);
    },
    makeSameName: (device) => {
      const path = `${choose(FOLDERS)}/common ${Math.floor(fraction() * 4)}.txt`;
      mkdirSync(dirname(device.path(path)), { recursive: true });
      addLine(device, path);
    },
    makeLarge: (device) => {
      const path = `${choose(FOLDERS)}/large ${lines.length}.bin`;
      mkdirSync(dirname(device.path(path)), { recursive: true });
      addLine(device, path, Math.floor(LARGEST * fraction()));
    },
    // Moved out first, so that what is deleted is exactly what is looked at.
    deleteFile: (device) => {
      const path = choose(filesOf(device.tree()));
      const away = join(scene.directory, `deleted ${lines.length} ${fraction()}`);
      if (path === undefined) return;
      renameSync(device.path(path), away);
      for (const line of linesOf(away)) deleted.add(line);
    },
    extend: (device) => {
      const path = choose(filesOf(device.tree()));
      if (path !== undefined) addLine(device, path);
    },
    moveFile: (device) => {
      const path = choose(filesOf(device.tree()));
      if (path !== undefined)
        move(device, path, `${choose(FOLDERS)}/moved ${lines.length} ${Math.floor(fraction() * 1e6)}.txt`);
    },
    moveFolder: (device) => {
      const from = choose(FOLDERS.filter((folder) => folder !== ''));
      if (from !== undefined)
        move(device, from, `${choose(FOLDERS)}/was ${from.replaceAll('/', ' ')} ${Math.floor(fraction() * 1e6)}`);
    },
    wait: () => pause(fraction() * 600),
    killClient: async (device) => {
      await device.kill();
      await device.start('--allow-deletes');
    },
    killServer: async () => {
      await scene.server.kill();
      await scene.server.start();
    },
    breakNetwork: async () => {
      scene.relay.cut();
      await pause(fraction() * 800);
      scene.relay.restore();
    },
  };
  /** How often each happens, in relation to the others. */
  const weights: Readonly<Record<string, number>> = {
    make: 8,
    makeLarge: 2,
    deleteFile: 3,
    makeSameName: 5,
    extend: 10,
    moveFile: 7,
    moveFolder: 3,
    wait: 6,
    killClient: 1.5,
    killServer: 0.7,
    breakNetwork: 1,
  };
  const deck = Object.entries(weights).flatMap(([name, weight]) => Array.from({ length: weight * 10 }, () => name));

  await Promise.all(devices.map((device) => device.start('--allow-deletes')));
  for (let step = 0; step < STEPS; step += 1) {
    const [name, device] = [choose(deck), choose(devices)];
    if (name === undefined || device === undefined) continue;
    try {
      await steps[name]?.(device);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  for (const device of [...devices, ...devices, ...devices]) await device.inSync();

  const [one, two] = devices;
  expect(differences(one.tree(), two.tree())).toEqual([]);
  const found = new Set(filesOf(one.tree()).flatMap((path) => linesOf(one.path(path))));
  expect(lines.filter((line) => !found.has(line) && !deleted.has(line))).toEqual([]);
  expect(found.size).toBeGreaterThan(STEPS / 8);

  /** A line counts from when it has been written. */
  function addLine(device: Device, path: string, padding = 0): void {
    const line = `line ${lines.length}`;
    appendFileSync(device.path(path), `${line}\n${randomBytes(line, padding).toString('base64')}\n`);
    lines.push(line);
  }

  function linesOf(path: string): readonly string[] {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('line '));
  }

  function move(device: Device, from: string, to: string): void {
    mkdirSync(dirname(device.path(to)), { recursive: true });
    renameSync(device.path(from), device.path(to));
  }
});

/** The engine has moved it away between the look and the act, or a folder was to go into itself. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'EINVAL', 'ENOTDIR', 'EEXIST'].includes(String(error.code));
