import { expect } from 'vitest';
import type { FileView } from '../../../server/compat/fileView.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { Client, freshUser } from '../harness.ts';

/** Whatever the answers hold that a test looks at. */
interface Data extends FileView {
  readonly total_bytes: number;
  readonly max_bytes: number | null;
  readonly file_count: number;
  readonly limit: number | null;
  readonly fileId: NodeId;
  readonly filePath: string;
  readonly fileUrl: string;
  readonly breakdown: readonly unknown[];
  readonly recentUploads: readonly { readonly fileName: string }[];
}

interface Body<T> {
  readonly success: boolean;
  readonly data: T;
  readonly error: string;
  readonly code: string;
  readonly quota: { readonly limitBytes: number };
}

export interface OldAnswer<T> {
  readonly status: number;
  readonly json: Body<T>;
}

/** Speaks to the server as the clients of the systems before do: forms in, JSON out, and nothing but a token. */
export class OldClient {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async ask(method: string, path: string, body?: unknown): Promise<OldAnswer<Data>> {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await this.#client.fetch(path, { method, ...json });
    return { status: answer.status, json: (await answer.json()) as Body<Data & readonly FileView[]> };
  }

  /** The data of an answer that must be a success. */
  async get(path: string): Promise<Data> {
    const { status, json } = await this.ask('GET', path);
    expect([status, json.success]).toEqual([200, true]);
    return json.data;
  }

  async form(
    path: string,
    files: Readonly<Record<string, string>>,
    fields: Readonly<Record<string, string>> = {},
    field = 'file',
  ): Promise<OldAnswer<Data & readonly FileView[]>> {
    const form = new FormData();
    for (const [name, content] of Object.entries(files)) form.append(field, new File([content], name));
    // Browsers send what is appended last, last: the files are there before anybody knows what they are.
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const answer = await this.#client.fetch(path, { method: 'POST', body: form });
    return { status: answer.status, json: (await answer.json()) as Body<Data & readonly FileView[]> };
  }

  /** Uploads one file that must be accepted. */
  async upload(name: string, content: string, fields: Readonly<Record<string, string>> = {}): Promise<FileView> {
    const { status, json } = await this.form('/api/files/upload', { [name]: content }, fields);
    expect(json).toMatchObject({ success: true });
    expect(status).toBe(201);
    return json.data[0] as FileView;
  }

  /** Names of a list, in its order. */
  async names(query: string): Promise<string[]> {
    const { json } = await this.ask('GET', `/api/files?${query}`);
    return (json.data as unknown as readonly FileView[]).map((file) => file.file_name);
  }

  async bytes(path: string): Promise<string> {
    return (await this.#client.fetch(path)).text();
  }
}

export async function scene(options: Parameters<typeof freshUser>[0] = {}) {
  const made = await freshUser(options);
  const other = await made.server.addUser('other');
  return {
    ...made,
    old: new OldClient(made.client),
    other: new OldClient(new Client(made.server.url, other.token)),
  };
}
