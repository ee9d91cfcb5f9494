import { formatBytes } from '../../shared/bytes.ts';
import { count, truth } from '../../shared/desktop/truth.ts';
import { type ControlClient, findEngine } from './controlClient.ts';
import {
  ControlCloudOnly,
  ControlDeletes,
  ControlGeneration,
  ControlIgnore,
  ControlProblems,
  ControlStatus,
  ControlWindow,
} from './controlContract.ts';
import { parseDuration, parseMoment } from './duration.ts';
import { Fault } from './fault.ts';
import { pathInFolder } from './pathInFolder.ts';
import { type Places, shortPath } from './places.ts';
import type { Ask, AskFlags } from './program.ts';
import { heldLines, problemLine, visible } from './wording.ts';

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
    (engine, flags) => engine.post('/pause', ControlStatus, { forMs: pauseMs(flags, new Date()) }),
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
  window: asking(
    async (engine) => {
      const { address } = await engine.post('/window', ControlWindow);
      if (address === null) throw new Fault('This engine shows no window: start one with “driftless start --browser”.');
      return { address };
    },
    (answer) => [answer],
    ({ address }) => [address],
  ),
  'cloud-only': asking(askCloudOnly, ({ folders }) => [{ folders }], cloudOnlyLines),
  ignore: asking(
    async (engine, { about = '' }) => {
      const answer = await engine.post('/ignore', ControlIgnore, { pattern: about });
      if (answer.refused !== null) throw new Fault(answer.refused);
      return answer;
    },
    ({ pattern, added }) => [{ pattern, added }],
    ({ pattern, added }) => [
      added ? `“${pattern}” is ignored from now on; what is synced already stays.` : `“${pattern}” is ignored already.`,
    ],
  ),
};

async function askCloudOnly(engine: ControlClient, { about, off }: AskFlags): Promise<ControlCloudOnly> {
  if (about === undefined) return engine.get('/cloud-only', ControlCloudOnly);
  const { folder } = await engine.get('/status', ControlStatus);
  const wish = { path: pathInFolder(folder, about, process.cwd()), on: off !== true };
  const answer = await engine.post('/cloud-only', ControlCloudOnly, wish);
  if (answer.refused !== null) throw new Fault(answer.refused);
  return answer;
}

function cloudOnlyLines({ folders }: ControlCloudOnly): string[] {
  if (folders.length === 0) return ['Every folder is kept on this computer.'];
  return ['On the server only:', ...folders.map((path) => `  ${visible(path)}`)];
}

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
    lines.push(`${count(status.problems)} problems: see “driftless problems”.`);
  return lines;
}

function pauseMs({ for: time, until }: AskFlags, now: Date): number | undefined {
  if (time !== undefined && until !== undefined)
    throw new Fault('A pause is either “--for” or “--until”: leave one out.');
  if (time !== undefined) {
    return parseDuration(time) ?? refuse(`“${time}” is not a time: write it like 30m, 1h or 1h30m.`);
  }
  if (until === undefined) return undefined;
  return parseMoment(until, now) ?? refuse(`“${until}” is not a moment: write “tomorrow”, or a time like 18:30.`);
}

function refuse(sentence: string): never {
  throw new Fault(sentence);
}

const deletesOf = (deletes: number): string => (deletes === 1 ? 'The delete' : `The ${count(deletes)} deletes`);
