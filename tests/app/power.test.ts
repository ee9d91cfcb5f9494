import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { expect, test } from 'vitest';
import { ASK_MS, followPower } from '../../main/app/power.ts';
import { bothOf, ToldSurroundings } from '../../main/app/surroundings.ts';
import { view } from './snapshot.ts';

function scene() {
  const monitor = Object.assign(new EventEmitter(), { onBatteryPower: false });
  const done: (string | boolean)[] = [];
  const waits: number[] = [];
  const net = { online: true };
  let due: (() => void) | null = null;
  const power = followPower({
    monitor: monitor as unknown as PowerMonitor,
    isOnline: () => net.online,
    onBattery: (on) => done.push(on),
    lookNow: () => done.push('look'),
    after: (ms, run) => {
      waits.push(ms);
      due = run;
      return () => {
        due = null;
      };
    },
  });
  const pass = (): void => {
    const run = due;
    due = null;
    run?.();
  };
  return { ...{ monitor, done, waits, net, power, pass }, waiting: () => due !== null };
}

test('the plug is told at the start and whenever it changes', () => {
  const { monitor, done } = scene();
  monitor.onBatteryPower = true;
  monitor.emit('on-battery');
  monitor.onBatteryPower = false;
  monitor.emit('on-ac');
  expect(done).toEqual([false, true, false]);
});

test('a computer that wakes up looks at both sides at once', () => {
  const { monitor, done } = scene();
  monitor.emit('resume');
  expect(done).toEqual([false, 'look']);
});

test('a network that is back is noticed while sync is offline, and nobody asks before or after', () => {
  const { done, waits, net, power, pass, waiting } = scene();
  power.hear(view('idle'));
  expect(waiting()).toBe(false);
  net.online = false;
  power.hear(view('offline'));
  power.hear(view('offline'));
  pass();
  net.online = true;
  pass();
  expect(done).toEqual([false, 'look']);
  expect(new Set(waits)).toEqual(new Set([ASK_MS]));
  power.hear(view('idle'));
  expect(waiting()).toBe(false);
});

test('a server that is away on a network that is there makes nobody hurry', () => {
  const { done, power, pass } = scene();
  power.hear(view('offline'));
  pass();
  pass();
  expect(done).toEqual([false]);
});

test('surroundings that are told say so once, and not what has not changed', () => {
  const told = new ToldSurroundings();
  const heard: boolean[] = [];
  const stop = told.onChange(() => heard.push(told.now.onBattery));
  told.tell({ onBattery: true });
  told.tell({ onBattery: true });
  told.tell({ onBattery: false });
  stop();
  told.tell({ onBattery: true });
  expect(heard).toEqual([true, false]);
});

test('two sources are bad as soon as one of them is', () => {
  const plug = new ToldSurroundings();
  const network = new ToldSurroundings();
  const both = bothOf(plug, network);
  let changes = 0;
  const stop = both.onChange(() => changes++);
  plug.tell({ onBattery: true });
  network.tell({ metered: true });
  expect([both.now, changes]).toEqual([{ onBattery: true, metered: true }, 2]);
  stop();
  plug.tell({ onBattery: false });
  expect(changes).toBe(2);
});
