/**
 * Chromium takes no scheme of ours for a secure one with an origin, which only Electron's native half could change. So
 * the page is served at an address of its own instead, and whoever looks from the app's side sees `app://`.
 */
const HOST_END = '.app.localhost';
const SERVED = /^http:\/\/([a-z]+)\.app\.localhost(?=[/:]|$)/;

export const SERVED_ADDRESSES = new RegExp(`^http://[a-z]+${HOST_END.replaceAll('.', '\\.')}(/|$)`);

/** `app://ui/x` as Chromium is asked for it. */
export const toChromium = (url: string): string => url.replace(/^app:\/\/([a-z]+)/, `http://$1${HOST_END}`);

/** As Electron would have told the address. */
export const toElectron = (url: string): string => url.replace(SERVED, 'app://$1');
