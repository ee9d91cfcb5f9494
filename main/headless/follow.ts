import type { SyncView } from '../../shared/desktop/view.ts';
import type { SyncProblem } from '../engine/model.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

/** Feeds a report from a session until the returned function is called. Each problem is told once while it lasts. */
export function follow(session: Session, report: Report): () => void {
  const told = new Set<string>();
  let holding = false;

  const look = (view: SyncView): void => {
    report.status(view, session.engine.summary());
    if (view.problems > 0 || told.size > 0) tellNew(session.engine.problems(), view, told, report);
    if (view.held > 0 && !holding) report.held(session.engine.held());
    holding = view.held > 0;
  };
  const unsubscribe = session.onChange(look);
  return () => {
    look(session.view());
    unsubscribe();
  };
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
