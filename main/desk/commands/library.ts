import { ROWS_MAX } from '../../../shared/desktop/commands.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';

export function libraryCommands({ library }: DeskContext): Handlers<Named<'library'> | 'folders.inside' | 'tags.list'> {
  return {
    'library.open': (query) => library.open(query),
    'library.close': ({ view }) => {
      library.close(view);
      return null;
    },
    'library.rows': ({ view, from, to }) => opened(library.rows(view, from, Math.min(to, from + ROWS_MAX))),
    'library.ids': ({ view, from, to }) => opened(library.ids(view, from, to)),
    'library.find': ({ view, prefix, after }) => opened(library.find(view, prefix, after)),
    'library.indexOf': ({ view, id }) => opened(library.indexOf(view, id)),
    'library.item': ({ id }) => library.detail(id),
    'folders.inside': ({ id }) => library.foldersInside(id),
    'tags.list': ({ prefix, limit }) => library.tags(prefix, limit),
  };
}

function opened<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Refusal('gone', MESSAGES.viewClosed);
  return answer;
}
