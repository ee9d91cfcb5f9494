import { BLENDER, EMPTY, HTML, PLAIN, SVG, UNKNOWN } from './kinds.ts';

const BY_TYPE: Readonly<Record<string, string>> = {
  [EMPTY]: 'The file is empty.',
  [PLAIN]: 'Text has no picture to show.',
  [HTML]: 'Web pages are programs as much as documents, so the server does not draw them.',
  [SVG]: 'SVG drawings are programs as much as pictures, so the server does not draw them.',
  [BLENDER]: 'This Blender file was saved without a preview.',
  [UNKNOWN]: 'The server does not know this kind of file.',
  'application/x-ableton-live': 'An Ableton Live set holds no picture.',
  'application/x-flstudio': 'An FL Studio project holds no picture.',
  'application/x-premiere-pro': 'A Premiere Pro project holds no picture.',
  'image/heic': 'HEIC pictures cannot be decoded by this server.',
  'image/heif': 'HEIF pictures cannot be decoded by this server.',
};

const BY_FAMILY: readonly (readonly [begins: string, reason: string])[] = [
  ['image/x-', 'Raw photos and icons cannot be decoded by this server.'],
  ['image/', 'The server cannot decode this kind of picture.'],
  ['video/', 'The server cannot decode this kind of video.'],
  ['audio/', 'The server cannot decode this kind of sound.'],
  ['font/', 'Fonts have no thumbnail yet.'],
  ['model/', 'Scenes have no thumbnail yet.'],
  ['text/', 'Text has no picture to show.'],
  ['', 'This kind of file has no picture to show.'],
];

/** Why a file of this type has no thumbnail. */
export const reasonFor = (mime: string): string =>
  BY_TYPE[mime] ?? BY_FAMILY.find(([begins]) => mime.startsWith(begins))?.[1] ?? '';

export const DAMAGED = {
  picture: 'The picture is damaged or cut short.',
  video: 'The video is damaged or cut short.',
  sound: 'The sound is damaged or cut short.',
  pdf: 'The PDF is damaged or cut short.',
} as const;

export const TOO_SLOW = 'It takes too long to decode.';
