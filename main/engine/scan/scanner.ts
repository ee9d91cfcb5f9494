import type { NodeId } from '../../../shared/ids.ts';
import type { Filesystem } from '../disk/filesystem.ts';
import { inLanes } from '../disk/lanes.ts';
import { type DiskNames, isRealFolder, pathInside, shownPath } from '../disk/paths.ts';
import { checkRoot, type Root, type RootFault } from '../disk/root.ts';
import type { LocalNode } from '../model.ts';
import type { Clock, Random } from '../ports.ts';
import { sameFolder } from './identity.ts';
import type { Ignores } from './ignore.ts';
import { diskNamesOf, isThere, type KnownLocal, type LocalChange } from './known.ts';
import { holdsOnlyIgnored, wirePath } from './leftover.ts';
import { type Entry, type FolderListing, judge, type ListContext, listFolder } from './list.ts';
import { type Answer, type Look, type Matched, Matching } from './match.ts';
import type { Observation, OwnWrites } from './ownWrites.ts';

/** Folders are matched in groups: large enough that moves between folders are seen as such, small enough to stay responsive. */
const GROUP_ENTRIES = 2_000;
const GROUP_FOLDERS = 256;
const LISTINGS_AT_ONCE = 4;
const LOOKS_AT_ONCE = 32;

export interface ScannerParts {
  readonly fs: Filesystem;
  readonly root: Root;
  readonly known: KnownLocal;
  /** Stores the changes in one transaction; `known` shows them when it returns. */
  readonly apply: (changes: readonly LocalChange[]) => void | Promise<void>;
  readonly ownWrites: OwnWrites;
  readonly ignores: Ignores;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ScanRequest {
  /** `null` in the list is the root. */
  readonly folders: 'all' | readonly (NodeId | null)[];
  /** Everything known has been looked at since the ignore patterns changed last. */
  readonly judged?: boolean;
  readonly signal?: AbortSignal;
}

/** Paths are relative to the root, separated by `/`. */
export interface ScanNotice {
  readonly path: string;
  readonly code: string;
  /** One sentence with a next step. */
  readonly message: string;
}

export interface ScanReport {
  readonly status: 'done';
  /** The folders that were listed, `''` for the root: earlier faults and ignored entries right in these are out of date. */
  readonly listed: readonly string[];
  readonly entries: number;
  readonly changes: number;
  readonly faults: readonly ScanNotice[];
  readonly ignored: readonly { readonly path: string; readonly why: string }[];
  /** Folders that changed while they were looked at, or in which the engine itself was writing: to be scanned once more. */
  readonly again: readonly (NodeId | null)[];
}

export type ScanResult =
  | ScanReport
  | { readonly status: 'halted'; readonly fault: RootFault }
  /** By the signal: what was applied until then is right. */
  | { readonly status: 'aborted' };

/** A folder waiting to be listed. */
interface Task {
  readonly id: NodeId | null;
  readonly names: DiskNames;
  /** Everything below is to be looked at too. */
  readonly deep: boolean;
}

interface Listed extends Task {
  readonly listing: FolderListing & { readonly status: 'listed' };
}

/**
 * Looks at folders and brings the local tree up to date, top-down: folders that are new or moved are descended into, a
 * folder that is no longer there has the nearest one above listed instead. Between groups of folders the loop is free.
 * Nothing is applied once the root is not what it was.
 */
export async function scan(parts: ScannerParts, request: ScanRequest): Promise<ScanResult> {
  for (;;) {
    const own = parts.ownWrites.observe();
    try {
      const result = await new Scan(parts, own, request).run();
      if (result !== 'remounted') return result;
    } finally {
      own.end();
    }
  }
}

class Scan {
  readonly #parts: ScannerParts;
  readonly #own: Observation;
  readonly #request: ScanRequest;
  #unresolved: (NodeId | null)[] = [];
  readonly #waiting: Task[] = [];
  readonly #begun = new Set<NodeId | null>();
  readonly #listed: string[] = [];
  readonly #faults: ScanNotice[] = [];
  readonly #ignored: { path: string; why: string }[] = [];
  readonly #again = new Set<NodeId | null>();
  /** How many of the waiting have been taken. */
  #taken = 0;
  #entries = 0;
  #changes = 0;
  #dev = 0n;

  constructor(parts: ScannerParts, own: Observation, request: ScanRequest) {
    this.#parts = parts;
    this.#own = own;
    this.#request = request;
    if (request.folders === 'all') this.#enqueue({ id: null, names: [], deep: true });
    else this.#unresolved = [...request.folders];
  }

  /** `remounted`: the disk got another number meanwhile, so what was seen of mounts does not hold. */
  async run(): Promise<ScanResult | 'remounted'> {
    const { fs, root, apply } = this.#parts;
    const start = await checkRoot(fs, root);
    if (start.status === 'refused') return { status: 'halted', fault: start.fault };
    this.#dev = start.dev;
    await this.#resolve();
    while (this.#taken < this.#waiting.length) {
      if (this.#request.signal?.aborted) return { status: 'aborted' };
      const group = await this.#listGroup();
      const looks = await inLanes(group, LISTINGS_AT_ONCE, (listed) => this.#look(listed));
      const matching = new Matching(this.#parts.known, looks, this.#own);
      await this.#answerAll(matching);
      // An unmounted disk looks like a folder that somebody emptied: ask before believing it.
      const check = await checkRoot(fs, root);
      if (check.status === 'refused') return { status: 'halted', fault: check.fault };
      if (check.dev !== this.#dev) return 'remounted';
      const matched = matching.settle({
        now: this.#parts.clock.now(),
        random: this.#parts.random,
        executableBit: root.executableBit,
        judged: this.#request.judged ?? false,
      });
      if (matched.changes.length > 0) await apply(matched.changes);
      this.#record(group, matched);
      if (this.#taken === this.#waiting.length) await this.#resolve();
    }
    return {
      status: 'done',
      listed: this.#listed,
      entries: this.#entries,
      changes: this.#changes,
      faults: this.#faults,
      ignored: this.#ignored,
      again: [...this.#again],
    };
  }

  /**
   * Turns the folders asked for into tasks. The path of a folder may lead to another one by now (two were swapped, one
   * took the place of one that moved): then the nearest folder above that is the one known is listed first, and the
   * folder has another turn when that has been recorded. What even then leads elsewhere has been judged with its parent.
   */
  async #resolve(): Promise<void> {
    const ids = this.#unresolved;
    this.#unresolved = [];
    const places = await inLanes(ids, LOOKS_AT_ONCE, async (id) => ({ id, task: await this.#nearestTrue(id) }));
    places.sort((a, b) => a.task.names.length - b.task.names.length);
    const begun = new Set(this.#begun);
    for (const { id, task } of places) {
      this.#enqueue(task);
      const waits = task.id !== id && !begun.has(task.id);
      if (waits && id !== null && isThere(this.#parts.known, id)) this.#unresolved.push(id);
    }
  }

  /** The folder, or the nearest one above it, whose path leads to it. */
  async #nearestTrue(id: NodeId | null): Promise<Task> {
    const { known } = this.#parts;
    for (let node = id === null ? undefined : known.get(id); node !== undefined; ) {
      const names = diskNamesOf(known, node.id);
      if (names !== undefined && (await this.#leadsTo(node, names))) return { id: node.id, names, deep: false };
      node = node.parentId === null ? undefined : known.get(node.parentId);
    }
    return { id: null, names: [], deep: false };
  }

  /** Once the folder above was listed the path is believed: some disks give out new inodes at every look. */
  async #leadsTo(node: LocalNode, names: DiskNames): Promise<boolean> {
    const { fs, root, known } = this.#parts;
    if (!(await isRealFolder(fs, root.path, names))) return false;
    if (this.#begun.has(node.parentId) && isThere(known, node.id)) return true;
    const sight = await fs.lstat(pathInside(root.path, names));
    return sight?.kind === 'folder' && sameFolder(node.stat, sight);
  }

  #enqueue(task: Task): void {
    if (this.#begun.has(task.id)) return;
    this.#begun.add(task.id);
    this.#waiting.push(task);
  }

  async #listGroup(): Promise<readonly Listed[]> {
    const context = this.#listing();
    const group: Listed[] = [];
    let taken = 0;
    let entries = 0;
    const worker = async (): Promise<void> => {
      while (taken < GROUP_FOLDERS && entries < GROUP_ENTRIES) {
        const task = this.#waiting[this.#taken];
        if (task === undefined) return;
        this.#taken += 1;
        taken += 1;
        const listing = await listFolder(context, task.names);
        if (listing.status === 'listed') {
          entries += listing.entries.length;
          group.push({ ...task, listing });
        } else {
          this.#failed(task, listing);
        }
      }
    };
    await Promise.all(Array.from({ length: LISTINGS_AT_ONCE }, worker));
    return group;
  }

  /** What is known below a folder that cannot be listed stays as it is. */
  #failed(task: Task, { reason, message }: FolderListing & { readonly status: 'failed' }): void {
    if (reason !== 'missing') {
      this.#faults.push({ path: shownPath(task.names), code: reason, message });
      return;
    }
    if (task.id === null) return;
    const parentId = this.#parts.known.get(task.id)?.parentId ?? null;
    if (this.#begun.has(parentId)) this.#again.add(parentId);
    else this.#unresolved.push(task.id);
  }

  async #look({ id, names, listing }: Listed): Promise<Look> {
    const folders = listing.entries.filter(
      ({ stat, name, ignored }) => stat.kind === 'folder' && !this.#isKnownFolder(id, name) && ignored() === null,
    );
    const leftovers = new Set<Entry>();
    await inLanes(folders, LISTINGS_AT_ONCE, async (folder) => {
      if (await holdsOnlyIgnored(this.#parts, [...names, folder.diskName])) leftovers.add(folder);
    });
    const entries = listing.entries.map((entry) =>
      leftovers.has(entry) ? { ...entry, ignored: () => 'it holds nothing but ignored files' } : entry,
    );
    return { folderId: id, entries, held: listing.held };
  }

  #isKnownFolder(parentId: NodeId | null, name: string): boolean {
    return this.#parts.known.child(parentId, name)?.kind === 'folder';
  }

  async #answerAll(matching: Matching): Promise<void> {
    const parents = new Map<NodeId | null, Promise<boolean>>();
    for (let asked = matching.questions(); asked.length > 0; asked = matching.questions()) {
      const answers = await inLanes(asked, LOOKS_AT_ONCE, (node) => this.#lookAt(node, parents));
      asked.forEach((node, index) => {
        matching.answer(node, answers[index] ?? 'held');
      });
    }
  }

  async #lookAt(node: LocalNode, parents: Map<NodeId | null, Promise<boolean>>): Promise<Answer> {
    const { fs, root, known } = this.#parts;
    const names = diskNamesOf(known, node.id);
    if (names === undefined) return 'absent';
    try {
      const inPlace = parents.get(node.parentId) ?? this.#isInPlace(node.parentId, names.slice(0, -1));
      parents.set(node.parentId, inPlace);
      // Under another folder at the old path lies something else.
      if (!(await inPlace)) return 'absent';
      const sight = await fs.lstat(pathInside(root.path, names));
      if (sight === undefined) return 'absent';
      const judged = judge(this.#listing(), wirePath(names.slice(0, -1)), node.diskName, sight);
      if (judged.type === 'entry') return judged.entry;
      return judged.type === 'ignored' ? 'absent' : 'held';
    } catch {
      // What cannot be looked at may still be there.
      return 'held';
    }
  }

  #listing(): ListContext {
    const { fs, root, ignores } = this.#parts;
    return { fs, root, ignores, dev: this.#dev };
  }

  async #isInPlace(folderId: NodeId | null, names: DiskNames): Promise<boolean> {
    const folder = folderId === null ? undefined : this.#parts.known.get(folderId);
    return folder === undefined || this.#leadsTo(folder, names);
  }

  #record(group: readonly Listed[], matched: Matched): void {
    const listedById = new Map(group.map((listed) => [listed.id, listed]));
    const shownIn = (folderId: NodeId | null, name: string): string =>
      shownPath([...(listedById.get(folderId)?.names ?? []), name]);
    for (const { names, listing } of group) {
      this.#listed.push(shownPath(names));
      this.#entries += listing.entries.length;
      for (const { name, code, message } of listing.faults) {
        this.#faults.push({ path: shownPath([...names, name]), code, message });
      }
      for (const { name, why } of listing.ignored) this.#ignored.push({ path: shownPath([...names, name]), why });
    }
    this.#changes += matched.changes.length;
    for (const folderId of matched.disturbed) this.#again.add(folderId);
    for (const { folderId, name, why } of matched.ignored) {
      this.#ignored.push({ path: shownIn(folderId, name), why });
    }
    for (const { id, parentId, diskName, arrival } of matched.folders) {
      const above = listedById.get(parentId);
      if (above === undefined) continue;
      // Below a moved folder too: what changed there may have been reported while it still had its old path.
      const deep = above.deep || arrival !== 'known';
      if (deep) this.#enqueue({ id, names: [...above.names, diskName], deep });
    }
  }
}
