import { styleText } from 'node:util';
import { SingleBar } from 'cli-progress';
import { clockTime, type Tone, toneOf, truth } from '../../shared/desktop/truth.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import type { SyncSummary } from '../engine/api.ts';
import type { Out, Report } from './report.ts';
import { done, fitted, heldLines, lastWord, problemLine, progressLine, since } from './wording.ts';

/**
 * For a person at a terminal: one live line at the bottom, which is a progress bar while work is under way and stands
 * still otherwise, so that nothing is drawn for nothing. What was done and what went wrong stays above it.
 */
export function liveReport(stream: NodeJS.WriteStream, now: () => number = Date.now): Report {
  const paint = paintFor(stream);
  const line = liveLine(stream, paint);
  let before: SyncSummary | undefined;
  let wasAtRest = true;
  // However the process ends, the terminal gets its cursor back.
  process.once('exit', () => line.clear());

  return {
    status(view, summary) {
      before ??= summary;
      const atRest = view.state === 'idle' || view.state === 'waiting';
      if (atRest && !wasAtRest) {
        const work = done(since(summary, before));
        if (work !== undefined) line.above(`${paint.quiet(clockTime(now(), now()))}  ${work}`);
        before = summary;
      }
      wasAtRest = atRest;
      line.show(view, now());
    },
    problem: (problem) => line.above(`${paint.tone('attention', '!')} ${problemLine(problem)}`),
    held: (held) => line.above(heldLines(held).join('\n')),
    note: (sentence) => line.above(paint.quiet(sentence)),
    end(summary, view) {
      line.clear();
      stream.write(`${lastWord(summary, view)}\n`);
    },
  };
}

interface LiveLine {
  show(view: SyncView, now: number): void;
  above(text: string): void;
  clear(): void;
}

function liveLine(stream: NodeJS.WriteStream, paint: Paint): LiveLine {
  let bar: SingleBar | null = null;
  let still = '';

  const wipe = (): void => {
    bar?.stop();
    bar = null;
    if (still !== '') stream.write('\r\x1b[K');
    still = '';
  };
  const stand = (text: string): void => {
    if (text === still) return;
    wipe();
    stream.write(text);
    still = text;
  };
  const progress = (view: SyncView): void => {
    if (bar === null) {
      wipe();
      bar = startBar(stream, paint, view);
    }
    bar.update(view.bytesDone, { view });
  };
  let redraw = (): void => {};

  return {
    show(view, now) {
      redraw = () => {
        const line = `${MARKS[toneOf(view)]} ${truth(view, now)}${view.message === null ? '' : `  ${view.message}`}`;
        const text = fitted(line, columnsOf(stream));
        if (view.state === 'syncing') progress(view);
        else stand(paint.tone(toneOf(view), text.slice(0, 1)) + text.slice(1));
      };
      redraw();
    },
    above(text) {
      wipe();
      stream.write(`${text}\n`);
      redraw();
    },
    clear() {
      wipe();
      redraw = () => {};
    },
  };
}

function startBar(stream: NodeJS.WriteStream, paint: Paint, view: SyncView): SingleBar {
  const bar = new SingleBar({
    stream,
    fps: 10,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    format: (_options, _params, payload: { readonly view: SyncView }) => {
      const { view } = payload;
      const line = progressLine(
        view,
        columnsOf(stream) - 2,
        (full, rest) => paint.tone('busy', full) + paint.faint(rest),
      );
      return `${paint.tone('busy', ARROWS[view.direction])} ${line}`;
    },
  });
  bar.start(1, 0, { view });
  return bar;
}

const MARKS: Record<Tone, string> = { ok: '✓', busy: '·', paused: '‖', attention: '!', offline: '○' };
const ARROWS = { up: '↑', down: '↓', both: '↕' } as const;

const columnsOf = (stream: Out): number => Math.max(20, (stream.columns ?? 80) - 1);

interface Paint {
  tone(tone: Tone, text: string): string;
  quiet(text: string): string;
  faint(text: string): string;
}

/** Colour only where the terminal has it and nobody said NO_COLOR. */
function paintFor(stream: NodeJS.WriteStream): Paint {
  const colours = { ok: 'green', busy: 'cyan', paused: 'gray', attention: 'yellow', offline: 'gray' } as const;
  return {
    tone: (tone, text) => styleText(colours[tone], text, { stream }),
    quiet: (text) => styleText('gray', text, { stream }),
    faint: (text) => styleText('dim', text, { stream }),
  };
}
