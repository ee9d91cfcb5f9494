import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { diskStat } from '../../../main/engine/disk/stat.ts';
import { createHasher, type Hasher } from '../../../main/engine/hash/hasher.ts';
import type { DiskStat } from '../../../main/engine/model.ts';
import { connectServer, type ServerApi } from '../../../main/engine/transfer/server.ts';
import {
  type LargeUpload,
  type StoredUpload,
  type UploadChange,
  uploadLarge,
} from '../../../main/engine/transfer/upload.ts';
import { startServer } from '../../../server/index.ts';
import type { FileDraft } from '../../../shared/api/nodes.ts';
import type { Chunk } from '../../../shared/chunking/contentId.ts';
import { temporaryFolder } from '../hash/temporaryFolder.ts';
import { type Relay, startRelay } from './relay.ts';
import { newNodeId, systemClock, systemRandom } from './systemPorts.ts';

/** A real server with one user, whose device talks to it through a relay. */
export interface Account {
  readonly api: ServerApi;
  readonly relay: Relay;
  readonly hasher: Hasher;
  readonly token: string;
  /** A folder of the test's own. */
  readonly folder: string;
  /** Another connection of the same device. */
  connect(): ServerApi;
}

export async function openAccount(): Promise<Account> {
  const folder = temporaryFolder();
  const server = await startServer({ data: join(folder, 'server'), port: 0, logLevel: 'silent' });
  onTestFinished(() => server.close());
  const { token } = await server.addUser('ann');
  const relay = await startRelay(server.url);
  const connection = { url: relay.url, clock: systemClock, limitUp: null, limitDown: null };
  const api = connectServer(connection);
  const device = await api.enrol(token, { name: 'test', platform: 'test' });
  const connect = (): ServerApi => {
    const more = connectServer(connection);
    more.signIn(device);
    onTestFinished(() => more.close());
    return more;
  };
  api.signIn(device);
  onTestFinished(() => api.close());
  const hasher = createHasher();
  onTestFinished(() => hasher.close());
  const own = join(folder, 'device');
  mkdirSync(own);
  return { api, relay, hasher, token, folder: own, connect };
}

export function statOf(path: string): DiskStat {
  const stat = diskStat(lstatSync(path, { bigint: true }));
  if (stat === undefined) throw new Error(`neither file nor folder: ${path}`);
  return stat;
}

export function write(account: Account, name: string, bytes: Uint8Array): string {
  const path = join(account.folder, name);
  writeFileSync(path, bytes);
  return path;
}

export const draftOf = (name: string, size: number, more: Partial<FileDraft> = {}): FileDraft => ({
  nodeId: newNodeId(),
  parentId: null,
  name,
  baseContentRev: null,
  size,
  mtimeMs: 1_700_000_000_000,
  executable: false,
  ...more,
});

/** What a database would hold of uploads under way. */
export class UploadStore {
  readonly uploads = new Map<string, StoredUpload & { chunks: Chunk[] }>();

  readonly onStored = (change: UploadChange): void => {
    if (change.type === 'opened') this.uploads.set(change.uploadId, { ...change, chunks: [] });
    if (change.type === 'closed') this.uploads.delete(change.uploadId);
    if (change.type === 'chunked') {
      const chunks = this.uploads.get(change.uploadId)?.chunks;
      if (chunks?.length !== change.from) throw new Error('chunks were stored out of order');
      chunks.push(...change.chunks);
    }
  };

  get only(): StoredUpload | null {
    const [first, ...others] = this.uploads.values();
    if (others.length > 0) throw new Error('more than one upload is stored');
    return first ?? null;
  }
}

/** The upload of a file as it is now. */
export function uploadOf(
  account: Account,
  path: string,
  draft: FileDraft,
  more: Partial<LargeUpload> = {},
): LargeUpload {
  const { api, hasher } = account;
  const { onStored } = new UploadStore();
  return {
    api,
    hasher,
    fs: nodeFilesystem,
    random: systemRandom,
    path,
    draft,
    expected: statOf(path),
    resume: null,
    onStored,
    ...more,
  };
}

/** Uploads bytes as a new file. */
export async function put(account: Account, name: string, bytes: Uint8Array, more: Partial<FileDraft> = {}) {
  const path = write(account, name, bytes);
  const draft = draftOf(name, bytes.length, more);
  return { path, draft, ...(await uploadLarge(uploadOf(account, path, draft))) };
}
