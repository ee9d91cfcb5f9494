import { spawn } from 'node:child_process';

export interface Program {
  /** Absolute. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A program that Node starts anew when one of the files it was made of has changed. */
export interface Watched {
  /** The next match in what it prints from now on. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Called with every match, also after the program began anew. */
  onPrinted(pattern: RegExp, listener: (match: RegExpExecArray) => void): void;
  stop(): Promise<void>;
}

export function watched(name: string, { script, args, env }: Program): Watched {
  const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const listeners = new Map<RegExp, (match: RegExpExecArray) => void>();
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hear(line);
    });
  }

  function hear(line: string): void {
    let awaited = false;
    for (const [pattern, listener] of listeners) {
      const match = pattern.exec(line);
      if (match) listener(match);
      awaited ||= match !== null;
    }
    // What somebody here waited for is nobody else's to use.
    if (line.trim() !== '' && !awaited) process.stdout.write(`${name.padEnd(6)} | ${line}\n`);
  }

  return {
    prints: (pattern) =>
      new Promise((found) =>
        listeners.set(pattern, (match) => {
          listeners.delete(pattern);
          found(match);
        }),
      ),
    onPrinted: (pattern, listener) => void listeners.set(pattern, listener),
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
