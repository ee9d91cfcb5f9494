import type { CommandName } from '../../shared/desktop/commands.ts';
import { type AccountSlice, RECENT_SHOWN, type Snapshot } from '../../shared/desktop/snapshot.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import type { EngineOptions } from '../engine/api.ts';
import { type Library, openLibrary } from '../library/library.ts';
import { applySettings } from './applySettings.ts';
import { answered } from './asking.ts';
import { appCommands } from './commands/app.ts';
import { conflictCommands } from './commands/conflicts.ts';
import { deviceCommands } from './commands/devices.ts';
import { fileCommands } from './commands/files.ts';
import { libraryCommands } from './commands/library.ts';
import { nodeCommands } from './commands/nodes.ts';
import { reportCommands } from './commands/report.ts';
import { serverCommands } from './commands/server.ts';
import { settingsCommands } from './commands/settings.ts';
import { syncCommands } from './commands/sync.ts';
import type { DeskContext } from './context.ts';
import type { Facing } from './front.ts';
import type { Handlers } from './handlers.ts';
import type { Host } from './host.ts';
import type { HouseholdCommand } from './household.ts';
import { MESSAGES, refused } from './messages.ts';
import { chosenSetup } from './nothingKnown.ts';
import { ProblemLists } from './problemLists.ts';
import { type Account, ServerFacts } from './server.ts';
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

/**
 * Everything that a window can learn and ask of one session. It knows neither how messages travel nor what shows them; what
 * would replace the session itself is asked of the household.
 */
export interface Desk extends Facing {
  readonly library: Library;
  /** What keeps the engine or the server from running; null: nothing does. */
  trouble(message: string | null): void;
  close(): void;
}

/** Signed out before the server could say who one is. */
const NOBODY: Account = { name: '', plan: '', clerkKey: null };

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

  const account = (): AccountSlice | null => {
    const signInAgain = engine.signedOut ? MESSAGES.signInAgain : null;
    const known = server.account ?? (engine.signedOut ? NOBODY : null);
    return (
      known && {
        ...known,
        server: options.serverUrl.replace(/^https?:\/\//, ''),
        own: ownServer,
        device: options.deviceName,
        signInAgain,
      }
    );
  };
  const build = (): Snapshot => snapshotOf(session.view());
  const snapshotOf = (sync: SyncView): Snapshot => ({
    host: host.slice,
    sync,
    trouble,
    stopped: null,
    setup: chosenSetup(shortPath(session.folder)),
    account: account(),
    library: {
      revision: library.revision,
      ...library.counts,
      recent: library.recent(RECENT_SHOWN),
      complete: library.settled,
    },
    storage: server.storage,
    transfers: transfers.slice(),
    problems: problems.slice(),
    activity: { revision: activity },
    settings: settings.now,
  });
  const slices = new Slices(build);
  const context: DeskContext = {
    ...{ session, library, host, settings, transfers, problems },
    serverUrl: options.serverUrl,
    changed: () => slices.due(),
  };
  const handlers: Handlers<Exclude<CommandName, HouseholdCommand>> = {
    ...libraryCommands(context),
    ...nodeCommands(context),
    ...serverCommands(context),
    ...fileCommands(context),
    ...syncCommands(context),
    ...conflictCommands(context),
    ...settingsCommands(context),
    ...reportCommands(context),
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
    ask: async (command, input) => (await answered(handlers, command, input)) ?? refused('refused', MESSAGES.unknown),
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
