import type { Session, WebContents } from 'electron';
import { UI_ORIGIN } from './scheme.ts';

/**
 * What the page needs: files' bytes, which come from this computer (two names of one permission, by the age of Chromium),
 * to put a link on the clipboard, and to show a video on the whole screen.
 */
const GRANTED: readonly string[] = [
  'loopback-network',
  'local-network-access',
  'clipboard-sanitized-write',
  'fullscreen',
];

/** No other permission is ever granted, and these to no other page. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) =>
    answer(isMainFrame && GRANTED.includes(permission) && isOurPage(requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { isMainFrame }) =>
      isMainFrame && GRANTED.includes(permission) && isOurPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** The page stays where it is: no navigation but to itself, no further window, no webview. */
export function denyNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (event.url !== `${UI_ORIGIN}/`) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    // Frames show files' bytes, see engineProcess.ts; nothing else.
    if (!event.isMainFrame && URL.parse(event.url)?.hostname !== '127.0.0.1') event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function isOurPage(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === UI_ORIGIN;
}
