import { QUOTA_THRESHOLDS, type QuotaThreshold, quotaReached, quotaSentence } from '../../../shared/desktop/quota.ts';
import type { Snapshot } from '../../../shared/desktop/snapshot.ts';
import { count } from '../../../shared/desktop/truth.ts';
import type { ShowRequest } from '../../../shared/desktop/window.ts';

/** What is said outside the window. A click leads to `show`. */
export interface Notice {
  readonly cause:
    | 'quota'
    | 'held-deletes'
    | 'conflicts'
    | 'problems'
    | 'sign-in'
    | 'halted'
    | 'added'
    | 'background'
    | 'kept-openly';
  readonly body: string;
  readonly show: ShowRequest;
}

/** What has been said already, so that nothing is said twice. */
export interface Said {
  readonly quota: QuotaThreshold | null;
  readonly heldDeletes: number;
  readonly conflicts: number;
  readonly problems: number;
  readonly signIn: boolean;
  readonly halted: boolean;
  /** null: what there was at the start is no news. */
  readonly files: number | null;
}

export const NOTHING_SAID: Said = {
  quota: null,
  heldDeletes: 0,
  conflicts: 0,
  problems: 0,
  signIn: false,
  halted: false,
  files: null,
};

/**
 * What there is to say now, one notice for each cause whatever their number, and what has been said once it is. Numbers
 * that fall are taken note of in silence, so that the next rise is news again; a threshold of the quota is news again only
 * once the use has fallen below the lowest.
 */
export function newsIn(snapshot: Snapshot, said: Said): { readonly notices: readonly Notice[]; readonly said: Said } {
  const { problems, sync, account, storage, library, settings } = snapshot;
  const others = problems.count - problems.conflicts - (problems.heldDeletes > 0 ? 1 : 0);
  const quota = storage === null ? said.quota : quotaReached(storage);
  const now: Said = {
    quota: quota === null ? null : higher(quota, said.quota),
    heldDeletes: problems.heldDeletes,
    conflicts: problems.conflicts,
    problems: others,
    signIn: (account?.signInAgain ?? null) !== null,
    halted: sync?.state === 'halted',
    files: library.complete ? library.files : said.files,
  };
  if (settings.notifications === 'off') return { notices: [], said: now };
  const notices: (Notice | null)[] = [
    now.quota !== null && now.quota !== said.quota
      ? { cause: 'quota', body: quotaSentence(now.quota), show: { show: 'library' } }
      : null,
    now.halted && !said.halted && sync?.message
      ? { cause: 'halted', body: sync.message, show: { show: 'library' } }
      : null,
    now.signIn && !said.signIn && account?.signInAgain
      ? { cause: 'sign-in', body: account.signInAgain, show: { show: 'settings' } }
      : null,
    now.heldDeletes > said.heldDeletes
      ? { cause: 'held-deletes', body: heldSentence(now.heldDeletes), show: { show: 'problems' } }
      : null,
    now.conflicts > said.conflicts
      ? { cause: 'conflicts', body: conflictSentence(now.conflicts - said.conflicts), show: { show: 'problems' } }
      : null,
    now.problems > said.problems
      ? { cause: 'problems', body: problemSentence(now.problems), show: { show: 'problems' } }
      : null,
    settings.notifications === 'all' && said.files !== null && now.files !== null && now.files > said.files
      ? { cause: 'added', body: addedSentence(now.files - said.files), show: { show: 'library' } }
      : null,
  ];
  return { notices: notices.filter((notice) => notice !== null), said: now };
}

const higher = (reached: QuotaThreshold, before: QuotaThreshold | null): QuotaThreshold =>
  QUOTA_THRESHOLDS.findLast((each) => each === reached || each === before) ?? reached;

const heldSentence = (deletes: number): string =>
  `${deletes === 1 ? '1 delete waits' : `${count(deletes)} deletes wait`} for your yes. Open Problems to decide.`;

const conflictSentence = (files: number): string =>
  `${files === 1 ? '1 file was' : `${count(files)} files were`} changed in two places. Open Problems to choose.`;

const problemSentence = (files: number): string =>
  `${files === 1 ? '1 file needs' : `${count(files)} files need`} you. Open Problems to see why.`;

const addedSentence = (files: number): string =>
  `${files === 1 ? '1 file is' : `${count(files)} files are`} new in your library.`;
