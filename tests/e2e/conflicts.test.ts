import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_FOLDER } from '../../shared/names.ts';
import { BASE, type ConflictCase, conflictCases, ORDERS } from './conflictCases.ts';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { differences, readTree, type Tree } from './harness/tree.ts';
import { Scene } from './harness.ts';
import { savingCases } from './savingCases.ts';

const cases: readonly ConflictCase[] = [...conflictCases, ...savingCases];

/** Files that stay as they are, so that the deletes of the cases remain a small part of the whole. */
const BYSTANDERS = 80;

const folderOf = (test: ConflictCase): string => `case ${cases.indexOf(test) + 1}`;

/** SHA-256 of every version of a file that anybody has written. */
const written = new Set<string>();
const noted = (text: string): void => void written.add(createHash('sha256').update(text).digest('hex'));
const deskOf = (device: Device, test: ConflictCase): Desk => new Desk(device.path(folderOf(test)), noted);

const hashesIn = (tree: Tree): readonly string[] =>
  [...tree.values()].flatMap((entry) => (entry.kind === 'file' ? [entry.sha256] : []));

/** A tree under the names that travel: each disk keeps the Unicode form in which a name was made there. */
const asItTravels = (tree: Tree): Tree => new Map([...tree].map(([path, entry]) => [path.normalize('NFC'), entry]));

type Act = 'before' | 'one' | 'two';

function act(device: Device, which: Act): void {
  for (const test of cases) {
    const desk = deskOf(device, test);
    if (which === 'before') desk.folder('');
    test[which]?.(desk);
  }
}

interface Meeting {
  readonly name: string;
  /** Orders in which the sides may have reached the server. */
  readonly orders: readonly (keyof typeof ORDERS)[];
  /** Both devices agree on `before`; lets both act and come together. */
  readonly meet: (one: Device, two: Device) => Promise<void>;
}

async function passes(...devices: readonly Device[]): Promise<void> {
  for (const device of devices) await device.mustSync();
}

const meetings: readonly Meeting[] = [
  {
    name: 'the first device syncs first',
    orders: ['one'],
    meet: async (one, two) => {
      act(one, 'one');
      act(two, 'two');
      await passes(one, two, one);
    },
  },
  {
    name: 'the second device syncs first',
    orders: ['two'],
    meet: async (one, two) => {
      act(one, 'one');
      act(two, 'two');
      await passes(two, one, two);
    },
  },
  {
    name: 'both devices watch and act at once',
    orders: ['one', 'two'],
    meet: async (one, two) => {
      await Promise.all([one.start(), two.start()]);
      await Promise.all([one.inSync(), two.inSync()]);
      act(one, 'one');
      act(two, 'two');
      for (const device of [one, two, one, two]) await device.inSync();
      await Promise.all([one.terminate(), two.terminate()]);
    },
  },
];

describe.each(meetings)('when $name', ({ orders, meet }) => {
  let scene: Scene;
  let one: Device;
  let two: Device;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    const bystanders = new Desk(one.path('bystanders'));
    for (let i = 0; i < BYSTANDERS; i += 1) bystanders.write(`${i}.txt`, `bystander ${i}`, BASE);
    act(one, 'before');
    await passes(one, two);
    await meet(one, two);
  });
  afterAll(() => scene?.close());

  it.each(cases)('$name', (test) => {
    const allowed = orders.flatMap((order) => (test.after ? [test.after(ORDERS[order])] : []));
    for (const device of [one, two]) {
      const desk = deskOf(device, test);
      if (allowed.length === 1) expect(desk.listing()).toEqual(allowed[0]);
      else if (allowed.length > 1) expect(allowed).toContainEqual(desk.listing());
      expect(test.also?.(desk) ?? true).toBe(true);
    }
  });

  it('both devices hold the same in the end', () => {
    expect(differences(asItTravels(one.tree()), asItTravels(two.tree()))).toEqual([]);
  });

  it('no version that anybody has written is lost: it is in the tree, kept by the server, or in undo', () => {
    const places = [one.folder, ...[one, two].map(({ folder }) => join(folder, OWN_FOLDER, 'undo'))];
    const found = new Set([...places.map(readTree), scene.server.storedFiles(scene.account)].flatMap(hashesIn));
    expect([...written].filter((sha256) => !found.has(sha256))).toEqual([]);
  });

  it('a third device that comes later holds the same', async () => {
    const third = scene.device('third');
    await third.mustSync();
    expect(differences(asItTravels(one.tree()), asItTravels(third.tree()))).toEqual([]);
  });

  it('nothing is left to do', async () => {
    for (const device of [one, two]) {
      expect(await device.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0 });
    }
  });
});
