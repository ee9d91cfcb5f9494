import { formatBytes } from '../../shared/bytes.ts';
import { count, truth } from '../../shared/desktop/truth.ts';
import { type ControlClient, findEngine } from './controlClient.ts';
import { ControlDeletes, ControlGeneration, ControlProblems, ControlStatus } from './controlContract.ts';
import { parseDuration } from './duration.ts';
import { Fault } from './fault.ts';
import { type Places, shortPath } from './places.ts';
import type { Ask, AskFlags } from './program.ts';
import { heldLines, problemLine } from './wording.ts';

type Run = (flags: AskFlags, places: Places) => Promise<void>;

/** What each command asks of the running engine, and how its answer is told. */
export const commands: Readonly<Record<Ask, Run>> = {
  status: asking(
    (engine) => engine.get('/status', ControlStatus),
    (status) => [{ ...status }],
    statusLines,
  ),
  'sync-now': asking(
    (engine) => engine.post('/sync-now', ControlGeneration),
    (answer) => [answer],
    () => ['Looking at both sides now.'],
  ),
  pause: asking(
    (engine, flags) => engine.post('/pause', ControlStatus, { forMs: pauseMs(flags.for) }),
    (status) => [{ ...status }],
    statusLines,
  ),
  resume: asking(
    (engine) => engine.post('/resume', ControlStatus),
    (status) => [{ ...status }],
    () => ['Going on.'],
  ),
  problems: asking(
    (engine) => engine.get('/problems', ControlProblems),
    ({ problems, held }) => [
      ...problems.map((problem) => ({ type: 'problem', ...problem })),
      ...held.map((deletes) => ({ type: 'held', ...deletes })),
    ],
    ({ problems, held }) => {
      const lines = [...problems.map(problemLine), ...heldLines(held, Number.POSITIVE_INFINITY)];
      return lines.length === 0 ? ['No problems.'] : lines;
    },
  ),
  approve: asking(
    (engine) => engine.post('/approve', ControlDeletes),
    (answer) => [answer],
    ({ deletes }) => [deletes === 0 ? 'Nothing waits for a yes.' : `${deletesOf(deletes)} will happen.`],
  ),
  deny: asking(
    (engine) => engine.post('/deny', ControlDeletes),
    (answer) => [answer],
    ({ deletes }) => [deletes === 0 ? 'Nothing waits for a yes.' : `${deletesOf(deletes)} will not happen.`],
  ),
};

/** A command is a question, its answer as JSON objects, and its answer in lines for people. */
function asking<Answer>(
  ask: (engine: ControlClient, flags: AskFlags) => Promise<Answer>,
  objects: (answer: Answer) => readonly unknown[],
  lines: (answer: Answer) => readonly string[],
): Run {
  return async (flags, places) => {
    const answer = await ask(await findEngine(flags.state, places), flags);
    const told = flags.json ? objects(answer).map((object) => JSON.stringify(object)) : lines(answer);
    for (const line of told) process.stdout.write(`${line}\n`);
  };
}

function statusLines(status: ControlStatus): string[] {
  const lines = [`${truth(status, Date.now())}  ${shortPath(status.folder)}`];
  if (status.message !== null) lines.push(status.message);
  if (status.state === 'syncing' && status.bytesTotal > 0) {
    lines.push(`${formatBytes(status.bytesDone)} of ${formatBytes(status.bytesTotal)}`);
  }
  if (status.state !== 'idle' && status.problems > 0)
    lines.push(`${count(status.problems)} problems: see "driftless problems".`);
  return lines;
}

function pauseMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined) throw new Fault(`"${text}" is not a time: write it like 30m, 1h or 1h30m.`);
  return ms;
}

const deletesOf = (deletes: number): string => (deletes === 1 ? 'The delete' : `The ${count(deletes)} deletes`);
