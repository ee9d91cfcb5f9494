// Loaded by Electron before the app (`-r`): notes what the app shows outside its window, which nothing can read back.
const { Tray, Notification, nativeImage, shell } = require('electron');

const state = { tray: null, menu: [], images: new Map() };
const spied = {
  notices: [],
  opened: [],
  tray: () => state.tray,
  choose(label) {
    const item = state.menu.find((one) => one.enabled && one.label.startsWith(label));
    if (item === undefined) throw new Error(`The tray has no “${label}”`);
    item.click();
  },
  pass,
};
globalThis.driftlessSpied = spied;

const fromPath = nativeImage.createFromPath;
nativeImage.createFromPath = (path) => {
  const image = fromPath.call(nativeImage, path);
  state.images.set(image, path);
  return image;
};

around(Tray.prototype, 'setToolTip', (tooltip) => shown({ tooltip }));
around(Tray.prototype, 'setImage', (image) => shown({ image: state.images.get(image) ?? '' }));
around(Tray.prototype, 'setContextMenu', (menu) => {
  state.menu = menu.items.filter(({ type }) => type !== 'separator');
  shown({ lines: state.menu.map(({ label }) => label.replaceAll('&&', '&')) });
});
around(Notification.prototype, 'show', function noted() {
  spied.notices.push(this.body);
});
for (const way of ['openPath', 'openExternal', 'showItemInFolder']) {
  shell[way] = async (what) => {
    spied.opened.push(what);
    return '';
  };
}

function shown(change) {
  state.tray = { image: '', tooltip: '', lines: [], ...state.tray, ...change };
}

function around(object, name, before) {
  const real = object[name];
  object[name] = function wrapped(...args) {
    before.apply(this, args);
    return real.apply(this, args);
  };
}

// Long waits can be ended by a test; they end by themselves as ever.
const waiting = new Set();
const realSet = globalThis.setTimeout;
const realClear = globalThis.clearTimeout;
globalThis.setTimeout = (run, ms = 0, ...args) => {
  if (ms < 500) return realSet(run, ms, ...args);
  const one = {
    ms,
    run() {
      waiting.delete(one);
      run(...args);
    },
  };
  one.timer = realSet(one.run, ms);
  waiting.add(one);
  return one.timer;
};
globalThis.clearTimeout = (timer) => {
  for (const one of waiting) if (one.timer === timer) waiting.delete(one);
  realClear(timer);
};
function pass(ms) {
  for (const one of [...waiting]) {
    if (one.ms > ms || !waiting.has(one)) continue;
    globalThis.clearTimeout(one.timer);
    one.run();
  }
}
