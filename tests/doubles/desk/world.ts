import type { LibraryQuery } from '../../../shared/desktop/library.ts';
import { fileTypeOf } from '../../../shared/fileTypes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { library, type Node, nodeId } from './library.ts';
import { matching } from './query.ts';
import type { Scenario } from './scenario.ts';

/** The nodes, and the views that are open on them. */
export class World {
  readonly now: number;
  #nodes: readonly Node[];
  readonly #byId: Map<NodeId, Node>;
  readonly #views = new Map<number, readonly NodeId[]>();
  #nextView = 1;
  #nextNode = 5_000_000;
  onChange: () => void = () => {};

  constructor({ items, now, state, problems }: Scenario) {
    this.now = now;
    const made = library(items, now);
    this.#nodes = made.map((node) => staged(node, state === 'uploading', problems));
    this.#byId = new Map(this.#nodes.map((node) => [node.id, node]));
    for (const index of [40, 41, 77]) this.patch([nodeId(index)], () => ({ trashedAt: now - index * 3_600_000 }));
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get(id: NodeId): Node | undefined {
    return this.#byId.get(id);
  }

  open(query: LibraryQuery): { readonly id: number; readonly nodes: readonly Node[] } {
    const nodes = matching(this.#nodes, query, this.now);
    const id = this.#nextView++;
    this.#views.set(
      id,
      nodes.map((node) => node.id),
    );
    return { id, nodes };
  }

  close(view: number): void {
    this.#views.delete(view);
  }

  get openViews(): number {
    return this.#views.size;
  }

  ids(view: number): readonly NodeId[] {
    return this.#views.get(view) ?? [];
  }

  patch(ids: readonly NodeId[], change: (node: Node) => Partial<Node>): void {
    const wanted = new Set(ids);
    this.#nodes = this.#nodes.map((node) => {
      if (!wanted.has(node.id)) return node;
      const changed = { ...node, ...change(node) };
      this.#byId.set(node.id, changed);
      return changed;
    });
  }

  remove(ids: readonly NodeId[]): void {
    const gone = new Set(ids);
    this.#nodes = this.#nodes.filter((node) => !gone.has(node.id));
    for (const id of ids) this.#byId.delete(id);
  }

  add(name: string, size: number, parent: NodeId | null, kind: Node['kind'] = 'file'): NodeId {
    const template = this.#nodes.find((node) => node.kind === 'file') ?? library(1, this.now).at(-1);
    if (template === undefined) throw new Error('A library always has a file to copy.');
    const above = parent === null ? undefined : this.get(parent);
    const node: Node = {
      ...template,
      id: nodeId(this.#nextNode++),
      name,
      size,
      kind,
      parent,
      path: above === undefined ? [] : [...above.path, above.name],
      type: fileTypeOf(name),
      addedAt: this.now + this.#nextNode,
      thumbnail: null,
      blurhash: null,
      favourite: false,
      tags: [],
      durationMs: null,
      sync: { state: 'uploading', progress: 0.1 },
    };
    this.#nodes = [...this.#nodes, node];
    this.#byId.set(node.id, node);
    return node.id;
  }
}

function staged(node: Node, uploading: boolean, problems: boolean): Node {
  if (uploading && node.id === nodeId(3)) return { ...node, sync: { state: 'uploading', progress: 0.62 } };
  if (uploading && node.id === nodeId(8)) return { ...node, sync: { state: 'waiting' } };
  if (node.id === nodeId(11)) return { ...node, sync: { state: 'cloud-only' }, onDisk: false };
  if (problems && node.id === nodeId(6)) return { ...node, sync: { state: 'conflict' } };
  if (problems && node.id === nodeId(9)) {
    return {
      ...node,
      sync: { state: 'problem', message: 'The name has a character that Windows cannot hold: rename it.' },
    };
  }
  return node;
}
