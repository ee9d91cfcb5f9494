import { type Answer, COMMANDS, type CommandName, type Input, type Outcome } from '../../../shared/desktop/commands.ts';
import type { LibraryItem } from '../../../shared/desktop/library.ts';
import type { Snapshot } from '../../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../../shared/ids.ts';
import type { Node } from './library.ts';
import { activity, devices, links, problems, transfers, versions } from './lists.ts';
import { sections } from './query.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

interface Outside {
  change(slices: Partial<Snapshot>): void;
  now(): Snapshot;
}

type Answers = { readonly [C in CommandName]?: (input: ReturnType<(typeof COMMANDS)[C]['parse']>) => Answer<C> };
type Ask = <C extends CommandName>(command: C, input: Input<C>) => Outcome<Answer<C>>;

export function answerer(scenario: Scenario, world: World, outside: Outside): Ask {
  const answers: Answers = {
    ...libraryAnswers(world),
    ...nodeAnswers(world),
    ...listAnswers(scenario, world, outside),
    ...settingAnswers(world, outside),
  };
  return (command, input) => {
    const parsed = COMMANDS[command].safeParse(input);
    if (!parsed.success) return { ok: false, code: 'refused', message: `The window asked ${command} wrongly.` };
    const answer = answers[command] as ((input: unknown) => Answer<typeof command>) | undefined;
    const value = answer === undefined ? null : answer(parsed.data);
    return { ok: true, value: value as Answer<typeof command> };
  };
}

const libraryAnswers = (world: World): Answers => ({
  'library.open': (query) => {
    const { id, nodes } = world.open(query);
    return {
      id,
      total: nodes.length,
      bytes: nodes.reduce((sum, node) => sum + (node.kind === 'file' ? node.size : 0), 0),
      sections: sections(nodes, query, world.now),
    };
  },
  'library.close': ({ view }) => {
    world.close(view);
    return null;
  },
  'library.rows': ({ view, from, to }) =>
    world
      .ids(view)
      .slice(from, to)
      .flatMap((id) => world.get(id) ?? [])
      .map(row),
  'library.ids': ({ view, from, to }) => world.ids(view).slice(from, to),
  'library.find': ({ view, prefix, after }) => {
    const ids = world.ids(view);
    const begins = (at: number): boolean =>
      world
        .get(ids[at] as NodeId)
        ?.name.toLowerCase()
        .startsWith(prefix.toLowerCase()) ?? false;
    for (let step = 0; step < ids.length; step++) {
      const at = (after + step) % ids.length;
      if (begins(at)) return at;
    }
    return null;
  },
  'library.indexOf': ({ view, id }) => {
    const at = world.ids(view).indexOf(id);
    return at === -1 ? null : at;
  },
  'library.item': ({ id }) => world.get(id) ?? null,
  'folders.inside': ({ id }) =>
    world.nodes
      .filter((node) => node.kind === 'folder' && node.parent === id && node.trashedAt === null)
      .map((node) => ({
        id: node.id,
        name: node.name,
        hasFolders: world.nodes.some((other) => other.kind === 'folder' && other.parent === node.id),
        cloudOnly: node.cloudOnlyFolder,
      })),
  'tags.list': ({ prefix, limit }) => {
    const counts = new Map<string, number>();
    for (const { tags } of world.nodes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts]
      .filter(([tag]) => tag.toLowerCase().startsWith(prefix.toLowerCase()))
      .sort((a, b) => b[1] - a[1])
      .slice(0, limit)
      .map(([tag, count]) => ({ tag, count }));
  },
});

const row = ({ parent: _, cloudOnlyFolder: __, ...item }: Node): LibraryItem => item;

function nodeAnswers(world: World): Answers {
  const patch = (ids: readonly NodeId[], change: (node: Node) => Partial<Node>): null => {
    world.patch(ids, change);
    world.onChange();
    return null;
  };
  return {
    'nodes.favourite': ({ ids, on }) => patch(ids, () => ({ favourite: on })),
    'nodes.tag': ({ ids, add, remove }) =>
      patch(ids, ({ tags }) => ({ tags: [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag)) })),
    'nodes.rename': ({ id, name }) => patch([id], () => ({ name })),
    'nodes.move': ({ ids, folder }) => patch(ids, () => ({ parent: folder })),
    'nodes.trash': ({ ids }) => patch(ids, () => ({ trashedAt: world.now })),
    'nodes.restore': ({ ids }) => patch(ids, () => ({ trashedAt: null })),
    'nodes.purge': ({ ids }) => {
      world.remove(ids);
      world.onChange();
      return null;
    },
    'trash.empty': () => {
      world.remove(world.nodes.filter((node) => node.trashedAt !== null).map((node) => node.id));
      world.onChange();
      return null;
    },
    'folders.create': ({ parent, name }) => {
      const id = world.add(name, 0, parent, 'folder');
      world.onChange();
      return id;
    },
    'folders.cloudOnly': ({ id, on }) => patch([id], () => ({ cloudOnlyFolder: on, onDisk: !on })),
    'versions.list': ({ id }) => versions(world.get(id), world.now),
    'links.list': () => [],
    'links.create': ({ seconds }) => links(world.now + seconds * 1_000),
  };
}

function listAnswers(scenario: Scenario, world: World, { change, now }: Outside): Answers {
  const left = new Set(problems(world.now, scenario.manyProblems).map(({ id }) => id));
  const solve = (ids: readonly string[]): null => {
    for (const id of ids) left.delete(id);
    const remaining = problems(world.now, scenario.manyProblems).filter(({ id }) => left.has(id));
    change({
      problems: {
        revision: now().problems.revision + 1,
        count: remaining.length,
        conflicts: remaining.filter(({ kind }) => kind === 'conflict').length,
        heldDeletes: remaining.some(({ kind }) => kind === 'held-deletes') ? 1_240 : 0,
      },
    });
    return null;
  };
  return {
    'transfers.rows': ({ group, from, to }) => transfers(group, from, Math.min(to, now().transfers[group]), world.now),
    'transfers.retry': () => null,
    'problems.rows': ({ from, to }) =>
      scenario.problems
        ? problems(world.now, scenario.manyProblems)
            .filter(({ id }) => left.has(id))
            .slice(from, to)
        : [],
    'problems.held': ({ from, to }) =>
      Array.from(
        { length: Math.max(0, Math.min(to, 1_240) - from) },
        (_, at) => `Archive 2025/delivered/reel ${from + at}.mov`,
      ),
    'conflict.resolve': ({ ids }) => solve(ids === 'all' ? ['conflict-1', 'conflict-2'] : ids),
    'problems.rename': ({ id }) => solve([id]),
    'transfers.cancel': () => null,
    'deletes.decide': () => solve(['held-local']),
    'activity.rows': ({ before, limit }) => activity(before, limit, world.now),
    'devices.list': () => devices(world.now),
    'devices.pair': () => ({ code: '7KQM-2D9X', expiresAt: world.now + 600_000 }),
  };
}

function settingAnswers(world: World, { change, now }: Outside): Answers {
  let patterns = '# Written by editors\n*.tmp\nrenders/cache/\n';
  return {
    'settings.change': (settings) => {
      const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      change({ settings: { ...now().settings, ...given } });
      return null;
    },
    'sync.pause': () => {
      const { sync } = now();
      if (sync !== null) change({ sync: { ...sync, state: 'paused', pausedUntil: world.now + 3_600_000 } });
      return null;
    },
    'sync.resume': () => {
      const { sync } = now();
      if (sync !== null) change({ sync: { ...sync, state: 'idle', pausedUntil: null } });
      return null;
    },
    'ignore.read': () => patterns,
    'ignore.preview': ({ patterns: given }) => {
      const lines = given.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
      return { count: lines.length * 86, examples: lines.map((line) => `Coastline film/${line}`), fault: null };
    },
    'ignore.save': ({ patterns: given }) => {
      patterns = given;
      return null;
    },
    'setup.chooseFolder': () => {
      change({ setup: { ...now().setup, folder: '~/Pictures/Studio' } });
      return '~/Pictures/Studio';
    },
    'setup.ways': ({ address }) => ({ code: true, password: true, clerk: address.includes('clerk') }),
    'setup.begin': () => {
      change({ setup: { ...now().setup, needed: false } });
      return null;
    },
    'account.signOut': () => {
      change({
        setup: {
          ...{ needed: true, folder: '~/Driftless', server: 'https://files.example.org', signInPage: null },
          message: 'You are signed out, and your files stay in the folder: sign in to have them kept the same again.',
        },
      });
      return null;
    },
    'report.copy': () => 'Driftless 0.1.0',
  };
}
