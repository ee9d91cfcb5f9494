import { type MessagePort, workerData } from 'node:worker_threads';
import { Client } from 'pg';
import { readers } from '../../../server/db/postgres/numbers.ts';

/** Answers one question after the other, for a thread that waits meanwhile. */
const { url, port, signal } = workerData as { url: string; port: MessagePort; signal: Int32Array };

/** Numbers as the server reads them, everything else as it is written. */
const asWritten = {
  getTypeParser: (type: number) =>
    type === 20 || type === 1700 ? readers.getTypeParser(type) : (text: string) => text,
};

const client = new Client({ connectionString: url, types: asWritten });
client.on('error', () => undefined);
const connected = client.connect();

interface Question {
  readonly text: string;
  readonly values: unknown[];
  readonly raw: boolean;
}

port.on('message', async (question: Question | 'close') => {
  if (question === 'close') {
    await client.end();
    return port.close();
  }
  const { text, values, raw } = question;
  let answer: unknown;
  try {
    await connected;
    // Several statements at once come without values.
    const asked = values.length > 0 ? { text, values } : { text };
    const { rows } = raw ? await client.query({ ...asked, rowMode: 'array' }) : await client.query(asked);
    answer = { rows: rows ?? [] };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
