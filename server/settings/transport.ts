import { BlockList, isIP } from 'node:net';
import { type Env, listOf, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** How requests reach the server from beyond this computer. */
export interface Transport {
  /** Files in PEM form; null: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Addresses of proxies that encrypt, and say on whose behalf they ask; null: there are none. */
  readonly proxies: BlockList | null;
}

export function readTransport(env: Env): Transport {
  return { tls: readTls(env), proxies: readProxies(env) };
}

function readTls(env: Env): Transport['tls'] {
  const cert = textOf(env, 'TLS_CERT');
  const key = textOf(env, 'TLS_KEY');
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined)
    throw new ConfigFault('TLS_KEY is set, but TLS_CERT is not. Name the file of the certificate in it.');
  if (key === undefined) throw new ConfigFault('TLS_CERT is set, but TLS_KEY is not. Name the file of its key in it.');
  return { cert, key };
}

/** Names for the networks that nobody routes to. */
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

function readProxies(env: Env): BlockList | null {
  const given = listOf(textOf(env, 'TRUSTED_PROXIES'));
  if (given.length === 0) return null;
  const list = new BlockList();
  for (const entry of given.flatMap((name) => NETWORKS[name] ?? [name])) {
    const [address = '', bits, ...rest] = entry.split('/');
    const version = isIP(address);
    const length = bits === undefined ? (version === 4 ? 32 : 128) : Number(bits);
    if (
      version === 0 ||
      rest.length > 0 ||
      !Number.isInteger(length) ||
      length < 0 ||
      length > (version === 4 ? 32 : 128)
    ) {
      throw new ConfigFault(
        `"${entry}" in TRUSTED_PROXIES is no address. Give addresses like 10.0.0.7, networks like 10.0.0.0/24, loopback or private.`,
      );
    }
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

export const isAmong = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether only this computer can reach a server that listens there. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/** Throws ConfigFault where passwords and files would go over the network for anybody to read. */
export function checkExposure(host: string, { tls, proxies }: Transport): void {
  if (isLoopback(host) || tls || proxies) return;
  throw new ConfigFault(
    `Listening on ${host} without encryption would let others read along. Set TLS_CERT and TLS_KEY, or name the proxy in front that encrypts in TRUSTED_PROXIES.`,
  );
}
