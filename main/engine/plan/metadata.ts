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
