import { COMMANDS, type CommandName, type Outcome } from '../../shared/desktop/commands.ts';
import {
  type AccountSlice,
  type Delta,
  type NumberedSnapshot,
  RECENT_SHOWN,
  type Snapshot,
} from '../../shared/desktop/snapshot.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import type { EngineOptions } from '../engine/api.ts';
import { type Library, openLibrary } from '../library/library.ts';
import { applySettings } from './applySettings.ts';
import { appCommands } from './commands/app.ts';
import { conflictCommands } from './commands/conflicts.ts';
import { deviceCommands } from './commands/devices.ts';
import { fileCommands } from './commands/files.ts';
import { libraryCommands } from './commands/library.ts';
import { nodeCommands } from './commands/nodes.ts';
import { serverCommands } from './commands/server.ts';
import { settingsCommands } from './commands/settings.ts';
import { setupCommands } from './commands/setup.ts';
import { syncCommands } from './commands/sync.ts';
import type { DeskContext } from './context.ts';
import type { Handlers } from './handlers.ts';
import type { Host } from './host.ts';
import { MESSAGES, outcomeOfError, refused } from './messages.ts';
import { ProblemLists } from './problemLists.ts';
import { ServerFacts } from './server.ts';
import type { Session } from './session.ts';
import { SettingsFile } from './settingsFile.ts';
import { Slices } from './slices.ts';
import { TransferLists } from './transferLists.ts';

export interface DeskOptions {
  readonly session: Session;
  readonly options: EngineOptions;
  readonly host: Host;
  /** The server runs on this computer, for this person. */
  readonly ownServer: boolean;
  /** Paths as a person reads them. */
  readonly shortPath: (path: string) => string;
}

/** Everything that a window can learn and ask for. It knows neither how messages travel nor what shows them. */
export interface Desk {
  readonly library: Library;
  snapshot(): NumberedSnapshot;
  /** Returns how to stop. */
  follow(listener: (delta: Delta) => void): () => void;
  /** Both as they arrived: nothing about them is known yet. Never rejects. */
  ask(command: unknown, input: unknown): Promise<Outcome<unknown>>;
  /** What keeps the engine or the server from running; null: nothing does. */
  trouble(message: string | null): void;
  close(): void;
}

/** To be called when the engine is open; the library is readable from then on, whether or not the server answers. */
export function openDesk({ session, options, host, ownServer, shortPath }: DeskOptions): Desk {
  const { engine } = session;
  const { insight } = engine;
  const library = openLibrary(options.stateDir, insight);
  const settings = new SettingsFile(options.stateDir, { limitUp: options.limitUp, limitDown: options.limitDown });
  const transfers = new TransferLists(insight, library, () => Date.now());
  const problems = new ProblemLists(engine, library, options.deviceName, () => Date.now());
  const server = new ServerFacts(insight, () => slices.due());
  let trouble: string | null = null;
  let activity = 0;
  let resting = false;

  const account = (): AccountSlice | null =>
    server.account && {
      ...server.account,
      server: options.serverUrl.replace(/^https?:\/\//, ''),
      own: ownServer,
      device: options.deviceName,
      signInAgain: null,
    };
  const build = (): Snapshot => snapshotOf(session.view());
  const snapshotOf = (sync: SyncView): Snapshot => ({
    host: host.slice,
    sync,
    trouble,
    stopped: null,
    setup: { needed: false, folder: shortPath(session.folder) },
    account: account(),
    library: {
      revision: library.revision,
      ...library.counts,
      recent: library.recent(RECENT_SHOWN),
      complete: library.settled,
    },
    storage: server.storage,
    transfers: transfers.slice(),
    problems: problems.slice(sync.problems),
    activity: { revision: activity },
    settings: settings.now,
  });
  const slices = new Slices(build);
  const context: DeskContext = {
    ...{ session, library, host, settings, transfers, problems },
    serverUrl: options.serverUrl,
    changed: () => slices.due(),
  };
  const handlers: Handlers = {
    ...libraryCommands(context),
    ...nodeCommands(context),
    ...serverCommands(context),
    ...fileCommands(context),
    ...syncCommands(context),
    ...conflictCommands(context),
    ...settingsCommands(context),
    ...setupCommands(context),
    ...deviceCommands(context),
    ...appCommands,
  };

  const stopEngine = session.onChange(({ state }) => {
    // What has been done is stored by now, and counted by the server.
    const rests = state === 'idle' || state === 'waiting';
    if (rests && !resting) activity += 1;
    resting = rests;
    server.due();
    slices.due();
  });
  const stopLibrary = library.onChanged(() => slices.due());
  applySettings(session.engine, settings.now);
  host.onSettings(settings.now);

  return {
    library,
    snapshot: () => slices.snapshot(),
    follow: (listener) => slices.follow(listener),
    ask: (command, input) => ask(handlers, command, input),
    trouble(message) {
      trouble = message;
      slices.due();
    },
    close() {
      stopEngine();
      stopLibrary();
      slices.close();
      server.close();
      transfers.close();
      library.stop();
    },
  };
}

/** The one place where what a window says is parsed. */
async function ask(handlers: Handlers, command: unknown, input: unknown): Promise<Outcome<unknown>> {
  if (typeof command !== 'string' || !isCommand(command)) return refused('refused', MESSAGES.unknown);
  const parsed = COMMANDS[command].safeParse(input);
  if (!parsed.success) return refused('refused', MESSAGES.malformed);
  // Name and input belong together by the table above; a type cannot follow them through a lookup.
  const handle = handlers[command] as (input: unknown) => unknown;
  try {
    return { ok: true, value: await handle(parsed.data) };
  } catch (error) {
    return outcomeOfError(error);
  }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);
