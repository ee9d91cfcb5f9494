import type { ShowRequest } from '../../../shared/desktop/window.ts';
import { NodeId } from '../../../shared/ids.ts';

/** Scheme of addresses that other programs may open in the app. */
export const LINK_SCHEME = 'driftless';

const PLACES = ['library', 'transfers', 'problems', 'activity', 'trash', 'settings'] as const;

/**
 * What a `driftless://…` address asks to see; null for anything else. An address can come from any web page, so it can
 * only lead somewhere, never do something.
 */
export function shownBy(address: string): ShowRequest | null {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${LINK_SCHEME}:`) return null;
  const place = PLACES.find((known) => known === url.host);
  if (place !== undefined) return { show: place };
  if (url.host !== 'item') return null;
  const id = NodeId.safeParse(url.pathname.slice(1));
  return id.success ? { show: 'item', id: id.data } : null;
}

/** The address among the arguments of a start, if there is one. */
export const addressIn = (argv: readonly string[]): string | undefined =>
  argv.find((argument) => argument.startsWith(`${LINK_SCHEME}://`));
