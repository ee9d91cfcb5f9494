import manifest from '../../package.json' with { type: 'json' };
import type { CommandName, Outcome } from '../../shared/desktop/commands.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { MESSAGES, refused } from '../desk/messages.ts';

export interface AskedParts {
  readonly engine: { ask(command: CommandName, input: unknown): Promise<Outcome<unknown>> } | null;
  readonly now: Snapshot;
  startAgain(): void;
  /** Resolves to whether they could be shown. */
  showLogs(): Promise<boolean>;
}

/**
 * A command of the window's, answered by the engine's process; what a person needs when that does not run is answered
 * here.
 */
export async function asked(parts: AskedParts, command: CommandName, input: unknown): Promise<Outcome<unknown>> {
  const { engine, now, startAgain, showLogs } = parts;
  if (command === 'app.startAgain') {
    startAgain();
    return { ok: true, value: null };
  }
  const outcome = (await engine?.ask(command, input)) ?? refused('not-running', MESSAGES.notRunning);
  if (outcome.ok || outcome.code !== 'not-running') return outcome;
  if (command === 'report.copy') return { ok: true, value: shortReport(now) };
  if (command === 'logs.show' && (await showLogs())) return { ok: true, value: null };
  return outcome;
}

/** What can be said without the engine; no names of files. */
const shortReport = ({ stopped, sync, transfers, problems, library: { files } }: Snapshot): string =>
  JSON.stringify(
    {
      version: manifest.version,
      platform: process.platform,
      ...{ node: process.versions.node, electron: process.versions.electron ?? null },
      ...{ stopped, state: sync?.state ?? null, files },
      ...{ failed: transfers.failed, problems: problems.count },
    },
    null,
    2,
  );
