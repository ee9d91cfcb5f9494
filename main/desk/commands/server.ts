import { z } from 'zod';
import { Link, LinkList } from '../../../shared/api/links.ts';
import { Node, VersionList } from '../../../shared/api/nodes.ts';
import { paths } from '../../../shared/api/paths.ts';
import { ActivityPage } from '../../../shared/api/storage.ts';
import type { ShareLink } from '../../../shared/desktop/library.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';

type Mine = Named<'versions'> | Named<'links'> | 'activity.rows';

/** What only the server knows: earlier versions, links, what happened. */
export function serverCommands({ session, serverUrl }: DeskContext): Handlers<Mine> {
  const { insight } = session.engine;
  const shown = ({ id, path, expiresAt, downloads }: Link): ShareLink => ({
    id,
    url: new URL(path, serverUrl).href,
    expiresAt,
    downloads,
  });
  return {
    'versions.list': async ({ id }) => {
      const { versions } = await insight.ask({ method: 'GET', path: paths.versions(id) }, VersionList);
      return versions.map(({ contentRev, size, createdAt, current }) => ({
        contentRev,
        size,
        savedAt: createdAt,
        current,
      }));
    },
    'versions.restore': async ({ id, contentRev }) => {
      const { contentRev: baseContentRev } = await insight.ask({ method: 'GET', path: paths.node(id) }, Node);
      const json = { contentRev, baseContentRev };
      await insight.ask({ method: 'POST', path: paths.restoreVersion(id), json }, z.unknown());
      session.engine.syncNow();
      return null;
    },
    'links.list': async ({ id }) => {
      const { links } = await insight.ask({ method: 'GET', path: paths.links, query: { nodeId: id } }, LinkList);
      return links.filter(({ revokedAt }) => revokedAt === null).map(shown);
    },
    'links.create': async ({ id, seconds }) =>
      shown(await insight.ask({ method: 'POST', path: paths.links, json: { nodeId: id, seconds } }, Link)),
    'links.revoke': async ({ link }) => {
      await insight.ask({ method: 'DELETE', path: paths.link(encodeURIComponent(link)) }, z.unknown());
      return null;
    },
    'activity.rows': async ({ before, limit }) => {
      const query = { limit: `${limit}`, ...(before !== null && { cursor: `${before}` }) };
      const { activities } = await insight.ask({ method: 'GET', path: paths.activity, query }, ActivityPage);
      return activities.map(({ id, at, action, nodeId, path, bytes, by }) => ({
        ...{ id, at, action, nodeId, path, bytes, by },
      }));
    },
  };
}
