import type { Node } from '../../shared/api/nodes.ts';
import { refuse } from '../refusal.ts';

/** A node as it is: any change of its content, its place or what is said about it makes another one. */
export const etagOf = ({ contentRev, placeRev, metaRev }: Node): string => `"${contentRev}-${placeRev}-${metaRev}"`;

/**
 * Refuses a change that does not say which state of the node it means, or that means another than the present one. Only
 * of a node that is there: somebody else's is not, whatever the request lacks.
 */
export const mustMatch =
  (ifMatch: string | undefined) =>
  (node: Node): void => {
    if (ifMatch === undefined) {
      throw refuse('precondition-required', 'Say in If-Match which state you mean: the ETag that a GET of it answers.');
    }
    const tags = ifMatch.split(',').map((tag) => tag.trim());
    if (tags.includes('*') || tags.includes(etagOf(node))) return;
    throw refuse('precondition-failed', 'It has changed on the server since. Look again and retry.');
  };
