import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangesPage } from '../../shared/api/changes.ts';
import { type Node, type Version, VersionList } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import type { NodeId } from '../../shared/ids.ts';
import { Device } from './harness/device.ts';
import { prepared } from './harness/prepared.ts';
import { UNPRIVILEGED } from './harness/program.ts';
import { Relay } from './harness/relay.ts';
import { type Account, DriftlessServer } from './harness/server.ts';

/** A server, a relay in front of it, and devices that reach it only through the relay, in a temporary folder. */
export class Scene implements AsyncDisposable {
  readonly directory: string;
  readonly server: DriftlessServer;
  readonly relay: Relay;
  readonly account: Account;
  readonly #devices: Device[] = [];

  private constructor(directory: string, server: DriftlessServer, relay: Relay, account: Account) {
    this.directory = directory;
    this.server = server;
    this.relay = relay;
    this.account = account;
  }

  static async open(): Promise<Scene> {
    const { account, writeTo } = await prepared();
    const directory = mkdtempSync(join(tmpdir(), 'driftless-'));
    const server = new DriftlessServer(join(directory, 'server'));
    try {
      writeTo(server.data);
      await server.start();
      return new Scene(directory, server, await Relay.open(server.port), account);
    } catch (error) {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** A device with an empty folder; not running yet. */
  device(name: string, account = this.account): Device {
    return this.deviceIn(name, join(this.directory, name, 'folder'), account);
  }

  /** A device whose client must obey permissions, also when the tests run as root. */
  unprivilegedDevice(name: string): Device {
    return this.deviceIn(name, join(this.directory, name, 'folder'), this.account, UNPRIVILEGED);
  }

  /** A device over a folder that may be there already, with a state of its own. */
  deviceIn(name: string, folder: string, account = this.account, by: readonly string[] = []): Device {
    return this.#deviceOf(folder, join(this.directory, name, 'state'), account, by);
  }

  /** A device with its folder and its state, under another token. */
  again({ folder, state }: Device, account: Account): Device {
    return this.#deviceOf(folder, state, account, []);
  }

  #deviceOf(folder: string, state: string, { token }: Account, by: readonly string[]): Device {
    const device = new Device({ folder, state, server: this.relay.url, token, by });
    this.#devices.push(device);
    return device;
  }

  /** Number of the last change of the account's tree. */
  async head(): Promise<number> {
    return Number.parseInt(await this.cursor(), 10);
  }

  /** Where the account's feed ends; asking from where it ended before costs only what came since. */
  async cursor(from = '0'): Promise<string> {
    return (await this.#feed(from)).cursor;
  }

  /** Names of what lives on the server. */
  async liveNames(): Promise<readonly string[]> {
    return (await this.liveNodes()).map(({ name }) => name);
  }

  async liveNodes(): Promise<readonly Node[]> {
    return (await this.#feed()).nodes.filter(({ state }) => state === 'live');
  }

  async versions(id: NodeId): Promise<readonly Version[]> {
    return VersionList.parse(await this.#ask(paths.versions(id))).versions;
  }

  /** Asks past the relay, so that asking is not counted. */
  async #ask(path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.account.token}` };
    return (await fetch(`${this.server.url}${path}`, { headers })).json();
  }

  async #feed(from = '0'): Promise<{ readonly cursor: string; readonly nodes: readonly Node[] }> {
    const nodes = new Map<string, Node>();
    let cursor = from;
    for (;;) {
      const page = ChangesPage.parse(await this.#ask(`${paths.changes}?cursor=${cursor}`));
      for (const node of page.nodes) nodes.set(node.id, node);
      cursor = page.cursor;
      if (page.caughtUp) return { cursor, nodes: [...nodes.values()] };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.close()));
    await this.relay.close();
    await this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
