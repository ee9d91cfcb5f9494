import { type ChangedPlace, closure } from '../../../main/engine/plan/closure.ts';
import type { Operation, Planned } from '../../../main/engine/plan/operations.ts';
import { plan } from '../../../main/engine/plan/plan.ts';
import { Look } from '../../../main/engine/plan/trees.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { Taken, type World } from './world.ts';

const DEVICE = 'Studio';

/** Chooses a number below `n`. */
export type Choose = (n: number) => number;

/** A repeatable sequence of choices. */
export function choices(seed: number): Choose {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const byId = (planned: readonly Planned[]): Map<NodeId, Planned[]> => {
  const found = new Map<NodeId, Planned[]>();
  for (const each of planned) found.set(each.operation.id, [...(found.get(each.operation.id) ?? []), each]);
  return found;
};

/** Plans these nodes, in this order. */
export const planOf = (world: World, ids: Iterable<NodeId>): readonly Planned[] =>
  plan(new Look(world.trees), ids, { device: DEVICE });

export const wholePlan = (world: World): readonly Planned[] => planOf(world, world.ids);

/** Keeps a plan up to date as the engine does: what may have changed is planned anew, the rest stays. */
export class Agenda {
  readonly #world: World;
  readonly #aims: boolean;
  #planned = new Map<NodeId, readonly Planned[]>();

  /** `aims`: what is about to take a name that was taken is planned again at once, not only when it is refused. */
  constructor(world: World, aims = false) {
    this.#world = world;
    this.#aims = aims;
    world.takeChanges();
    this.#planned = byId(wholePlan(world));
  }

  get planned(): readonly Planned[] {
    return [...this.#planned.values()].flat();
  }

  get ready(): readonly Operation[] {
    return this.planned.filter(({ after }) => after.length === 0).map(({ operation }) => operation);
  }

  /** Plans what changed, and what was `refused`; returns the scope. */
  update(refused: Iterable<NodeId> = []): ReadonlySet<NodeId> {
    const { ids, places } = this.#world.takeChanges();
    const changed = [...ids, ...refused, ...(this.#aims ? this.#aimingAt(places) : [])];
    const look = new Look(this.#world.trees);
    const scope = closure(look, changed, places, (others) => this.#dependents(new Set(others)));
    for (const id of scope) this.#planned.delete(id);
    for (const [id, planned] of byId(plan(look, scope, { device: DEVICE }))) {
      this.#planned.set(id, planned);
    }
    return scope;
  }

  #dependents(ids: ReadonlySet<NodeId>): readonly NodeId[] {
    return this.planned
      .filter(({ after, breaks }) => after.some((id) => ids.has(id)) || breaks.some((id) => ids.has(id)))
      .map(({ operation }) => operation.id);
  }

  #aimingAt(places: readonly ChangedPlace[]): readonly NodeId[] {
    const changed = new Set(places.map(({ parentId, key }) => `${parentId ?? ''}/${key}`));
    return this.planned.flatMap(({ operation }) => {
      const parentId = 'place' in operation ? operation.place.parentId : this.#world.local.get(operation.id)?.parentId;
      const name = 'place' in operation ? operation.place.name : 'name' in operation ? operation.name : undefined;
      return name !== undefined && changed.has(`${parentId ?? ''}/${nameKey(name)}`) ? [operation.id] : [];
    });
  }
}

export interface Run {
  /** In the order in which they were carried out. */
  readonly done: readonly Operation[];
}

export interface ConvergeOptions {
  readonly choose?: Choose;
  /** Most operations carried out between two plans. */
  readonly batch?: number;
  readonly aims?: boolean;
  /** Called after every plan. */
  readonly check?: (agenda: Agenda) => void;
  /** What happens meanwhile: called before every plan but the first. */
  readonly meanwhile?: () => void;
}

/**
 * Carries out what is ready, in any order, until nothing can be done any more. Throws when that takes too long, or when
 * something is left that waits for nothing a person or the clock has to decide.
 */
export function converge(world: World, options: ConvergeOptions = {}): Run {
  const { choose = () => 0, batch = 1, aims = false, check, meanwhile } = options;
  const done: Operation[] = [];
  const agenda = new Agenda(world, aims);
  check?.(agenda);
  for (;;) {
    const ready = [...(batch > 1 ? onTheSpot(agenda.ready) : agenda.ready)];
    if (ready.length === 0) break;
    const refused: NodeId[] = [];
    let surprising = false;
    for (let n = 1 + choose(batch); n > 0 && ready.length > 0; n -= 1) {
      const [operation] = ready.splice(choose(ready.length), 1);
      if (!operation) break;
      surprising ||= NEW_NAMES.has(operation.kind);
      try {
        world.apply(operation);
      } catch (error) {
        if (!(error instanceof Taken && surprising)) throw error;
        refused.push(operation.id);
      }
      done.push(operation);
      if (done.length > 40 * (world.ids.length + 5)) throw new Error(`no end in sight:\n${tail(done)}`);
    }
    meanwhile?.();
    agenda.update(refused);
    check?.(agenda);
  }
  if (agenda.planned.length > 0 && !world.isOpen)
    throw new Error(`stuck with ${show(agenda.planned)} after:\n${tail(done)}`);
  return { done };
}

/**
 * What takes a name that no tree shows yet: two nodes may be given the same one, or another takes it meanwhile. Then it
 * is refused, and planned again; or whoever is to have the name by the same plan is, and comes after it.
 */
const NEW_NAMES: ReadonlySet<Operation['kind']> = new Set(['moveLocal', 'conflictCopy']);

/** What needs neither disk nor server is written down before anything else of a plan begins. */
function onTheSpot(ready: readonly Operation[]): readonly Operation[] {
  const instants = ready.filter(({ kind }) => kind === 'agree' || kind === 'forget' || kind === 'rekey');
  return instants.length > 0 ? instants : ready;
}

const tail = (done: readonly Operation[]): string => done.slice(-12).map(show).join('\n');

export const show = (value: unknown): string =>
  JSON.stringify(value, (key, each: unknown) => (key === 'stat' || key === 'replaces' ? undefined : each))
    .replaceAll('00000000-0000-7000-8000-', '#')
    .replaceAll(/#0+/g, '#');

/** The number of a free name: one planned before stays good when a smaller one becomes free. */
const NUMBER = /(?<=\((?:moving|case conflict|conflicted copy, Studio \d{4}-\d{2}-\d{2} \d{4})) \d+(?=\))/g;

/** What a plan says, whatever the order it says it in. */
export const canonical = (planned: readonly Planned[]): readonly string[] =>
  planned
    .map((each) => JSON.stringify(each, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)))
    .map((each) => each.replaceAll(NUMBER, ''))
    .sort();
