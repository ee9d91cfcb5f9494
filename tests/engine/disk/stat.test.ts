import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diskStat } from '../../../main/engine/disk/stat.ts';
import { type DiskStat, sameObservation } from '../../../main/engine/model.ts';

const LONG_AGO = new Date(Date.UTC(2020, 0, 1));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-stat-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

function look(name: string): DiskStat {
  const stat = diskStat(statSync(path(name), { bigint: true }));
  if (!stat) throw new Error(`${name} is neither a file nor a folder`);
  return stat;
}

function write(name: string, text: string): void {
  writeFileSync(path(name), text);
  utimesSync(path(name), LONG_AGO, LONG_AGO);
}

it('tells a file that was written to from what it was, although its size is the same and its time was set back', () => {
  write('a', 'one');
  const before = look('a');
  write('a', 'two');
  expect(look('a')).toMatchObject({ size: before.size, mtimeNs: before.mtimeNs, ino: before.ino });
  expect(sameObservation(before, look('a'))).toBe(false);
});

it('does not take a file that was linked, as programs that keep backups do, for one that was written to', () => {
  write('a', 'one');
  const before = look('a');
  linkSync(path('a'), path('backup of a'));
  expect(sameObservation(before, look('a'))).toBe(true);
});

it('knows no change time of a folder, which changes with everything inside', () => {
  mkdirSync(path('f'));
  expect(look('f').changeNs).toBe(0n);
});
