import {
  type Engine,
  EngineError,
  type EngineErrorCode,
  type EngineOptions,
  type EngineStatus,
  type HeldDeletes,
  type SyncSummary,
} from '../../main/engine/api.ts';
import { EngineInsight } from '../../main/engine/insight/view.ts';
import type { SyncProblem } from '../../main/engine/model.ts';

/** Where an engine double stands. `become` moves it there, as the work of a real engine would. */
export interface Standing {
  readonly status?: Partial<EngineStatus>;
  readonly summary?: Partial<SyncSummary>;
  readonly problems?: readonly SyncProblem[];
  readonly held?: readonly HeldDeletes[];
}

export interface EngineDouble extends Engine {
  become(standing: Standing): void;
  readonly calls: readonly string[];
}

export interface EngineScript {
  readonly options?: EngineOptions;
  /** `start` throws this. */
  readonly refuses?: { readonly code: EngineErrorCode; readonly message: string };
  /** Why no folder can be left to the server. */
  readonly refusesFolder?: string;
  /** Where it stands after `start`. */
  readonly starts?: Standing;
  /** Where `syncNow` leads. */
  readonly settles?: Standing;
  /** Goes offline and back all the time. */
  readonly flickers?: boolean;
}

/** An engine in memory: it does what a test says, and keeps the promises of the interface about listeners and generations. */
export function engineDouble(script: EngineScript = {}): EngineDouble {
  const listeners = new Set<(status: EngineStatus) => void>();
  const waiting: { generation: number; settle: (status: EngineStatus) => void }[] = [];
  const calls: string[] = [];
  const folders = new Set<string>();
  let status: EngineStatus = {
    state: 'scanning',
    pending: 0,
    generation: 0,
    syncedGeneration: 0,
    bytesDone: 0,
    bytesTotal: 0,
    problems: 0,
    message: null,
  };
  let summary: SyncSummary = {
    uploaded: 0,
    downloaded: 0,
    moved: 0,
    deleted: 0,
    conflicts: 0,
    problems: 0,
    bytesSent: 0,
    bytesReceived: 0,
    seconds: 0,
  };
  let problems: readonly SyncProblem[] = [];
  let held: readonly HeldDeletes[] = [];

  const become = (standing: Standing): void => {
    problems = standing.problems ?? problems;
    held = standing.held ?? held;
    summary = { ...summary, ...standing.summary, problems: problems.length };
    status = { ...status, ...standing.status, problems: problems.length };
    const atRest = status.state === 'idle' || status.state === 'waiting' || status.state === 'halted';
    if (atRest) status = { ...status, syncedGeneration: status.generation };
    for (const listener of listeners) listener(status);
    if (atRest) for (const { settle } of waiting.splice(0)) settle(status);
  };

  return {
    calls,
    become,
    insight: new EngineInsight(() => 0),
    async open() {},
    async start() {
      calls.push('start');
      if (script.refuses) throw new EngineError(script.refuses.code, script.refuses.message);
      become(script.starts ?? {});
      if (script.flickers) {
        setInterval(() => become({ status: { state: status.state === 'offline' ? 'idle' : 'offline' } }), 20).unref();
      }
    },
    device: () => null,
    signedOut: false,
    async signOut() {
      calls.push('signOut');
      return true;
    },
    status: () => status,
    summary: () => summary,
    problems: () => problems,
    problemsBetween: (from, to) => problems.slice(from, to).map((problem) => ({ ...problem, id: null })),
    countProblems: () => problems.length,
    get problemsRevision() {
      return JSON.stringify(problems);
    },
    held: () => held,
    syncNow() {
      calls.push('syncNow');
      const generation = status.generation + 1;
      status = { ...status, generation };
      const { settles } = script;
      if (settles) setImmediate(() => become(settles));
      return generation;
    },
    settled(generation) {
      if (status.syncedGeneration >= generation) return Promise.resolve(status);
      return new Promise((settle) => waiting.push({ generation, settle }));
    },
    pause(forMs) {
      calls.push(`pause ${forMs}`);
      become({ status: { state: 'paused' } });
    },
    resume() {
      calls.push('resume');
      become({ status: { state: 'idle' } });
    },
    pauseOn({ onBattery, onMetered }) {
      calls.push(`pauseOn ${onBattery} ${onMetered}`);
    },
    approveDeletes() {
      calls.push('approve');
      become({ held: [], status: { state: 'idle' } });
    },
    denyDeletes() {
      calls.push('deny');
      become({ held: [], status: { state: 'idle' } });
    },
    cloudOnly: () => [...folders],
    setCloudOnly(path, on) {
      calls.push(`cloud-only ${path} ${on}`);
      if (script.refusesFolder) return script.refusesFolder;
      if (on) folders.add(path);
      else folders.delete(path);
      return null;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      calls.push('stop');
    },
  };
}
