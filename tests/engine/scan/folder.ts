import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { v7 } from 'uuid';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { openRoot, type Root } from '../../../main/engine/disk/root.ts';
import type { Clock, Random } from '../../../main/engine/ports.ts';
import { IgnoreRules, type Ignores } from '../../../main/engine/scan/ignore.ts';
import { OwnWrites } from '../../../main/engine/scan/ownWrites.ts';
import {
  type ScannerParts,
  type ScanReport,
  type ScanRequest,
  type ScanResult,
  scan,
} from '../../../main/engine/scan/scanner.ts';
import { NodeId } from '../../../shared/ids.ts';
import { MemoryTree } from './memoryTree.ts';

export const random: Random = { nodeId: () => NodeId.parse(v7()), fraction: () => Math.random() };

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
  soon: (callback) => void setImmediate(callback),
};

/** A real synced folder on disk with its tree in memory. */
export class SyncedFolder {
  readonly tree = new MemoryTree();
  readonly ownWrites = new OwnWrites();
  readonly root: Root;
  readonly parts: ScannerParts;
  now = 1_000_000;
  ignores: Ignores = new IgnoreRules();

  private constructor(root: Root) {
    this.root = root;
    this.parts = {
      fs: nodeFilesystem,
      root,
      known: this.tree,
      apply: this.tree.apply,
      ownWrites: this.ownWrites,
      ignores: { reason: (path, kind) => this.ignores.reason(path, kind) },
      clock: { ...realClock, now: () => this.now },
      random,
    };
  }

  static async make(): Promise<SyncedFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'driftless-scan-'));
    const opening = await openRoot(nodeFilesystem, folder, () => crypto.randomUUID());
    if (opening.status !== 'open') throw new Error(opening.fault.message);
    return new SyncedFolder(opening.root);
  }

  path(relative: string): string {
    return join(this.root.path, relative);
  }

  async write(relative: string, text = relative): Promise<void> {
    await mkdir(dirname(this.path(relative)), { recursive: true });
    await writeFile(this.path(relative), text);
  }

  run(folders: ScanRequest['folders'] = 'all'): Promise<ScanResult> {
    return scan(this.parts, { folders });
  }

  /** A scan that must run through. */
  async scan(folders: ScanRequest['folders'] = 'all'): Promise<ScanReport> {
    const result = await this.run(folders);
    if (result.status !== 'done') throw new Error(JSON.stringify(result));
    return result;
  }

  /** Scans and marks everything as synced: the state a test starts from. */
  async agree(): Promise<Record<string, NodeId>> {
    await this.scan();
    this.tree.agree();
    return this.tree.paths();
  }

  id(relative: string): NodeId {
    const id = this.tree.paths()[relative];
    if (id === undefined) throw new Error(`${relative} is not in the tree`);
    return id;
  }

  async delete(): Promise<void> {
    await rm(this.root.path, { recursive: true, force: true });
  }
}
