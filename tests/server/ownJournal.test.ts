import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownJournal } from '../../server/content/ownJournal.ts';
import { temporaryFolder } from './harness.ts';

async function copyOn(data: string) {
  const own = await ownJournal(data, true);
  onTestFinished(own.release);
  return own;
}

test('copies that share a folder have journals of their own, and none completes what another is about to', async () => {
  const data = await temporaryFolder();
  const first = await copyOn(data);
  const second = await copyOn(data);
  expect([first.folder, second.folder]).toEqual([join(data, 'journal'), join(data, 'journal-1')]);
  expect(second.left).toEqual([second.folder]);
});

test('what a copy has left that is no more is completed by the next, whose number others may have afterwards', async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, 'journal-1'));
  const first = await copyOn(data);
  expect(first.left).toEqual([join(data, 'journal'), join(data, 'journal-1')]);
  expect((await copyOn(data)).folder).toBe(join(data, 'journal-2'));
  first.completed();
  expect((await copyOn(data)).folder).toBe(join(data, 'journal-1'));
});
