import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { paths } from '../../shared/api/paths.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';
import { nodeFilesystem } from '../engine/disk/nodeFilesystem.ts';
import { isRealFolder } from '../engine/disk/paths.ts';
import type { Insight, TreeEntry } from '../engine/insight/insight.ts';

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Content {
  readonly name: string;
  readonly size: number;
  /** Changes with the bytes; null: nothing is known of them yet. */
  readonly contentId: ContentId | null;
  /** The bytes; to be asked for once, or `close`d. */
  read(range: ByteRange): Promise<Readable>;
  close(): Promise<void>;
}

/** A file's bytes, from this disk where they are here, else from the server; null: there is no such file. */
export async function openContent(insight: Insight, id: NodeId): Promise<Content | null> {
  const [entry] = insight.trees?.entries([id]) ?? [];
  if (entry?.kind !== 'file') return null;
  return (await onDisk(insight, entry)) ?? onServer(insight, entry);
}

async function onDisk(insight: Insight, { id, name, contentId }: TreeEntry): Promise<Content | null> {
  const names = insight.diskPath(id);
  const { root } = insight;
  if (names === null || root === null || !(await isRealFolder(nodeFilesystem, root, names.slice(0, -1)))) return null;
  const file = await open(join(root, ...names), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (file === null) return null;
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    return null;
  }
  return {
    name,
    size: stat.size,
    contentId,
    read: async ({ start, end }) => {
      if (end > start) return file.createReadStream({ start, end: end - 1 });
      await file.close();
      return Readable.from([]);
    },
    close: () => file.close(),
  };
}

function onServer(insight: Insight, { id, name, size, contentId, standing }: TreeEntry): Content | null {
  if (contentId === null || standing === 'here') return null;
  return {
    name,
    size,
    contentId,
    read: async ({ start, end }) => {
      if (end <= start) return Readable.from([]);
      const headers = { range: `bytes=${start}-${end - 1}` };
      return Readable.from(
        await insight.fetch({ method: 'GET', path: paths.content(id), query: { content: contentId }, headers }),
      );
    },
    close: async () => undefined,
  };
}
