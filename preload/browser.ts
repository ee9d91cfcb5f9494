import type { Answer, CommandName, Input, Outcome } from '../shared/desktop/commands.ts';
import type { Delta, NumberedSnapshot } from '../shared/desktop/snapshot.ts';
import type { AddedFile, DriftlessWindow } from '../shared/desktop/window.ts';
import type { NodeId } from '../shared/ids.ts';

/** `window.driftless` in a browser: the same as in the app, over one WebSocket to the computer it runs on. */

type Told = NumberedSnapshot | Delta | { readonly id: number; readonly outcome: Outcome<unknown> };

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
const LOST = 'The connection to Driftless is lost: start it again on this computer, this page then goes on by itself.';

const followers = new Set<(message: NumberedSnapshot | Delta) => void>();
const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
let socket: WebSocket | null = null;
let failures = 0;
let lastId = 0;
let lastN = 0;

const notConnected: Outcome<never> = { ok: false, code: 'not-running', message: LOST };

function tell(message: NumberedSnapshot | Delta): void {
  lastN = message.n;
  for (const follower of followers) follower(message);
}

function hear(told: Told): void {
  if ('outcome' in told) {
    waiting.get(told.id)?.(told.outcome);
    waiting.delete(told.id);
    return;
  }
  if ('snapshot' in told || told.n === lastN + 1) tell(told);
  else resync();
}

/** A connection begins with a snapshot, so one that is still being made need not be asked for it. */
function resync(): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ resync: true }));
}

function connect(): void {
  const made = new WebSocket(`ws://${location.host}/socket`);
  socket = made;
  made.onopen = () => {
    failures = 0;
  };
  made.onmessage = ({ data }) => hear(JSON.parse(String(data)) as Told);
  made.onclose = () => {
    for (const answer of waiting.values()) answer(notConnected);
    waiting.clear();
    if (failures === 0) tell({ n: lastN + 1, slices: { trouble: LOST } });
    setTimeout(connect, Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures));
    failures += 1;
  };
}

/** One after the other: the disk they go to is one. */
async function addFiles(
  files: readonly AddedFile[],
  folder: NodeId | null,
  done: (count: number) => void,
): Promise<Outcome<{ readonly added: number }>> {
  let added = 0;
  for (const { file, path } of files) {
    const to = JSON.stringify({ folder, path, mtimeMs: file.lastModified || null });
    const outcome = await send(`/files?to=${encodeURIComponent(to)}`, file);
    if (!outcome.ok) return outcome;
    added += 1;
    done(added);
  }
  return { ok: true, value: { added } };
}

async function send(url: string, file: File): Promise<Outcome<unknown>> {
  try {
    const response = await fetch(url, { method: 'POST', body: file });
    return response.ok ? ((await response.json()) as Outcome<unknown>) : notConnected;
  } catch {
    const message = `“${file.name}” could not be read or sent: check that it is still there, then add it again.`;
    return { ok: false, code: 'failed', message };
  }
}

const driftless: DriftlessWindow = {
  follow(listener) {
    followers.add(listener);
    resync();
    return () => followers.delete(listener);
  },
  resync,
  ask: <C extends CommandName>(command: C, input: Input<C>) =>
    new Promise<Outcome<Answer<C>>>((answer) => {
      if (socket === null || socket.readyState > WebSocket.OPEN) return answer(notConnected);
      const id = ++lastId;
      waiting.set(id, answer as (outcome: Outcome<unknown>) => void);
      const question = JSON.stringify({ id, ask: command, input });
      if (socket.readyState === WebSocket.OPEN) socket.send(question);
      else socket.addEventListener('open', ({ target }) => (target as WebSocket).send(question));
    }),
  addFiles,
  dragOut: () => undefined,
  onShow: () => () => undefined,
};

Object.defineProperty(window, 'driftless', { value: Object.freeze(driftless) });
connect();
