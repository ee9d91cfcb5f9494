import { type LocalNode, mtimeMsOf } from '../model.ts';

/** What is neither content nor place; folders have none that syncs. */
export interface Metadata {
  readonly mtimeMs: number;
  readonly executable: boolean;
}

export const metadataOf = ({ stat }: LocalNode): Metadata => ({
  mtimeMs: mtimeMsOf(stat),
  executable: stat.executable,
});

export const sameMetadata = (a: Metadata, b: Metadata): boolean =>
  a.mtimeMs === b.mtimeMs && a.executable === b.executable;

/** mtime and executable bit are merged each by itself; where both sides changed it, the server's word stands. */
export const mergeMetadata = (here: Metadata, there: Metadata, agreed: Metadata | undefined): Metadata => ({
  mtimeMs: there.mtimeMs === agreed?.mtimeMs ? here.mtimeMs : there.mtimeMs,
  executable: there.executable === agreed?.executable ? here.executable : there.executable,
});

/** What would change on the server; null for what is the same there, so that it cannot undo somebody's change. */
export const changesIn = (
  wanted: Metadata,
  there: Metadata,
): { readonly mtimeMs: number | null; readonly executable: boolean | null } => ({
  mtimeMs: wanted.mtimeMs === there.mtimeMs ? null : wanted.mtimeMs,
  executable: wanted.executable === there.executable ? null : wanted.executable,
});
