import { expect, it } from 'vitest';
import type { EngineStatus } from '../../main/engine/api.ts';
import { Generations } from '../../main/engine/generations.ts';

const status: EngineStatus = {
  state: 'idle',
  pending: 0,
  generation: 1,
  syncedGeneration: 1,
  bytesDone: 0,
  bytesTotal: 0,
  problems: 0,
  message: null,
};

it('answers who waits also when the first answer could not be found out', async () => {
  const generations = new Generations();
  const answer = generations.wait(generations.next());
  const unreadable = new Error('disk I/O error');
  const answerAll = (how: () => EngineStatus): void => generations.answer(how, true);
  expect(() =>
    answerAll(() => {
      throw unreadable;
    }),
  ).toThrow(unreadable);
  answerAll(() => status);
  await expect(answer).resolves.toBe(status);
});
