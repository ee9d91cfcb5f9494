import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { paths } from '../../../shared/api/paths.ts';
import type { LibraryQuery } from '../../../shared/desktop/library.ts';
import { NodeId } from '../../../shared/ids.ts';
import { nameFault, wireName } from '../../../shared/names.ts';
import type { Wish } from '../../engine/insight/insight.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, mustBeGranted, Refusal } from '../messages.ts';

type Mine = Named<'nodes'> | 'trash.empty' | 'folders.create' | 'folders.cloudOnly';

export function nodeCommands({ session, library }: DeskContext): Handlers<Mine> {
  const { insight } = session.engine;
  const grant = async (wishes: readonly Wish[]): Promise<null> => {
    mustBeGranted(await insight.grant(wishes));
    return null;
  };
  const purge = async (ids: readonly NodeId[]): Promise<null> => {
    for (const id of ids) {
      const request = { method: 'DELETE' as const, query: { purge: 'true' }, headers: { 'if-match': '*' } };
      await insight.ask({ ...request, path: paths.node(id) }, z.unknown());
      library.purged([id]);
    }
    return null;
  };
  return {
    'nodes.favourite': ({ ids, on }) => {
      library.say(ids, { favourite: on });
      return null;
    },
    'nodes.tag': ({ ids, add, remove }) => {
      library.say(ids, { addTags: add, removeTags: remove });
      return null;
    },
    'nodes.rename': ({ id, name }) =>
      grant([{ id, kind: 'move', place: { parentId: library.parentOf(id), name: usable(name) } }]),
    'nodes.move': ({ ids, folder }) =>
      grant(
        ids.flatMap((id): Wish[] => {
          const item = library.item(id);
          return item ? [{ id, kind: 'move', place: { parentId: folder, name: item.name } }] : [];
        }),
      ),
    'nodes.trash': ({ ids }) => grant(ids.map((id) => ({ id, kind: 'trash' }))),
    'nodes.restore': ({ ids }) => grant(ids.map((id) => ({ id, kind: 'restore' }))),
    'nodes.purge': ({ ids }) => purge(ids),
    'trash.empty': async () => {
      await insight.ask({ method: 'POST', path: paths.emptyTrash, json: {} }, z.unknown());
      const view = library.open(TRASH);
      library.purged(library.ids(view.id, 0, view.total) ?? []);
      library.close(view.id);
      return null;
    },
    'folders.create': async ({ parent, name }) => {
      const id = NodeId.parse(uuidv7());
      await grant([{ id, kind: 'createFolder', place: { parentId: parent, name: usable(name) } }]);
      return id;
    },
    'folders.cloudOnly': ({ id, on }) => {
      const path = [...library.folders.path(id)].join('/');
      if (path === '') throw new Refusal('gone', MESSAGES.gone);
      const why = session.engine.setCloudOnly(path, on);
      if (why !== null) throw new Refusal('failed', why);
      return null;
    },
  };
}

const TRASH: LibraryQuery = {
  place: { kind: 'trash' },
  search: '',
  tags: [],
  favourites: false,
  sort: 'added',
  descending: true,
};

function usable(name: string): string {
  const wire = wireName(name.trim());
  const fault = nameFault(wire);
  if (fault !== undefined) throw new Refusal('failed', MESSAGES.badName(name, fault));
  return wire;
}
