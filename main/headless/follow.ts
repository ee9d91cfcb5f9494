import type { SyncView } from '../../shared/desktop/view.ts';
import type { SyncProblem } from '../engine/model.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

export interface Following {
  /** Tells how things stand now, once more. Only a session that has started has something to say. */
  tell(): void;
  stop(): void;
}

/** Feeds a report from a session after every change. Each problem is told once while it lasts. */
export function follow(session: Session, report: Report): Following {
  const told = new Set<string>();
  let holding = false;
  let seen = '';

  const look = (view: SyncView): void => {
    report.status(view, session.engine.summary());
    const print = `${session.engine.problemsRevision} ${view.state}`;
    if (print !== seen && (view.problems > 0 || told.size > 0)) {
      tellNew(session.engine.problems(), view, told, report);
    }
    seen = print;
    if (view.held > 0 && !holding) report.held(session.engine.held());
    holding = view.held > 0;
  };
  return { tell: () => look(session.view()), stop: session.onChange(look) };
}

function tellNew(problems: readonly SyncProblem[], view: SyncView, told: Set<string>, report: Report): void {
  const keyOf = ({ path, code }: SyncProblem): string => `${code}\0${path}`;
  for (const problem of problems) {
    const key = keyOf(problem);
    if (told.has(key)) continue;
    told.add(key);
    report.problem(problem);
  }
  // A retry takes a problem off the list for a moment; only at rest does its absence mean that it is solved.
  if (view.state !== 'idle' || told.size === problems.length) return;
  const listed = new Set(problems.map(keyOf));
  for (const key of told) if (!listed.has(key)) told.delete(key);
}
