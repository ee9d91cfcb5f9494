import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, replay } from './play.ts';
import { shrink } from './shrink.ts';

export interface Telling {
  readonly print: (line: string) => void;
  /** Every request too, not only what people do. */
  readonly whole: boolean;
  readonly shrinks: boolean;
  /** Folder for a file that plays the failure again. */
  readonly out: string | undefined;
}

/** Names that look the same are told apart. */
const plain = (json: string): string =>
  json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A failure as a person reads it, and as a file that plays it again. */
export async function tell(outcome: Outcome, { print, whole, shrinks, out }: Telling): Promise<void> {
  print(`\nseed ${outcome.history.seed} breaks “${outcome.failure?.rule}”: ${outcome.failure?.what}`);
  const { history, failure } = shrinks ? await shrink(outcome) : outcome;
  print(`\n${history.actions.length} of ${outcome.history.actions.length} actions do it:\n`);
  await replay(history, (line) => {
    if (whole || line.includes('>>>')) print(line.slice(0, 300));
  });
  print(`\n“${failure?.rule}”: ${failure?.what}\n`);
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  const file = join(out, `${outcome.history.seed}.json`);
  writeFileSync(file, `${plain(JSON.stringify(history))}\n`);
  print(`To play it again: npm run sim -- ${file}`);
}
