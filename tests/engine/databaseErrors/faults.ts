import type Sqlite from 'better-sqlite3';

type Code = 'SQLITE_IOERR' | 'SQLITE_FULL';

interface Fault {
  readonly at: number;
  readonly code: Code;
  /** Every access from then on fails as well. */
  readonly stays: boolean;
}

/** Accesses to the engine's state since `expect`, and the one of them that is to fail. */
export class Faults {
  accesses = 0;
  #fault: Fault | null = null;

  expect(fault: Fault | null): void {
    this.accesses = 0;
    this.#fault = fault;
  }

  get met(): boolean {
    return this.#fault !== null && this.accesses >= this.#fault.at;
  }

  access(): void {
    this.accesses += 1;
    const fault = this.#fault;
    if (!fault || (fault.stays ? this.accesses < fault.at : this.accesses !== fault.at)) return;
    throw Object.assign(new Error(fault.code === 'SQLITE_FULL' ? 'database or disk is full' : 'disk I/O error'), {
      name: 'SqliteError',
      code: fault.code,
    });
  }
}

type Work = (...args: never[]) => unknown;

/** Replaces methods of an object by ones that count as an access first. */
function counted(target: object, names: readonly string[], faults: Faults): void {
  for (const name of names) {
    const method: unknown = Reflect.get(target, name);
    if (typeof method !== 'function') throw new Error(`no method ${name}`);
    const value = (...args: unknown[]): unknown => {
      faults.access();
      return Reflect.apply(method, target, args);
    };
    Object.defineProperty(target, name, { value });
  }
}

/** Makes every access through this connection one that may fail: statements, and both ends of a transaction. */
export function makeFaulty(db: Sqlite.Database, faults: Faults): void {
  const { prepare, transaction } = db;
  counted(db, ['exec', 'pragma'], faults);
  Object.defineProperty(db, 'prepare', {
    value: (sql: string) => {
      const statement: Sqlite.Statement = Reflect.apply(prepare, db, [sql]);
      counted(statement, statement.reader ? ['get', 'all', 'iterate'] : ['run'], faults);
      return statement;
    },
  });
  Object.defineProperty(db, 'transaction', {
    value: (work: Work) => {
      const whole: Work = Reflect.apply(transaction, db, [
        (...args: never[]) => {
          const result = work(...args);
          // A commit that fails takes everything back.
          faults.access();
          return result;
        },
      ]);
      return (...args: never[]) => {
        faults.access();
        return whole(...args);
      };
    },
  });
}
