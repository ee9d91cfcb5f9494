import '../headless/tuning.ts';
import type { ParentPort } from 'electron';
import { type Command, type Outcome, PROBLEMS_SHOWN } from '../../shared/desktop/contract.ts';
import { EngineError, type EngineOptions } from '../engine/api.ts';
import { createEngine } from '../engine/engine.ts';
import { shortPath } from '../headless/places.ts';
import { openSession, type Session } from '../headless/session.ts';
import type { FromEngine, ToEngine } from './engineMessages.ts';

/** The engine in a process of its own: the app's main process must never wait for a disk. */
const port: ParentPort = process.parentPort;
const tell = (message: FromEngine): void => port.postMessage(message);

let session: Session | null = null;

port.on('message', ({ data }) => {
  const message = data as ToEngine;
  switch (message.type) {
    case 'start':
      void start(message.options);
      return;
    case 'command':
      tell({ type: 'outcome', id: message.id, outcome: obey(message.command) });
      return;
    case 'stop':
      void stop();
      return;
  }
});

async function start(options: EngineOptions): Promise<void> {
  const opened = openSession(options, createEngine);
  session = opened;
  const show = (): void => {
    const problems = opened.engine.problems().slice(0, PROBLEMS_SHOWN);
    tell({ type: 'snapshot', snapshot: { folder: shortPath(opened.folder), view: opened.view(), problems } });
  };
  opened.onChange(show);
  try {
    await opened.start();
    show();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ type: 'refused', message: error.message });
  }
}

function obey(command: Command): Outcome {
  if (session === null) return { ok: false, code: 'not-running', message: 'The engine is still starting: try again.' };
  switch (command) {
    case 'syncNow':
      session.engine.syncNow();
      break;
    case 'pause':
      session.pause(null);
      break;
    case 'resume':
      session.resume();
      break;
  }
  return { ok: true };
}

async function stop(): Promise<void> {
  await session?.stop();
  process.exit(0);
}
