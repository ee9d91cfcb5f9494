import { OWN_FOLDER } from '../../shared/names.ts';
import type { Action, Deed, Event, ServerEvent } from './actions.ts';
import { isDeed } from './actions.ts';
import { Chance } from './chance.ts';
import { nameOf } from './contents.ts';
import { Device, ROOT } from './device.ts';
import type { Inode } from './disk.ts';
import type { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { ModelServer } from './modelServer.ts';
import { ModelUploads } from './modelUploads.ts';
import { Network, NO_FAULTS } from './network.ts';
import { Person } from './person.ts';
import { type Owner, Scheduler, settled } from './scheduler.ts';

/** How long, in steps, anything is waited for that should be over soon. */
const SOON = 3_000;
const LOOK_EVERY = 20;
/** Nobody waits longer than this, in ms, before they do the next thing; and nobody waits for more than a day. */
const SHORTLY_MS = 90_000;
const LATER_MS = 86_400_000;

/** Computers, people, network and server, and the one thread of time that they share. */
export class World {
  readonly scheduler: Scheduler;
  readonly devices: readonly Device[];
  readonly server: ModelServer;
  readonly network: Network;
  readonly ledger = new Ledger();
  readonly #people: ReadonlyMap<string, Person>;
  readonly #everybody: Owner = { alive: true };
  readonly #trace: ((text: string) => void) | null;
  readonly #power: Chance;
  #busy = 0;
  #backup: ReturnType<ModelServer['backup']> | undefined;

  constructor(history: Omit<History, 'actions'>, trace: ((text: string) => void) | null) {
    const { seed, grain, deaf } = history;
    this.#trace = trace;
    this.#power = new Chance(seed, 'power');
    this.scheduler = new Scheduler(new Chance(seed, 'schedule'));
    this.server = new ModelServer(new Chance(seed, 'server'));
    const say = (text: () => string): void => this.say(text);
    const uploads = new ModelUploads(this.server);
    this.network = new Network(this.scheduler, new Chance(seed, 'network'), this.server, uploads, say);
    this.network.faults = history.faults;
    this.devices = history.devices.map(({ name, names }) => {
      const chance = new Chance(seed, `device ${name}`);
      const { scheduler, network } = this;
      return new Device({ name, names, grain, deaf, scheduler, chance, network, trace: say });
    });
    this.#people = new Map(this.devices.map((device) => [device.name, new Person(device, this.ledger)]));
    for (const device of this.devices) device.start();
  }

  say(text: () => string): void {
    this.#trace?.(`${this.scheduler.monotonic.toFixed(1).padStart(9)} ${text()}`);
  }

  /** Lets so many things happen. */
  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i += 1) {
      if (!(await this.#step(SHORTLY_MS))) return;
    }
  }

  /** Until nobody has anything to do, or for a while. */
  async untilQuiet(): Promise<void> {
    for (let steps = 0; steps < SOON; steps += LOOK_EVERY) {
      await this.run(LOOK_EVERY);
      if (this.#busy === 0 && this.devices.every(({ engine }) => !engine || engine.status().state === 'idle')) return;
    }
  }

  /** What has just been begun may have to go on before there is anything to wait for. */
  async #step(withinMs: number): Promise<boolean> {
    if (!this.scheduler.step(withinMs)) {
      await settled();
      if (!this.scheduler.step(withinMs)) return false;
    }
    await settled();
    return true;
  }

  async until(isSo: () => boolean, steps: number): Promise<boolean> {
    for (let i = 0; i < steps; i += 1) {
      if (isSo()) return true;
      if (!(await this.#step(LATER_MS))) return isSo();
    }
    return isSo();
  }

  async untilPeopleRest(): Promise<void> {
    await this.until(() => this.#busy === 0, SOON);
  }

  async act(action: Action): Promise<void> {
    for (const device of this.devices) if (this.#power.happens(0.3)) device.checkpoint();
    if (action.after === 'quiet') await this.untilQuiet();
    else await this.run(action.after);
    const { after: _, ...what } = action;
    this.say(() => `>>> ${JSON.stringify(what)}`);
    if (!('device' in what)) return this.#serverEvent(what);
    const device = this.devices.find(({ name }) => name === what.device);
    if (!device) return;
    if (isDeed(what)) this.#do(device, what);
    else this.#event(device, what);
  }

  /** Everything works again, and everybody is at work. */
  heal(): void {
    this.network.faults = NO_FAULTS;
    this.network.up = true;
    this.server.full = false;
    for (const device of this.devices) {
      device.disk.full = false;
      for (const { inode } of device.disk.walk(ROOT)) inode.readable = true;
      device.start();
    }
  }

  close(): void {
    for (const device of this.devices) device.close();
  }

  #do(device: Device, deed: Deed): void {
    const steps = this.#people.get(device.name)?.does(deed);
    if (!steps) return;
    this.#busy += 1;
    const next = (): void => {
      if (steps.next().done) this.#busy -= 1;
      else this.scheduler.task(this.#everybody, next);
    };
    next();
  }

  #event(device: Device, event: Event): void {
    switch (event.do) {
      case 'kill':
        device.kill();
        return;
      case 'power-cut':
        this.#cutPower(device);
        return;
      case 'start':
        device.start();
        return;
      case 'sync-now':
        device.engine?.syncNow();
        return;
      case 'disk-full':
        device.disk.full = event.on;
        return;
    }
  }

  /** What no device had any more, only the server remembered: now nobody does. */
  #putBack(backup: ReturnType<ModelServer['backup']>): void {
    const there = new Set(this.devices.flatMap((device) => [...filesOf(device)].map(({ bytes }) => nameOf(bytes))));
    for (const bytes of this.server.contents) {
      if (!there.has(nameOf(bytes))) this.ledger.gaveUp(bytes, 'the server was put back');
    }
    this.server.restoreFrom(backup);
  }

  /**
   * What only this disk had, and had not made durable, nobody can give back. What a program of a person had not, the server
   * need only remember: the engine cannot know that a file is not what it was for want of power.
   */
  #cutPower(device: Device): void {
    const before = [...filesOf(device)].map((inode) => ({ inode, bytes: inode.bytes, author: inode.author }));
    device.cutPower();
    const left = new Set(filesOf(device));
    const contents = new Set(this.devices.flatMap((each) => [...filesOf(each)].map(({ bytes }) => nameOf(bytes))));
    for (const bytes of this.server.contents) contents.add(nameOf(bytes));
    for (const { inode, bytes, author } of before) {
      if (left.has(inode) && inode.bytes === bytes) continue;
      if (!contents.has(nameOf(bytes))) this.ledger.gaveUp(bytes, `lost with the power of ${device.name}`);
      else if (author === 'person') this.ledger.lostPower(bytes);
    }
  }

  #serverEvent(event: ServerEvent): void {
    switch (event.do) {
      case 'server-down':
        this.network.crash();
        return;
      case 'server-up':
        this.network.up = true;
        return;
      case 'quota':
        this.server.full = event.on;
        return;
      case 'backup':
        this.#backup = this.server.backup();
        return;
      case 'restore':
        if (this.#backup) this.#putBack(this.#backup);
        return;
    }
  }
}

/** What lies parked for a moment is a person's. */
const PARKED = `${OWN_FOLDER}/tmp/parked-`;

/** All but the engine's own. */
function* filesOf({ disk }: Device): Generator<Inode> {
  for (const { path, inode } of disk.walk(ROOT)) {
    if (inode.kind === 'file' && (!path.startsWith(OWN_FOLDER) || path.startsWith(PARKED))) yield inode;
  }
}
