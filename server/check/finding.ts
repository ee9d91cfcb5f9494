import type { UserId } from '../../shared/ids.ts';

/** What can be wrong, and how it is said; `subject` is a node's id, an object's key or a counter's name. */
export const FINDINGS = {
  database: 'the database itself is damaged',
  'wrong-counter': 'a counter is not the sum of what it counts',
  'wrong-refs': 'an object is not shown as often as it says',
  'dangling-parent': 'the folder it lies in does not exist',
  'parent-is-file': 'it lies in something that is not a folder',
  cycle: 'it lies, by way of its folders, in itself',
  'live-in-trash': 'it lives in a folder that does not',
  'no-content': 'a file shows content that is not stored',
  'size-differs': 'a file and its content disagree about its size',
  'no-change': 'its last change is not in the history, or the history ends before it',
  'missing-object': 'a stored file is not there',
  'wrong-size': 'a stored file is not as long as recorded',
  'wrong-chunk-list': 'the list of chunks is not that of the content',
  'wrong-content': 'the bytes of a stored file are not those recorded',
  'orphan-file': 'no row names a stored file',
  backup: 'a backup is not whole',
} as const;

export type FindingKind = keyof typeof FINDINGS;

export interface Finding {
  readonly kind: FindingKind;
  readonly userId: UserId | null;
  readonly subject: string;
  /** What was expected and what was found, or empty. */
  readonly detail: string;
}

export interface CheckReport {
  readonly deep: boolean;
  readonly users: number;
  readonly nodes: number;
  readonly objects: number;
  readonly findings: readonly Finding[];
}

/** As a person reads it: a line for each finding, then how much was looked at. */
export function reportLines({ deep, users, nodes, objects, findings }: CheckReport): string[] {
  const lines = findings.map(findingLine);
  const how = deep ? 'every byte of them' : 'their sizes; --deep reads every byte';
  const looked = `Looked at users: ${users}, files and folders: ${nodes}, stored objects: ${objects} (${how}).`;
  const sum =
    findings.length === 0 ? 'Everything is as recorded.' : `Findings: ${findings.length}. Nothing was changed.`;
  return [...lines, looked, sum];
}

export const findingLine = ({ kind, userId, subject, detail }: Finding): string =>
  [kind, `${FINDINGS[kind]}${detail && ` (${detail})`}`, subject, userId ?? ''].join('\t');
