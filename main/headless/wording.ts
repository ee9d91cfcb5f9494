import { formatBytes } from '../../shared/bytes.ts';
import { count, remaining, truth, working } from '../../shared/desktop/truth.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import type { HeldDeletes, SyncSummary } from '../engine/api.ts';
import type { SyncProblem } from '../engine/model.ts';

/** `12 uploaded, 3 downloaded, 1 moved · 2.4 GB`: what was done, or undefined when it was nothing. */
export function done(summary: SyncSummary): string | undefined {
  const counts: readonly (readonly [number, string])[] = [
    [summary.uploaded, 'uploaded'],
    [summary.downloaded, 'downloaded'],
    [summary.moved, 'moved'],
    [summary.deleted, 'deleted'],
    [summary.conflicts, summary.conflicts === 1 ? 'conflict copy kept' : 'conflict copies kept'],
  ];
  const told = counts.filter(([value]) => value > 0).map(([value, what]) => `${count(value)} ${what}`);
  if (told.length === 0) return undefined;
  const bytes = summary.bytesSent + summary.bytesReceived;
  return bytes > 0 ? `${told.join(', ')} · ${formatBytes(bytes)}` : told.join(', ');
}

/** What was done between two summaries of one engine. */
export function since(now: SyncSummary, before: SyncSummary): SyncSummary {
  return {
    uploaded: now.uploaded - before.uploaded,
    downloaded: now.downloaded - before.downloaded,
    moved: now.moved - before.moved,
    deleted: now.deleted - before.deleted,
    conflicts: now.conflicts - before.conflicts,
    problems: now.problems,
    bytesSent: now.bytesSent - before.bytesSent,
    bytesReceived: now.bytesReceived - before.bytesReceived,
    seconds: now.seconds - before.seconds,
  };
}

/** `In sync: 12 uploaded · 2.4 GB in 14 s.` or why not. */
export function lastWord(summary: SyncSummary, view: SyncView): string {
  const work = done(summary);
  const took = work === undefined ? '' : ` ${work} in ${seconds(summary.seconds)}.`;
  if (view.held > 0) return `Not in sync yet: ${lowerFirst(truth(view, 0))}.${took}`;
  if (view.state !== 'idle') return `Stopped.${took}`;
  if (view.problems > 0) {
    return `In sync except for ${view.problems === 1 ? '1 file' : `${count(view.problems)} files`} listed above.${took}`;
  }
  return work === undefined ? 'In sync: nothing to do.' : `In sync:${took}`;
}

export const problemLine = (problem: SyncProblem): string => visible(`${problem.path}: ${problem.message}`);

/** File names are strangers' text: control characters in them must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
export const visible = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');

/** Names a few of the deletes that wait, and how to answer. */
export function heldLines(held: readonly HeldDeletes[], shown = 5): string[] {
  const lines = held.flatMap(({ direction, paths }) => {
    const where = direction === 'local' ? 'on this computer' : 'on the server';
    const what = paths.length === 1 ? '1 delete waits' : `${count(paths.length)} deletes wait`;
    const more = paths.length > shown ? [`  and ${count(paths.length - shown)} more`] : [];
    return [`${what} for your yes, ${where}:`, ...paths.slice(0, shown).map((path) => `  ${visible(path)}`), ...more];
  });
  return lines.length === 0 ? [] : [...lines, 'Say “driftless approve” to delete them, “driftless deny” to keep them.'];
}

/** A plain line for a state: the line of truth without numbers that change all the time. */
export function stateLine(view: SyncView, now: number): string {
  if (view.state === 'syncing')
    return view.pending === 1 ? 'Syncing 1 change' : `Syncing ${count(view.pending)} changes`;
  const line = truth(view, now);
  return view.message === null ? line : `${line} (${view.message})`;
}

/**
 * One line of progress: what, bar, share, bytes, speed, time left. On a narrow terminal the least telling go first, and
 * the bar takes the room that remains. `paint` colours the full and the empty part of the bar.
 */
export function progressLine(view: SyncView, columns: number, paint: (full: string, empty: string) => string): string {
  const what = view.state === 'syncing' ? working(view) : truth(view, 0);
  if (view.bytesTotal === 0) return fitted(what, columns);
  const share = Math.min(1, view.bytesDone / view.bytesTotal);
  const lead = what.padEnd(WHAT_WIDTH);
  const speed = view.bytesPerSecond === null ? '' : `${formatBytes(view.bytesPerSecond)}/s`;
  const details: readonly Detail[] = [
    { text: `${Math.floor(share * 100)} %`.padStart(5), rank: 2 },
    { text: `${formatBytes(view.bytesDone)} of ${formatBytes(view.bytesTotal)}`.padStart(BYTES_WIDTH), rank: 4 },
    { text: speed.padStart(SPEED_WIDTH), rank: 1 },
    { text: (remaining(view.secondsLeft) ?? '').padEnd(TIME_WIDTH), rank: 3 },
  ];
  for (let rank = 0; rank <= details.length; rank += 1) {
    const shown = details.filter((detail) => detail.rank > rank).map(({ text }) => text);
    const room = columns - [lead, '', ...shown].join('  ').length;
    if (room < BAR_MIN) continue;
    const length = Math.min(BAR_MAX, room);
    const full = Math.round(share * length);
    return [lead, paint('━'.repeat(full), '─'.repeat(length - full)), ...shown].join('  ').trimEnd();
  }
  return fitted(what, columns);
}

/** Of a detail with a lower rank less is lost when there is no room for it. */
interface Detail {
  readonly text: string;
  readonly rank: number;
}

const WHAT_WIDTH = 18;
const BYTES_WIDTH = 16;
const SPEED_WIDTH = 8;
const TIME_WIDTH = 12;
const BAR_MIN = 8;
const BAR_MAX = 36;

/** Cut by characters to that many columns, with a mark that it was. */
export function fitted(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns ? text : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}

function seconds(value: number): string {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  if (value < 120) return `${Math.round(value)} s`;
  return `${Math.round(value / 60)} min`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
