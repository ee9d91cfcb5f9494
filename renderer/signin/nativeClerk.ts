import { Clerk } from '@clerk/clerk-js/no-rhc';
import type { PageConfig } from './config.ts';

const KEPT = 'driftless.clerk';

/**
 * Clerk as a native program meets it: with a token of its own in place of cookies, for this page is at home on no site. It
 * speaks to nobody but the host that serves it, which passes requests on to Clerk; nothing of it can go anywhere else.
 */
export async function loadClerk({ publishableKey, keeps }: PageConfig): Promise<Clerk> {
  const clerk = new Clerk(publishableKey);
  let token = (keeps ? localStorage.getItem(KEPT) : null) ?? '';
  clerk.__internal_onBeforeRequest((request) => {
    const { url } = request;
    if (!url) return;
    url.searchParams.set('_is_native', '1');
    request.url = new URL(`./front${url.pathname}${url.search}`, location.href);
    request.credentials = 'omit';
    const headers = new Headers(request.headers);
    headers.set('authorization', token);
    request.headers = headers;
  });
  clerk.__internal_onAfterResponse((_request, response) => {
    const given = response?.headers.get('authorization');
    if (!given) return;
    token = given;
    if (keeps) localStorage.setItem(KEPT, token);
  });
  await clerk.load({ standardBrowser: false });
  return clerk;
}
