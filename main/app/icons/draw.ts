import type { TrayIcon } from '../tray/picture.ts';

/** The sign of Driftless in a 22 by 22 square: two currents that meet. */
const UPPER = 'M11 2a9 9 0 0 1 9 9c0 2.5-2 3.6-4.5 3.6S11.5 13 11 11s-2-3.6-4.5-3.6S2 8.5 2 11a9 9 0 0 1 9-9z';
const LOWER = 'M2 11c0 5 4 9 9 9s9-4 9-9c0 2.5-2 3.6-4.5 3.6S11.5 13 11 11s-2-3.6-4.5-3.6S2 8.5 2 11z';

/** Seen well on light panels and on dark ones. */
const TEAL = '#1f9c88';
const GREY = '#8b8b83';
const AMBER = '#e08a1e';

const mark = (colour: string, opacity = 0.5): string =>
  `<path fill="${colour}" d="${UPPER}"/><path fill="${colour}" fill-opacity="${opacity}" d="${LOWER}"/>`;

/** A sign in the lower right corner, on ground of its own: the picture beneath is cut away around it. */
const badge = (id: string, sign: string): { readonly mask: string; readonly sign: string } => ({
  mask: `<mask id="${id}"><rect width="22" height="22" fill="#fff"/><circle cx="16.5" cy="16.5" r="6" fill="#000"/></mask>`,
  sign,
});

const BADGES: Record<Exclude<TrayIcon, 'ok' | 'offline'>, (colour: string | null) => string> = {
  syncing: (colour) =>
    `<g fill="none" stroke="${colour ?? TEAL}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="M14.6 20v-6.6m-1.9 1.8 1.9-1.9 1.9 1.9"/><path d="M18.8 13.2v6.6m-1.9-1.8 1.9 1.9 1.9-1.9"/></g>`,
  paused: (colour) =>
    `<g fill="${colour ?? GREY}"><rect x="13" y="12.6" width="2.6" height="7.8" rx="1"/><rect x="17.4" y="12.6" width="2.6" height="7.8" rx="1"/></g>`,
  attention: (colour) =>
    `<circle cx="16.5" cy="16.5" r="4.8" fill="${colour ?? AMBER}"/>${
      colour === null ? '<path d="M16.5 14v2.9m0 1.9v.1" stroke="#fff" stroke-width="1.7" stroke-linecap="round"/>' : ''
    }`,
};

/** The tray's picture for a state. `template`: black alone, as macOS wants it, which colours it itself. */
export function traySvg(icon: TrayIcon, template: boolean): string {
  const colour = template ? '#000' : null;
  const base = mark(
    colour ?? (icon === 'ok' || icon === 'syncing' || icon === 'attention' ? TEAL : GREY),
    icon === 'offline' ? 0.25 : 0.5,
  );
  if (icon === 'ok') return svg(base);
  if (icon === 'offline')
    return svg(
      `<g opacity=".75">${base}</g><path d="M3.5 18.5l15-15" stroke="${colour ?? GREY}" stroke-width="1.8" stroke-linecap="round"/>`,
    );
  const { mask, sign } = badge('ground', BADGES[icon](colour));
  return svg(`${mask}<g mask="url(#ground)">${base}</g>${sign}`);
}

const svg = (inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22" width="22" height="22">${inside}</svg>`;

/** The app's own icon: the sign, light on a teal ground with round corners and air around it. */
export const appSvg =
  (): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512">
  <defs><linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#17907e"/><stop offset="1" stop-color="#0a5a50"/>
  </linearGradient></defs>
  <rect x="36" y="36" width="440" height="440" rx="104" fill="url(#ground)"/>
  <g transform="translate(91 91) scale(15)" fill="#fff"><path d="${UPPER}"/><path d="${LOWER}" fill-opacity=".5"/></g>
</svg>`;
