/** What a page or a test asks of the double, in the address of the page. */
export interface Scenario {
  readonly items: number;
  readonly state: 'synced' | 'uploading' | 'offline' | 'paused' | 'engine-gone' | 'first-run' | 'signed-out';
  readonly problems: boolean;
  /** So many more than the few of each kind. */
  readonly manyProblems: number;
  /** Share of the storage that is used. */
  readonly full: number;
  readonly transfers: number;
  /** Commands that are refused, so that what was done before the answer has to be taken back. */
  readonly refuse: readonly string[];
  /** Commands that are never answered, so that only what is done before the answer is seen. */
  readonly hold: readonly string[];
  /** Commands that are agreed to at once, and whose effect comes with `catchUp`. */
  readonly late: readonly string[];
  readonly host: 'app' | 'browser';
  /** The server is this computer. */
  readonly own: boolean;
  readonly appearance: 'system' | 'light' | 'dark';
  /** Unix ms that the double takes for now. */
  readonly now: number;
}

export function scenarioOf(address: URLSearchParams): Scenario {
  const number = (name: string, otherwise: number): number => Number(address.get(name) ?? otherwise);
  const word = <T extends string>(name: string, otherwise: T): T => (address.get(name) ?? otherwise) as T;
  const items = number('items', 4_812);
  return {
    items,
    state: word('state', 'uploading'),
    problems: address.has('problems'),
    full: number('full', items === 0 ? 0 : 0.79),
    manyProblems: Math.max(0, number('problems', 0) - 1),
    transfers: number('transfers', 12),
    refuse: address.getAll('refuse'),
    hold: address.getAll('hold'),
    late: address.getAll('late'),
    host: word('host', 'app'),
    own: address.get('own') !== '0',
    appearance: word('appearance', 'system'),
    now: number('now', Date.now()),
  };
}
