import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { liveReport } from '../../main/headless/liveReport.ts';
import type { Report } from '../../main/headless/report.ts';
import { engineDouble } from './engineDouble.ts';
import { viewWith } from './view.ts';

const nothing = engineDouble().summary();
const working = viewWith({ state: 'syncing', direction: 'up', itemsTotal: 12, bytesDone: 1, bytesTotal: 10 });

function terminal(): { report: Report; written: () => string; forget: () => void } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const { getColorDepth } = WriteStream.prototype;
  Object.assign(stream, { isTTY: true, columns: 80, getColorDepth });
  const report = liveReport(stream as unknown as NodeJS.WriteStream, () => new Date(2026, 10, 20, 14, 2).getTime());
  return {
    report,
    written: () => text,
    forget: () => {
      text = '';
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', undefined);
  const listeners = process.listeners('exit');
  onTestFinished(() => {
    for (const listener of process.listeners('exit')) if (!listeners.includes(listener)) process.off('exit', listener);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('at a terminal', () => {
  test('work is a bar, rest is the line of truth, and what was done stays above it', () => {
    const { report, written } = terminal();
    report.status(working, nothing);
    report.status(viewWith({}), { ...nothing, uploaded: 12, bytesSent: 10 });
    const shown = stripVTControlCharacters(written());
    expect(shown).toContain('↑ Uploading 1 of 12');
    expect(shown).toContain('━');
    expect(shown).toContain('14:02  12 uploaded · 10 B\n');
    expect(shown.trimEnd().endsWith('✓ All synced')).toBe(true);
  });
  test.each([viewWith({}), viewWith({ state: 'offline' }), viewWith({ state: 'paused' })])(
    'nothing is drawn while it is $state',
    (view) => {
      const { report, written, forget } = terminal();
      report.status(working, nothing);
      report.status(view, nothing);
      forget();
      vi.advanceTimersByTime(60_000);
      expect(written()).toBe('');
      expect(vi.getTimerCount()).toBe(0);
    },
  );
  test('the cursor is given back', () => {
    const { report, written } = terminal();
    report.status(working, nothing);
    expect(written()).toContain('\u001b[?25l');
    report.end(nothing, viewWith({}));
    expect(written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(written().lastIndexOf('\u001b[?25l'));
    expect(vi.getTimerCount()).toBe(0);
  });
  test('NO_COLOR leaves the bar readable without colour', () => {
    vi.stubEnv('NO_COLOR', '1');
    const { report, written } = terminal();
    report.status({ ...working, bytesDone: 5 }, nothing);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(written()).not.toMatch(/\u001b\[[0-9;]*m/);
    expect(written()).toMatch(/━+─+/);
  });
});
