import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openState } from '../../../main/engine/store/database.ts';
import { type Seal, sealedWith, unsealed } from '../../../main/engine/store/seal.ts';
import { State } from '../../../main/engine/store/state.ts';

const SECRET = 'dvc_very-secret';

function stateIn(folder: string, seal?: Seal): State {
  return new State({ ...openState(folder), ...(seal && { seal }) });
}

const stateFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-seal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const written = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');

test('a sealed secret cannot be read from the files of the state, and comes back from it', () => {
  const folder = stateFolder();
  const seal = sealedWith(randomBytes(32));
  const first = stateIn(folder, seal);
  first.settings.set({ deviceSecret: SECRET, deviceId: 'not secret' });
  first.close();
  expect(written(folder)).not.toContain(SECRET);
  expect(written(folder)).toContain('not secret');
  const again = stateIn(folder, seal);
  expect(again.settings.get('deviceSecret')).toBe(SECRET);
  again.close();
});

test('a secret that was kept openly is sealed when there is a key for it', () => {
  const folder = stateFolder();
  const before = stateIn(folder);
  before.settings.set({ deviceSecret: SECRET });
  before.close();
  const now = stateIn(folder, sealedWith(randomBytes(32)));
  const kept = now.database.prepare("SELECT value FROM settings WHERE key = 'deviceSecret'").pluck().get();
  expect(kept).toMatch(/^sealed:/);
  expect(now.settings.get('deviceSecret')).toBe(SECRET);
  now.close();
});

test.each<[string, Seal]>([
  ['another key', sealedWith(randomBytes(32))],
  ['no key', unsealed],
])('with %s a sealed secret is none', (_what, seal) => {
  expect(seal.open(sealedWith(randomBytes(32)).seal(SECRET))).toBeNull();
});

test('a secret that was tampered with is none', () => {
  const seal = sealedWith(randomBytes(32));
  const kept = seal.seal(SECRET);
  const last = kept.at(-1) === 'A' ? 'B' : 'A';
  expect(seal.open(kept.slice(0, -1).concat(last))).toBeNull();
});
