import { expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import { Scene } from './harness.ts';

const WRITTEN = Date.UTC(2026, 9, 1, 8);
const DAY_MS = 86_400_000;
const TEXTS = ['second', 'the third', 'the very fourth'] as const;

it.each([
  ['atomic-save editors, which write aside and rename over', 'save'],
  ['backup-rename editors, which rename the old one away and write anew', 'saveWithBackup'],
] as const)('%s, keep id and history of what they edit', async (_, way) => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  const desk = new Desk(one.folder);
  const report = async () => (await scene.liveNodes()).find(({ name }) => name === 'report.txt');
  desk.write('report.txt', 'first', WRITTEN);
  await one.mustSync();
  const before = await report();
  for (const [day, text] of TEXTS.entries()) {
    desk[way]('report.txt', text, WRITTEN + (day + 1) * DAY_MS);
    await one.mustSync();
  }
  const after = await report();
  if (!after) throw new Error('the report is gone');
  expect(after.id).toBe(before?.id);
  const sizes = (await scene.versions(after.id)).map(({ size }) => size);
  expect(sizes.sort((a, b) => a - b)).toEqual(['first', ...TEXTS].map(({ length }) => length).sort((a, b) => a - b));
});
