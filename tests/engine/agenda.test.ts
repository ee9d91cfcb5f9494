import { expect, test } from 'vitest';
import { Agenda } from '../../main/engine/agenda.ts';
import { Cancelled } from '../../main/engine/cancelled.ts';
import { CANCELLED_PROBLEM, PAUSED, PAUSED_PROBLEM } from '../../main/engine/insight/transfers.ts';
import { laneOf } from '../../main/engine/lanes.ts';
import type { DiskStat } from '../../main/engine/model.ts';
import type { Operation, Planned } from '../../main/engine/plan/operations.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';

const A = 'a' as NodeId;
const B = 'b' as NodeId;
const anything = () => true;
const atOnce = () => 0;

const stat = (mtimeNs: bigint): DiskStat => ({
  kind: 'file',
  size: 10,
  mtimeNs,
  ino: 1n,
  dev: 1n,
  birthNs: 1n,
  changeNs: 0n,
  links: 1,
  executable: false,
});

const upload = (id: NodeId, mtimeNs = 1n): Operation => ({
  kind: 'upload',
  id,
  stat: stat(mtimeNs),
  baseContentRev: null,
  place: { parentId: null, name: id },
  executable: false,
});

const planned = (operation: Operation, ...after: NodeId[]): Planned => ({ operation, after, breaks: [] });
const newAgenda = () => new Agenda(laneOf);

test('offers what is ready and keeps back what waits for another node', () => {
  const agenda = newAgenda();
  agenda.replace([A, B], [planned(upload(A)), planned(upload(B), A)], atOnce);
  expect(agenda.take('smallUp', 0, anything).map(({ operation }) => operation.id)).toEqual([A]);
  expect(agenda.take('smallUp', 0, anything)).toEqual([]);
  expect([...agenda.waitingFor([A])]).toEqual([B]);
  expect(agenda.pendingCount()).toBe(2);
});

test('a node is not moved on disk while a download takes its place there', () => {
  const agenda = newAgenda();
  const place = { parentId: null, name: 'a' };
  const contentId = 'c' as ContentId;
  const download: Operation = {
    kind: 'download',
    id: A,
    contentId,
    contentRev: 1,
    size: 10,
    mtimeMs: 1,
    executable: false,
    serverExecutable: false,
    place,
    replaces: stat(1n),
  };
  const move: Operation = { kind: 'moveLocal', id: A, place: { ...place, name: 'b' }, stat: stat(1n) };
  agenda.replace([A], [planned(download)], atOnce);
  agenda.take('smallDown', 0, anything);
  agenda.replace([A], [planned(move), planned({ ...download, place: move.place }, A)], atOnce);
  expect(agenda.take('local', 0, anything)).toEqual([]);
  agenda.finish(download);
  expect(agenda.take('local', 0, anything).map(({ operation }) => operation)).toEqual([move]);
});

test('work that a newer plan still wants goes on and is not begun twice', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A))], atOnce);
  const [task] = agenda.take('smallUp', 0, anything);
  agenda.replace([A], [planned(upload(A))], atOnce);
  expect(task?.signal.aborted).toBe(false);
  expect(agenda.take('smallUp', 0, anything)).toEqual([]);
});

test('work on an older base is cancelled, and the new one begins when it has ended', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A, 1n))], atOnce);
  const [task] = agenda.take('smallUp', 0, anything);
  agenda.replace([A], [planned(upload(A, 2n))], atOnce);
  expect(task?.signal.aborted).toBe(true);
  expect(agenda.take('smallUp', 0, anything)).toEqual([]);
  agenda.finish(upload(A, 1n));
  expect(agenda.take('smallUp', 0, anything)).toHaveLength(1);
});

test('a problem holds up only its own operation, and ends when the node changes', () => {
  const agenda = newAgenda();
  agenda.replace([A, B], [planned(upload(A)), planned(upload(B))], atOnce);
  const tasks = agenda.take('smallUp', 0, anything);
  const problem = { code: 'too-large', message: 'Too large.', retryAt: null };
  agenda.defer(upload(A), { until: Infinity, attempts: 1, problem });
  for (const { operation } of tasks) agenda.finish(operation);
  expect([...agenda.problems()]).toEqual([{ id: A, problem }]);
  expect(agenda.take('smallUp', 1e12, anything).map(({ operation }) => operation.id)).toEqual([B]);
  agenda.replace([A], [planned(upload(A, 2n))], atOnce);
  expect([...agenda.problems()]).toEqual([]);
});

test('a cancelled transfer is left alone, also by the next start, until it is tried again or its file changes', () => {
  let stored: readonly (readonly [never, string])[] = [];
  const cancelled = () => new Cancelled(stored, (all) => (stored = [...all] as never));
  const first = new Agenda(laneOf, cancelled());
  first.replace([A], [planned(upload(A))], atOnce);
  expect(first.putOff(A, CANCELLED_PROBLEM)).toBe(true);
  const next = new Agenda(laneOf, cancelled());
  next.replace([A], [planned(upload(A))], atOnce);
  expect(next.take('smallUp', 1e12, anything)).toEqual([]);
  expect([...next.problems()]).toMatchObject([{ id: A, problem: { code: 'cancelled-by-you' } }]);
  next.replace([A], [planned(upload(A, 2n))], atOnce);
  expect(next.take('smallUp', 0, anything)).toHaveLength(1);
  expect(stored).toEqual([]);
  first.tryAgain(({ id }) => id === A);
  expect(first.take('smallUp', 0, anything)).toHaveLength(1);
});

test('problems are counted without being looked at, and their revision is another one only when they are', () => {
  const agenda = newAgenda();
  const problem = { code: 'too-large', message: 'Too large.', retryAt: null };
  agenda.replace([A, B], [planned(upload(A)), planned(upload(B))], atOnce);
  agenda.defer(upload(A), { until: Infinity, attempts: 1, problem });
  agenda.defer(upload(B), { until: Infinity, attempts: 1, problem: PAUSED_PROBLEM });
  expect([agenda.problemCount(), agenda.problemCount(PAUSED)]).toEqual([2, 1]);
  const before = agenda.problemsRevision;
  agenda.replace([A], [planned(upload(A))], atOnce);
  expect(agenda.problemsRevision).toBe(before);
  agenda.replace([A], [planned(upload(A, 2n))], atOnce);
  expect(agenda.problemsRevision).not.toBe(before);
  expect([agenda.problemCount(), agenda.problemCount(PAUSED)]).toEqual([1, 0]);
});

test('what waits behind a problem alone does not count as pending', () => {
  const agenda = newAgenda();
  agenda.replace([A, B], [planned(upload(A)), planned(upload(B), A)], atOnce);
  agenda.take('smallUp', 0, anything);
  agenda.defer(upload(A), { until: Infinity, attempts: 1, problem: { code: 'x', message: 'X.', retryAt: null } });
  agenda.finish(upload(A));
  expect(agenda.active).toBe(false);
  expect(agenda.pendingCount()).toBe(0);
});

test('an operation that rests begins when its time has come, or at once when somebody hurries', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A))], () => 2_000);
  expect(agenda.take('smallUp', 1_999, anything)).toEqual([]);
  expect(agenda.nextStart(0)).toBe(2_000);
  agenda.hurry();
  expect(agenda.take('smallUp', 1, anything)).toHaveLength(1);
});

test('held deletes are neither begun nor pending', () => {
  const agenda = newAgenda();
  const trash: Operation = { kind: 'trashRemote', id: A, contentRev: 1, placeRev: 1, files: 1 };
  agenda.replace([A], [planned(trash)], atOnce);
  agenda.hold(new Set([A]));
  expect(agenda.take('remote', 0, anything)).toEqual([]);
  expect(agenda.active).toBe(false);
  expect(agenda.holds).toBe(true);
});

const newcomers = (count: number): readonly NodeId[] => Array.from({ length: count }, (_, n) => `${n}` as NodeId);
const likely = { lane: 'smallUp', bytes: 10 } as const;

/** Plans newcomers, as a turn does, until the agenda wants no more; answers how many. */
function planNewcomers(agenda: Agenda, ...after: NodeId[]): number {
  let count = 0;
  for (let ids = agenda.next(500); ids.length > 0; ids = agenda.next(500)) {
    const operations = ids.map((id) => planned(upload(id), ...after));
    agenda.replace(ids, operations, atOnce);
    count += ids.length;
  }
  return count;
}

test('of very many newcomers only some are planned, and all of them count', () => {
  const agenda = newAgenda();
  for (const id of newcomers(10_000)) expect(agenda.postpone(id, likely)).toBe(true);
  expect(planNewcomers(agenda)).toBe(2_000);
  expect(agenda.pendingCount()).toBe(10_000);
  expect(agenda.transferBytes).toBe(100_000);
});

test('more newcomers are planned as work gets done', () => {
  const agenda = newAgenda();
  for (const id of newcomers(3_000)) agenda.postpone(id, likely);
  planNewcomers(agenda);
  for (const { operation } of agenda.take('smallUp', 0, anything)) {
    agenda.replace([operation.id], [], atOnce);
    agenda.finish(operation);
  }
  expect(planNewcomers(agenda)).toBe(1_000);
});

test('newcomers of one lane do not keep those of another waiting', () => {
  const agenda = newAgenda();
  for (const id of newcomers(3_000)) agenda.postpone(id, likely);
  planNewcomers(agenda);
  agenda.postpone(A, { lane: 'largeDown', bytes: 1 });
  expect(agenda.next(500)).toEqual([A]);
});

test('when all that is planned waits, more is planned: it may wait for that', () => {
  const agenda = newAgenda();
  for (const id of newcomers(30_000)) agenda.postpone(id, likely);
  expect(planNewcomers(agenda, A)).toBe(30_000);
});

test('what has failed leaves room for others', () => {
  const agenda = newAgenda();
  for (const id of newcomers(4_000)) agenda.postpone(id, likely);
  planNewcomers(agenda);
  const problem = { code: 'too-large', message: 'Too large.', retryAt: null };
  for (const { operation } of agenda.take('smallUp', 0, anything).slice(0, 1_000)) {
    agenda.defer(operation, { until: Infinity, attempts: 1, problem });
    agenda.finish(operation);
  }
  expect(planNewcomers(agenda)).toBeGreaterThanOrEqual(1_000);
});

test('what runs, rests or has failed is no mere newcomer', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A))], atOnce);
  agenda.replace([B], [planned(upload(B))], () => 2_000);
  expect(agenda.postpone(B, likely)).toBe(false);
  const [task] = agenda.take('smallUp', 0, anything);
  expect(agenda.postpone(A, likely)).toBe(false);
  agenda.defer(upload(A), { until: Infinity, attempts: 1, problem: null });
  if (task) agenda.finish(task.operation);
  expect(agenda.postpone(A, likely)).toBe(false);
});

test('what only waits for others can be put off, and then waits for nobody', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A), B)], atOnce);
  expect(agenda.postpone(A, likely)).toBe(true);
  expect([...agenda.waitingFor([B])]).toEqual([]);
  expect(agenda.pendingCount()).toBe(1);
  expect(agenda.next(1)).toEqual([A]);
});

test('what is not planned yet may be about to be fetched', () => {
  const agenda = newAgenda();
  agenda.postpone(A, { lane: 'smallDown', bytes: 1 });
  expect(agenda.fetches(A)).toBe(true);
  agenda.replace(agenda.next(1), [], atOnce);
  expect(agenda.fetches(A)).toBe(false);
});

test('a transfer that a person puts off stops, waits, and goes on when it is let go', () => {
  const agenda = newAgenda();
  agenda.replace([A], [planned(upload(A))], atOnce);
  const [task] = agenda.take('smallUp', 0, anything);
  agenda.putOff(A, PAUSED_PROBLEM);
  expect(task?.signal.aborted).toBe(true);
  agenda.finish(upload(A));
  expect(agenda.take('smallUp', 0, anything)).toEqual([]);
  agenda.hurry();
  expect(agenda.take('smallUp', 0, anything)).toEqual([]);
  expect(agenda.problemOf(A)?.code).toBe(PAUSED);
  agenda.tryAgain((_operation, code) => code === PAUSED);
  expect(agenda.take('smallUp', 0, anything)).toHaveLength(1);
});

test('transfers are told with what of them is over', () => {
  const agenda = newAgenda();
  agenda.replace([A, B], [planned(upload(A)), planned(upload(B))], atOnce);
  agenda.take('smallUp', 0, ({ id }) => id === A);
  expect([...agenda.transfers(() => 4)]).toMatchObject([
    { id: A, direction: 'up', running: true, bytesDone: 4, bytesTotal: 10 },
    { id: B, direction: 'up', running: false, bytesDone: 0, bytesTotal: 10 },
  ]);
});

test('transfers that are not planned yet are told as well, and cannot be put off', () => {
  const agenda = newAgenda();
  agenda.postpone(A, { lane: 'largeDown', bytes: 7 });
  agenda.postpone(B, { lane: 'remote', bytes: 0 });
  expect([...agenda.transfers(() => 0)]).toMatchObject([{ id: A, direction: 'down', running: false, bytesTotal: 7 }]);
  expect(agenda.putOff(A, PAUSED_PROBLEM)).toBe(false);
});
