import type { Operation, OperationKind } from '../../../main/engine/plan/operations.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { expectAgreement, expectOneOfEach, expectWhole } from './agreement.ts';
import { converge } from './converge.ts';
import { Hands } from './hands.ts';
import { World } from './world.ts';

/** A world for one scenario, with short names for what scenarios do and see. */
export class Stage {
  readonly world = new World();
  readonly hands = new Hands(this.world);

  file(name: string, parentId: NodeId | null = null): NodeId {
    return this.hands.agreed('file', { parentId, name });
  }

  folder(name: string, parentId: NodeId | null = null): NodeId {
    return this.hands.agreed('folder', { parentId, name });
  }

  /**
   * Works until all is agreed; answers what was done. Every plan on the way is checked against the whole one. What
   * happens `meanwhile` happens after the first operation.
   */
  settle(meanwhile: () => void = () => undefined): readonly Operation[] {
    const events = [meanwhile];
    const { done } = converge(this.world, {
      aims: true,
      meanwhile: () => events.pop()?.(),
      check: ({ planned }) => {
        expectWhole(planned, this.world);
        expectOneOfEach(planned);
      },
    });
    expectAgreement(this.world);
    return done;
  }

  /** Path → content, or `folder`: what both sides show. */
  get tree(): Readonly<Record<string, ContentId | 'folder'>> {
    const live = this.world.remote.all().filter(({ state }) => state === 'live');
    const paths = live.map((node) => [this.pathOf(node.id), node.contentId ?? 'folder'] as const);
    return Object.fromEntries(paths.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  pathOf(id: NodeId): string {
    const node = this.world.liveRemote(id);
    if (!node) return 'nowhere';
    return node.parentId === null ? node.name : `${this.pathOf(node.parentId)}/${node.name}`;
  }

  contentOf(id: NodeId): ContentId | undefined {
    return this.world.bytes.get(id);
  }

  get paths(): readonly string[] {
    return Object.keys(this.tree);
  }
}

export const kindsOf = (done: readonly Operation[]): readonly OperationKind[] => [
  ...new Set(done.map(({ kind }) => kind)),
];
