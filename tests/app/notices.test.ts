import { expect, test } from 'vitest';
import { notifier } from '../../main/app/notices/notifier.ts';
import { DEFAULT_SETTINGS } from '../../shared/desktop/settings.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { calm, storage, view } from './snapshot.ts';

/** A notifier whose time a test moves on. */
function scene(windowInFront = false) {
  const shown: string[] = [];
  let due: (() => void) | null = null;
  const notices = notifier({
    show: ({ body }) => shown.push(body),
    after: (_ms, run) => {
      due = run;
      return () => {
        due = null;
      };
    },
    windowInFront: () => windowInFront,
  });
  return {
    hear: (...snapshots: Partial<Snapshot>[]) => {
      for (const more of snapshots) notices.hear(calm(more));
    },
    /** Lets the gathering end; returns what was shown since. */
    shown: () => {
      const run = due;
      due = null;
      run?.();
      return shown.splice(0);
    },
    waits: () => due !== null,
  };
}

const problems = (count: number, conflicts = 0, heldDeletes = 0): Partial<Snapshot> => ({
  problems: { revision: 1, count, conflicts, heldDeletes },
});
const files = (count: number): Partial<Snapshot> => ({ library: { ...calm().library, files: count } });

test('each threshold of the quota is told once on the way up', () => {
  const { hear, shown } = scene();
  const seen = [700, 800, 850, 960, 940, 1_000, 990].map((used) => {
    hear({ storage: storage(used) });
    return shown().map((body) => body.split(/[ ,]/)[3]);
  });
  expect(seen).toEqual([[], ['80'], [], ['almost'], [], ['full'], []]);
});

test('a threshold is news again once the use has fallen below the lowest', () => {
  const { hear, shown } = scene();
  hear({ storage: storage(960) });
  expect(shown()).toHaveLength(1);
  hear({ storage: storage(100) }, { storage: storage(960) });
  expect(shown()).toEqual([expect.stringContaining('almost full')]);
});

test('an unlimited plan is never full', () => {
  const { hear, shown } = scene();
  hear({ storage: storage(10 ** 12, null) });
  expect(shown()).toEqual([]);
});

test('twenty conflicts and a hundred new files in a burst are two notices', () => {
  const { hear, shown } = scene();
  hear(files(0));
  for (let n = 1; n <= 20; n++) hear({ ...problems(n, n), ...files(5 * n) });
  expect(shown()).toEqual([
    '20 files were changed in two places. Open Problems to choose.',
    '100 files are new in your library.',
  ]);
});

test('what was there at the start is no news', () => {
  const { hear, waits } = scene();
  hear(files(5_000), files(5_000));
  expect(waits()).toBe(false);
});

test('a problem that was solved and comes back is told again', () => {
  const { hear, shown } = scene();
  hear(problems(1));
  expect(shown()).toHaveLength(1);
  hear(problems(0), problems(1));
  expect(shown()).toEqual(['1 file needs you. Open Problems to see why.']);
});

test('deletes that wait and a halt each say their next step', () => {
  const { hear, shown } = scene();
  hear({ ...problems(1, 0, 120), sync: view('halted', { message: 'The folder is gone. Put it back.' }) });
  expect(shown()).toEqual([
    'The folder is gone. Put it back.',
    '120 deletes wait for your yes. Open Problems to decide.',
  ]);
});

test('off is off, and what happened meanwhile is not told later', () => {
  const { hear, shown, waits } = scene();
  const off = { settings: { ...DEFAULT_SETTINGS, notifications: 'off' as const } };
  hear({ ...problems(3), storage: storage(1_000), ...off });
  expect(waits()).toBe(false);
  hear({ ...problems(3), storage: storage(1_000) });
  expect(shown()).toEqual([]);
});

test('only problems: new files are not told', () => {
  const { hear, shown } = scene();
  const settings = { ...DEFAULT_SETTINGS, notifications: 'problems' as const };
  hear({ ...files(1), settings }, { ...files(9), ...problems(1), settings });
  expect(shown()).toEqual(['1 file needs you. Open Problems to see why.']);
});

test('nothing is said over the window that a person looks at', () => {
  const { hear, shown } = scene(true);
  hear(problems(1));
  expect(shown()).toEqual([]);
});
