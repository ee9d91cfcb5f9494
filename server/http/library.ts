import { z } from 'zod';
import { Label, TagList } from '../../shared/api/library.ts';
import { CHANGES_PAGE } from '../../shared/api/limits.ts';
import { NodePage } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import { StorageBreakdown } from '../../shared/api/storage.ts';
import { FILE_TYPES, type FileType } from '../../shared/fileTypes.ts';
import { NodeId } from '../../shared/ids.ts';
import { storageBreakdown, tagsOfUser } from '../library/counts.ts';
import { findNodes } from '../library/find.ts';
import type { LibraryQuery } from '../library/query.ts';
import type { Services } from '../services.ts';
import { type App, answers } from './route.ts';

const Type = z.enum([...(Object.keys(FILE_TYPES) as [FileType]), 'folder']);
const Flag = z.enum(['true', 'false']);
const many = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).max(50)]).optional();

const ListQuery = z.object({
  parent: z
    .union([NodeId, z.literal('root')])
    .optional()
    .describe('What lies directly in this folder'),
  state: z.enum(['live', 'trashed']).default('live'),
  q: z.string().max(1_000).optional().describe('Words of names and tags, as typed: from three letters on anywhere'),
  type: many(Type).describe('Any of these'),
  tag: many(Label).describe('All of these, whatever their case'),
  favourite: Flag.optional(),
  category: Label.optional(),
  subcategory: Label.optional(),
  entityId: Label.optional(),
  recent: Flag.optional().describe(
    'Files by the arrival of their content (of the trash: all by its going there), last first',
  ),
  sort: z
    .enum(['name', 'size', 'added', 'modified', 'type'])
    .optional()
    .describe('Default: name in a folder or a search, else added'),
  order: z.enum(['asc', 'desc']).optional(),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before; a page may be short and yet have one'),
  limit: z.coerce.number().int().min(1).max(CHANGES_PAGE).default(500),
});

export function libraryRoutes(app: App, { db }: Services): void {
  app.get(paths.nodes, { schema: { querystring: ListQuery, response: answers(NodePage) } }, (request) =>
    findNodes(db.read, request.userId, queryOf(request.query)),
  );

  app.get(paths.tags, { schema: { response: answers(TagList) } }, (request) => tagsOfUser(db.read, request.userId));

  app.get(paths.breakdown, { schema: { response: answers(StorageBreakdown) } }, (request) =>
    storageBreakdown(db.read, request.userId),
  );
}

function queryOf(asked: z.infer<typeof ListQuery>): LibraryQuery {
  const { parent, type, tag, favourite, recent, sort, order, ...rest } = asked;
  const recently = recent === 'true' ? (asked.state === 'live' ? 'recent' : 'deleted') : undefined;
  const plain = parent === undefined && asked.q === undefined ? 'added' : 'name';
  return {
    ...rest,
    parentId: parent === 'root' ? null : parent,
    types: [type ?? []].flat(),
    tags: [tag ?? []].flat(),
    favourite: favourite === undefined ? undefined : favourite === 'true',
    sort: recently ?? sort ?? plain,
    order: order ?? (recently ? 'desc' : 'asc'),
  };
}
