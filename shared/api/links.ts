import { z } from 'zod';
import { NodeId } from '../ids.ts';

/** How long a link works when nothing is said, in seconds. */
export const LINK_DEFAULT_SECONDS = 3_600;
export const LINK_MAX_SECONDS = 366 * 24 * 3_600;

export const CreateLink = z.object({
  nodeId: NodeId,
  seconds: z.number().int().min(60).max(LINK_MAX_SECONDS).default(LINK_DEFAULT_SECONDS),
});
export type CreateLink = z.infer<typeof CreateLink>;

/** Anybody who has the address may download the file as it is then, until the link expires or is revoked. */
export const Link = z.object({
  id: z.string(),
  nodeId: NodeId,
  path: z.string().describe('Of the address: follows the origin of the server; signed'),
  createdAt: z.number().int(),
  expiresAt: z.number().int(),
  revokedAt: z.number().int().nullable(),
  downloads: z.number().int(),
});
export type Link = z.infer<typeof Link>;
export const LinkList = z.object({ links: z.array(Link) });
export type LinkList = z.infer<typeof LinkList>;
