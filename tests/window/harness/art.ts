import { chance, pick } from '../../doubles/desk/chance.ts';

type Scene = (random: () => number) => string;

const land =
  (sky: string, glow: string, far: string, near: string): Scene =>
  (random) => {
    const horizon = 46 + random() * 14;
    const tilt = random() * 8 - 4;
    return `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset=".9" stop-color="${glow}"/></linearGradient>
      <linearGradient id="l" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${far}"/><stop offset="1" stop-color="${near}"/></linearGradient></defs>
      <path fill="url(#s)" d="M0 0h400v300H0z"/><path fill="url(#l)" d="M0 ${horizon * 3 + tilt}q100 ${tilt * -3} 200 ${tilt}t200 ${-tilt}V300H0z"/>`;
  };

const glow =
  (ground: string, first: string, second: string): Scene =>
  (random) =>
    `<defs><radialGradient id="a" cx="${0.2 + random() * 0.3}" cy=".3" r=".7"><stop stop-color="${first}"/><stop offset="1" stop-color="${first}" stop-opacity="0"/></radialGradient>
      <radialGradient id="b" cx=".8" cy="${0.5 + random() * 0.3}" r=".7"><stop stop-color="${second}"/><stop offset="1" stop-color="${second}" stop-opacity="0"/></radialGradient></defs>
      <path fill="${ground}" d="M0 0h400v300H0z"/><path fill="url(#a)" d="M0 0h400v300H0z"/><path fill="url(#b)" d="M0 0h400v300H0z"/>`;

const OPENING: readonly Scene[] = [
  land('#f2b38a', '#f7d9b8', '#4a5c68', '#22323c'),
  land('#8fb7d9', '#dfeaf2', '#5f7250', '#36422c'),
  land('#2b3a67', '#6d6fa8', '#161b36', '#0d1224'),
  glow('#3b2a55', '#ffd27d', '#d95f69'),
  land('#cfd8dc', '#eef2f3', '#7c898f', '#4a5459'),
  glow('#0e7466', '#94d2bd', '#ee9b00'),
  land('#f6c9c0', '#fbe6dd', '#8f6f62', '#5d463f'),
  glow('#3d405b', '#f4f1de', '#81b29a'),
  land('#5f8db0', '#b9d4e4', '#b29c70', '#8a7446'),
  glow('#22223b', '#c9ada7', '#4a4e69'),
  land('#e8e3d5', '#f6f3ea', '#86a579', '#588157'),
  glow('#001219', '#ff9f6b', '#335c67'),
  glow('#ece8df', '#ffffff', '#cfd6d9'),
  land('#d8d2c4', '#f1ece0', '#a3917a', '#6f6252'),
];

/** A picture for some content: always the same one. */
export function art(content: string): string {
  const index = Math.round((Number.parseInt(content.slice(-8), 16) - 13) / 7919);
  const random = chance(index + 1);
  const scene = OPENING[index] ?? pick(random, OPENING as [Scene, ...Scene[]]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice">${scene(random)}</svg>`;
}
