import type { Out, Report } from './report.ts';
import { heldLines, lastWord, problemLine, stateLine } from './wording.ts';

/** A plain line per change of state, for logs and pipes. */
export function plainReport(out: Out, now: () => number = Date.now): Report {
  let lastState = '';
  const line = (text: string): void => void out.write(`${text}\n`);
  return {
    status(view) {
      const state = `${view.state} ${view.message ?? ''}`;
      if (state !== lastState) line(stateLine(view, now()));
      lastState = state;
    },
    problem: (problem) => line(problemLine(problem)),
    held: (held) => line(heldLines(held).join('\n')),
    note: line,
    end: (summary, view) => line(lastWord(summary, view)),
  };
}
