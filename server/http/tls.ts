import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigFault } from '../settings/fault.ts';
import type { Transport } from '../settings/transport.ts';

export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** The certificate and its key; null where none are set. Throws ConfigFault when they cannot be used. */
export async function loadTls({ tls }: Transport): Promise<Tls | null> {
  if (!tls) return null;
  const cert = await read('TLS_CERT', tls.cert);
  const key = await read('TLS_KEY', tls.key);
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new ConfigFault('TLS_CERT and TLS_KEY do not go together, or are not in PEM form. Check both files.');
  }
  return { cert, key, minVersion: 'TLSv1.2' };
}

async function read(name: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    throw new ConfigFault(`The file ${path} that ${name} names cannot be read. Check the name and its permissions.`);
  }
}
