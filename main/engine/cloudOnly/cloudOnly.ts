import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { RemoteNode } from '../model.ts';
import type { Trees } from '../plan/trees.ts';
import type { Changes } from '../store/changeLog.ts';
import type { State } from '../store/state.ts';
import { affected } from './changes.ts';
import { CloudOnlyView, isInside } from './view.ts';

/** What became of a wish: undefined, or why not, as one sentence with a next step. */
export type Refusal = string | undefined;

/** The folders that this device leaves to the server: what the planner sees of them, and what is to leave the disk. */
export class CloudOnly {
  readonly #state: State;
  readonly #inside = new Set<NodeId>();
  readonly #leaving = new Set<NodeId>();
  readonly #inTheWay = new Set<NodeId>();

  constructor(state: State) {
    this.#state = state;
    for (const id of this.#marks) state.log.ids.add(id);
  }

  get #marks(): ReadonlySet<NodeId> {
    return this.#state.cloudOnly.ids;
  }

  /** As of now; good until a tree changes. */
  view(): CloudOnlyView {
    return new CloudOnlyView(this.#state, this.#marks);
  }

  trees(): Trees {
    return this.view().trees;
  }

  /** To be taken from the disk, as far as the last plan knew. */
  get leaving(): ReadonlySet<NodeId> {
    return this.#leaving;
  }

  /** Folders to be put aside, as far as the last plan knew. */
  get inTheWay(): ReadonlySet<NodeId> {
    return this.#inTheWay;
  }

  /**
   * Before a plan: which nodes look different to the planner by these changes. Nothing is agreed on any more about
   * what is on the server alone: should it come into sight again, it is something new and not something deleted here.
   */
  follow({ ids, places }: Changes): Iterable<NodeId> {
    const state = this.#state;
    if (this.#marks.size === 0 && this.#inside.size === 0) {
      this.#leaving.clear();
      this.#inTheWay.clear();
      return ids;
    }
    const view = this.view();
    const changed = affected(state, view, ids, places, this.#inside);
    const forgotten = [...changed].filter((id) => state.synced.get(id) && view.isConcealed(id));
    if (forgotten.length > 0) state.transaction(() => this.#forget(forgotten));
    const here = [...changed].flatMap((id) => [state.local.get(id) ?? [], state.remote.get(id) ?? []].flat());
    const taken = here.map(({ parentId, name }) => ({ parentId, key: nameKey(name) }));
    const holders = [...places, ...taken].flatMap(({ parentId, key }) => state.local.holders(parentId, key));
    for (const id of [...changed, ...holders.map((holder) => holder.id)]) {
      keepIn(this.#leaving, id, view.isLeaving(id));
      keepIn(this.#inTheWay, id, view.isInTheWay(id));
    }
    return changed;
  }

  #forget(ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.#state.synced.remove(id);
      this.#state.uploads.remove(id);
      this.#state.sent.settle(id);
    }
  }

  /** Paths as a person knows them. */
  get folders(): readonly string[] {
    return [...this.#marks]
      .filter((id) => this.#state.remote.get(id)?.state === 'live')
      .map((id) => this.#state.shownPath(id))
      .sort();
  }

  /** `path` is relative to the root, separated by `/`. */
  mark(path: string): Refusal {
    const folder = this.#find(path);
    if (typeof folder === 'string') return folder;
    this.#change(folder.id, () => this.#state.cloudOnly.add(folder.id));
    return undefined;
  }

  unmark(path: string): Refusal {
    const folder = this.#find(path);
    if (typeof folder === 'string') return folder;
    if (!this.#marks.has(folder.id)) {
      if (!isInside(this.#state.remote, this.#marks, folder.id)) return undefined;
      return `“${path}” lies in a folder that is on the server only: bring that one back with “--off”.`;
    }
    this.#change(folder.id, () => this.#state.cloudOnly.remove(folder.id));
    return undefined;
  }

  #change(id: NodeId, write: () => void): void {
    this.#state.transaction(write);
    this.#state.log.ids.add(id);
  }

  #find(path: string): RemoteNode | string {
    const { remote } = this.#state;
    let found: RemoteNode | undefined;
    for (const part of path.split('/')) {
      if (part === '' || part === '.') continue;
      const next = remote.holder(found?.id ?? null, nameKey(part.normalize('NFC')));
      if (!next || part === '..') return `“${path}” is not on the server: check the path, or wait until it is synced.`;
      found = next;
    }
    if (!found) return 'The whole folder cannot be left to the server: name a folder inside it.';
    return found.kind === 'folder' ? found : `“${path}” is a file: name the folder that it lies in.`;
  }
}

function keepIn(set: Set<NodeId>, id: NodeId, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}
