import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'killAt.ts')).href;

/** Environment of a program that ends at the last of these moments, as a power cut would end it; see killAt.ts. */
export const killedAt = (moments: readonly string[]): Record<string, string> => ({
  NODE_OPTIONS: `--import ${PRELOAD}`,
  KILL_AT: JSON.stringify(moments),
});

/** Environment of a program that writes the moments it comes through to a file. */
export const traced = (file: string): Record<string, string> => ({ ...killedAt([]), KILL_TRACE: file });
