import { readFileSync } from 'node:fs';

/** Name of the world that the preload script lives in: the page cannot reach into it, as in Electron. */
export const PRELOAD_WORLD = 'preload';
/** How the preload world speaks to the desktop; the page's world does not have it. */
export const BINDING = 'driftlessDesktop';

/** What the preload world says through the binding. */
export type FromPreload =
  | { readonly type: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly type: 'invoke'; readonly n: number; readonly channel: string; readonly args: readonly unknown[] }
  /** Where on the disk are the files that lie in `driftlessFiles[n]`? */
  | { readonly type: 'paths'; readonly n: number; readonly count: number };

/**
 * Both halves of contextBridge. Values cross from world to world as the details of events, which Chromium copies on the
 * way; functions and promises stay where they are and cross as numbers.
 */
const CROSSING = `
  const crossing = (mine, theirs) => {
    const functions = new Map(), promises = new Map();
    let last = 0, results = [];
    const plain = (value) => value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
    const out = (value) => {
      if (typeof value === 'function') { functions.set(++last, value); return { crossed: 'function', id: last }; }
      if (value instanceof Promise) {
        const id = ++last;
        value.then((v) => say({ what: 'kept', id, value: out(v) }), (e) => say({ what: 'broken', id, why: String(e) }));
        return { crossed: 'promise', id };
      }
      if (Array.isArray(value)) return value.map(out);
      if (plain(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, out(v)]));
      return value;
    };
    const back = (value) => {
      if (Array.isArray(value)) return value.map(back);
      if (!plain(value)) return value;
      if (value.crossed === 'function') return (...args) => {
        results.push(undefined);
        say({ what: 'call', id: value.id, args: out(args) });
        const { value: result, why } = results.pop();
        if (why !== undefined) throw new Error(why);
        return back(result);
      };
      if (value.crossed === 'promise') return new Promise((keep, breaks) => promises.set(value.id, { keep, breaks }));
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, back(v)]));
    };
    const say = (detail) => window.dispatchEvent(new CustomEvent(theirs, { detail }));
    const heard = {
      call({ id, args }) {
        try { say({ what: 'result', value: out(around(functions.get(id), back(args))) }); }
        catch (error) { say({ what: 'result', why: String(error) }); }
      },
      result(result) { results[results.length - 1] = result; },
      kept({ id, value }) { promises.get(id)?.keep(back(value)); promises.delete(id); },
      broken({ id, why }) { promises.get(id)?.breaks(new Error(why)); promises.delete(id); },
    };
    let around = (run, args) => run(...args);
    window.addEventListener(mine, ({ detail }) => {
      detail.what === 'expose' ? exposed?.(detail.key, back(detail.value)) : heard[detail.what](detail);
    });
    let exposed = null;
    return {
      onExposed: (listener) => { exposed = listener; },
      around: (wrap) => { around = wrap; },
      expose: (key, value) => say({ what: 'expose', key, value: out(value) }),
    };
  };
`;

/** For the page's own world: defines what the preload script exposes. */
export const pageScript = (secret: string): string => `(() => {
  if (window !== window.top) return;
  ${CROSSING}
  const frozen = (value) => (Object.values(value).forEach((v) => typeof v === 'object' && v !== null && frozen(v)), Object.freeze(value));
  crossing('${secret}-page', '${secret}-preload').onExposed((key, value) => {
    Object.defineProperty(window, key, { value: frozen(value) });
  });
})()`;

/** For the preload world: Electron's renderer half, and in it the built preload script. */
export const preloadScript = (secret: string, preload: string): string => `(() => {
  if (window !== window.top) return;
  ${CROSSING}
  const bridge = crossing('${secret}-preload', '${secret}-page');
  const say = (message) => ${BINDING}(JSON.stringify(message));
  const listeners = new Map(), waiting = new Map(), paths = new WeakMap();
  let n = 0;
  globalThis.driftlessFiles = {};
  globalThis.driftlessHear = {
    channel: (channel, args) => { for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args); },
    answer: (id, value, why) => {
      const { keep, breaks } = waiting.get(id);
      waiting.delete(id);
      why === undefined ? keep(value) : breaks(new Error(why));
    },
  };
  const asked = (message) => new Promise((keep, breaks) => { waiting.set(message.n, { keep, breaks }); say(message); });
  const filesIn = (value) => value instanceof File ? [value]
    : value !== null && typeof value === 'object' ? Object.values(value).flatMap(filesIn) : [];
  // Electron's native half knows a file's path at once; here it is asked for before the function hears of the file.
  bridge.around((run, args) => {
    const files = filesIn(args);
    if (files.length === 0) return run(...args);
    const id = ++n;
    globalThis.driftlessFiles[id] = files;
    return asked({ type: 'paths', n: id, count: files.length }).then((found) => {
      files.forEach((file, i) => paths.set(file, found[i]));
      delete globalThis.driftlessFiles[id];
      return run(...args);
    });
  });
  const electron = {
    contextBridge: { exposeInMainWorld: (key, value) => bridge.expose(key, value) },
    webUtils: { getPathForFile: (file) => paths.get(file) ?? '' },
    ipcRenderer: {
      on: (channel, listener) => { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); },
      off: (channel, listener) => { listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)); },
      send: (channel, ...args) => say({ type: 'send', channel, args }),
      invoke: (channel, ...args) => asked({ type: 'invoke', n: ++n, channel, args }),
    },
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error('module not found: ' + name);
    return electron;
  };
  ((require) => {${readFileSync(preload, 'utf8')}
  })(require);
})()`;
