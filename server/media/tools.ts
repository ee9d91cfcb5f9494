import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Tool } from './found.ts';

const PROGRAMS = ['ffmpeg', 'ffprobe', 'pdftoppm', 'pdfinfo'] as const;
export type Program = (typeof PROGRAMS)[number];

const OF: Record<Tool, readonly Program[]> = { ffmpeg: ['ffmpeg', 'ffprobe'], poppler: ['pdftoppm', 'pdfinfo'] };

/** Where each program of the system lies that media need; undefined: it is not installed. */
export type MediaTools = Readonly<Record<Program, string | undefined>>;

/** What is there of them now, by the PATH. */
export function mediaTools(path = process.env.PATH): MediaTools {
  const found = PROGRAMS.map((program) => [program, programPath(program, path)] as const);
  return Object.fromEntries(found) as MediaTools;
}

export const hasTool = (tools: MediaTools, tool: Tool): boolean => OF[tool].every((program) => tools[program]);

/** The absolute path of a program. Relative folders of the PATH do not count: content lies in folders, too. */
export function programPath(name: string, path = process.env.PATH): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (path ?? '').split(delimiter).filter(isAbsolute)) {
    try {
      accessSync(join(folder, file), constants.X_OK);
      return join(folder, file);
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}
