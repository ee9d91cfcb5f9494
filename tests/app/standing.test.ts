import { expect, test } from 'vitest';
import { Standing } from '../../main/app/standing.ts';
import { chosenSetup, nothingKnown } from '../../main/desk/nothingKnown.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import { calm, view } from './snapshot.ts';

function stand() {
  const told: (NumberedSnapshot | Delta)[] = [];
  const standing = new Standing(nothingKnown(calm().host, chosenSetup('~/Driftless')), (message) => told.push(message));
  return { standing, told };
}

const stopped = (sentence: string) => ({ sentence, givenUp: false });

test('what an engine says anew after a crash goes on in the same series of numbers', () => {
  const { standing, told } = stand();
  standing.heard({ n: 7, snapshot: calm() });
  standing.heard({ n: 8, slices: { sync: view('syncing') } });
  standing.heard({ n: 1, snapshot: calm() });
  expect(told.map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(standing.now.sync?.state).toBe('idle');
});

test('what the app knows of the engine is not taken back by what the engine says', () => {
  const { standing } = stand();
  standing.trouble({ server: stopped('The server stopped.') });
  standing.heard({ n: 1, snapshot: calm({ trouble: null }) });
  expect(standing.now.trouble).toBe('The server stopped.');
});

test('the trouble of the engine is told before that of the server, and the server’s when it is over', () => {
  const { standing, told } = stand();
  standing.trouble({ server: stopped('The server stopped.') });
  standing.trouble({ engine: stopped('The engine stopped.') });
  standing.trouble({ engine: null });
  expect(told.map((message) => ('slices' in message ? message.slices.trouble : undefined))).toEqual([
    'The server stopped.',
    'The engine stopped.',
    'The server stopped.',
  ]);
});

test('what is not tried again by itself is said to be stopped, the engine before the server', () => {
  const { standing } = stand();
  standing.trouble({ server: { sentence: 'The server keeps stopping.', givenUp: true } });
  expect(standing.now.stopped).toBe('server');
  standing.trouble({ engine: stopped('The engine stopped.') });
  expect(standing.now.stopped).toBeNull();
  standing.trouble({ engine: { sentence: 'The engine keeps stopping.', givenUp: true } });
  expect(standing.now).toMatchObject({ stopped: 'engine', trouble: 'The engine keeps stopping.' });
});

test('a window that opens late is told everything at once', () => {
  const { standing, told } = stand();
  standing.heard({ n: 4, snapshot: calm() });
  standing.resync();
  expect(told.at(-1)).toEqual({ n: 1, snapshot: { ...calm(), trouble: null } });
});
