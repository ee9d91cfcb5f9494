import type { Answer, CommandName, Input, Outcome } from '../../../shared/desktop/commands.ts';
import type { Snapshot } from '../../../shared/desktop/snapshot.ts';
import type { AddedFile, DriftlessWindow, ShowRequest } from '../../../shared/desktop/window.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { answerer } from './answers.ts';
import type { Scenario } from './scenario.ts';
import { firstSnapshot, libraryWith } from './snapshots.ts';
import { World } from './world.ts';

type Follower = Parameters<DriftlessWindow['follow']>[0];

/** What a test may do to the double behind the window's back. */
export interface DeskDouble extends DriftlessWindow {
  readonly asked: readonly { readonly command: CommandName; readonly input: unknown }[];
  readonly draggedOut: readonly NodeId[];
  change(slices: Partial<Snapshot>): void;
  now(): Snapshot;
  /** Runs once, right after the next answer of this command has been made. */
  afterNext(command: CommandName, run: () => void): void;
  /** What was agreed to late now is so. */
  catchUp(): void;
  /** Leaves one number out, as a lost message would. */
  lose(): void;
  show(what: ShowRequest): void;
  readonly world: World;
}

/** The other side of the window, in memory: a library that somebody seems to work with. */
export function deskDouble(scenario: Scenario): DeskDouble {
  const world = new World(scenario);
  const followers = new Set<Follower>();
  const shows = new Set<(what: ShowRequest) => void>();
  const asked: { command: CommandName; input: unknown }[] = [];
  const draggedOut: NodeId[] = [];
  let snapshot = firstSnapshot(scenario, world);
  const late: (() => void)[] = [];
  let n = 0;
  let after: { readonly command: CommandName; readonly run: () => void } | null = null;

  const change = (slices: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...slices };
    n += 1;
    for (const follower of followers) follower({ n, slices });
  };
  world.onChange = () => {
    const revision = snapshot.library.revision + 1;
    change({ library: libraryWith(world, revision) });
  };
  const answer = answerer(scenario, world, {
    change,
    now: () => snapshot,
  });
  const send = (follower: Follower): void => follower({ n, snapshot });

  return {
    asked,
    draggedOut,
    world,
    change,
    now: () => snapshot,
    afterNext: (command, run) => {
      after = { command, run };
    },
    catchUp: () => {
      for (const effect of late.splice(0)) effect();
    },
    lose: () => {
      n += 1;
    },
    show: (what) => {
      for (const listener of shows) listener(what);
    },
    follow: (listener) => {
      followers.add(listener);
      queueMicrotask(() => send(listener));
      return () => followers.delete(listener);
    },
    resync: () => {
      for (const follower of followers) send(follower);
    },
    ask: async <C extends CommandName>(command: C, input: Input<C>): Promise<Outcome<Answer<C>>> => {
      asked.push({ command, input });
      await latency();
      if (scenario.hold.includes(command)) return new Promise(() => undefined);
      if (scenario.refuse.includes(command)) {
        return { ok: false, code: 'failed', message: 'That did not work: try again in a moment.' };
      }
      if (scenario.late.includes(command)) {
        late.push(() => void answer(command, input));
        return { ok: true, value: null as Answer<C> };
      }
      const answered = answer(command, input);
      const next = after?.command === command ? after : null;
      if (next !== null) after = null;
      next?.run();
      return answered;
    },
    addFiles: async (files: readonly AddedFile[], folder, done) => {
      for (const [at, { file, path }] of files.entries()) {
        world.add(path.at(-1) ?? file.name, file.size, folder);
        done(at + 1);
      }
      world.onChange();
      return { ok: true, value: { added: files.length } };
    },
    dragOut: (ids) => {
      draggedOut.push(...ids);
    },
    onShow: (listener) => {
      shows.add(listener);
      return () => shows.delete(listener);
    },
  };
}

/** Answers come in a later turn, as they do from another process. */
const latency = (): Promise<void> => new Promise((later) => setTimeout(later, 2));
