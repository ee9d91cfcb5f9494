import { Agenda } from './agenda.ts';
import { EngineError, type EngineOptions } from './api.ts';
import { freedBy } from './apply/freed.ts';
import type { LocalDisk } from './apply/local/localDisk.ts';
import type { Outcome } from './apply/outcome.ts';
import { type ApplyContext, performer } from './apply/perform.ts';
import { UndoKeeper } from './apply/undoKeeper.ts';
import { Cancelled } from './cancelled.ts';
import { CloudOnly } from './cloudOnly/cloudOnly.ts';
import { Departures } from './cloudOnly/departures.ts';
import type { Root } from './disk/root.ts';
import { ServerGate } from './gate.ts';
import { DeleteGuard } from './guard.ts';
import type { Hasher } from './hash/hasher.ts';
import { Lanes, laneOf } from './lanes.ts';
import { ControlLoop, type LoopContext } from './loop.ts';
import { DiskObserver } from './observe/diskObserver.ts';
import { ServerObserver } from './observe/serverObserver.ts';
import type { Operation } from './plan/operations.ts';
import type { EnginePorts } from './ports.ts';
import { IgnoreFile } from './scan/ignoreFile.ts';
import { OwnWrites } from './scan/ownWrites.ts';
import type { State } from './store/state.ts';
import type { Tally } from './tally.ts';
import { type ServerApi, ServerFailure } from './transfer/server.ts';
import { Rescans } from './watch/rescans.ts';

/** What exists from start to stop. */
export interface Parts {
  readonly state: State;
  readonly root: Root;
  readonly localDisk: LocalDisk;
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly agenda: Agenda;
  readonly lanes: Lanes;
  readonly loop: ControlLoop;
  readonly gate: ServerGate;
  readonly disk: DiskObserver;
  readonly server: ServerObserver;
  readonly undo: UndoKeeper;
  readonly cloudOnly: CloudOnly;
  readonly departures: Departures;
  readonly rescans: Rescans;
  readonly guards: { readonly local: DeleteGuard; readonly remote: DeleteGuard };
}

export interface Assembly {
  readonly options: EngineOptions;
  readonly ports: EnginePorts;
  readonly tally: Tally;
  readonly state: State;
  readonly root: Root;
  readonly api: ServerApi;
  readonly mayStart: LoopContext['mayStart'];
  readonly hurried: LoopContext['hurried'];
  readonly react: (operation: Operation, outcome: Outcome) => void;
  readonly changed: LoopContext['changed'];
  readonly turned: LoopContext['turned'];
  /** Asks the server, so that the gate learns whether it is there; answers whether it is. */
  readonly askServer: () => Promise<boolean>;
  /** The folder or the account is not what it was. */
  readonly onHalt: (message: string) => void;
  readonly onDefect: (error: unknown) => void;
}

/** Connects nothing yet. Throws EngineError when the address is refused. */
export function connect({ serverUrl, limitUp, limitDown }: EngineOptions, ports: EnginePorts): ServerApi {
  try {
    return ports.connectServer({ url: serverUrl, clock: ports.clock, limitUp, limitDown });
  } catch (error) {
    if (error instanceof ServerFailure) throw new EngineError('server-unreachable', error.message);
    throw error;
  }
}

/** Puts the parts of an engine together. Nothing runs yet. */
export function assemble(assembly: Assembly): Parts {
  const { options, ports, tally, state, root, api, onDefect } = assembly;
  const { clock, random, fs } = ports;
  const ownWrites = new OwnWrites();
  const hasher = ports.createHasher();
  const agenda = new Agenda(laneOf, Cancelled.of(state));
  const guards = { local: new DeleteGuard(), remote: new DeleteGuard() };
  const server: ServerObserver = new ServerObserver(api, state, () => {
    agenda.cancelTransfers();
    return lanes.idle();
  });
  const ignores = new IgnoreFile(fs, root);
  const localDisk: LocalDisk = { fs, root, clock, random, ignores, device: options.deviceName };
  const disk = new DiskObserver({
    state,
    fs,
    root,
    ignores,
    ownWrites,
    clock,
    random,
    onHalt: ({ message }) => assembly.onHalt(message),
    onLooked: (report) => {
      agenda.retry('in-the-way', freedBy(state, report));
      loop.wake();
    },
    onDefect: assembly.onDefect,
  });
  const apply: ApplyContext = {
    state,
    api,
    hasher,
    random,
    tally,
    disk: localDisk,
    ownWrites,
    seenSeq: () => server.seenSeq,
    isConfirmed: (id) => options.allowDeletes || guards.remote.isApproved(id),
    onDeleted: (direction, id, files) => guards[direction].record(id, files, clock.monotonic()),
    onFresh: (id) => disk.recheck(state.local.get(id)?.parentId ?? null),
  };
  const lanes = new Lanes(performer(apply), onDefect);
  const gate = new ServerGate(clock, random, () => void assembly.askServer());
  const cloudOnly = new CloudOnly(state);
  const departures = new Departures({
    state,
    disk: localDisk,
    hasher,
    ownWrites,
    cloudOnly,
    askServer: assembly.askServer,
    isWorking: () => agenda.isWorking,
    lookAgain: (folders) => void disk.look(folders).catch(onDefect),
    onDone: () => loop.wake(),
    onDefect,
  });
  const loop: ControlLoop = new ControlLoop({
    state,
    cloudOnly,
    agenda,
    lanes,
    guards: options.allowDeletes ? null : guards,
    clock,
    random,
    device: options.deviceName,
    mayStart: assembly.mayStart,
    observed: () => disk.looked && server.caughtUp,
    hurried: assembly.hurried,
    react: assembly.react,
    changed: assembly.changed,
    turned: assembly.turned,
    onDefect,
  });
  const undo = UndoKeeper.of(localDisk);
  const rescans = new Rescans(clock, (folders) => (folders === 'all' ? disk.look('all') : disk.lookAt(folders)));
  return {
    ...{ state, root, localDisk, api, hasher, agenda, lanes, loop, gate, disk, server, guards },
    ...{ undo, cloudOnly, departures, rescans },
  };
}
