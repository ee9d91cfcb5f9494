import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_MAX_FILE_BYTES } from '../shared/api/limits.ts';
import { parseBytes } from '../shared/bytes.ts';

/** What a server is told when it starts. */
export interface Config {
  /** The data folder, absolute. */
  readonly data: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly maxFileBytes: number;
  /** Deleted files and earlier versions are kept so many days; null: for ever. */
  readonly keepDays: number | null;
  readonly logLevel: LogLevel;
  /** Browser origins that may ask, beyond none. */
  readonly allowedOrigins: readonly string[];
  /** Names in the Host header that are fine besides the loopback ones. */
  readonly allowedHosts: readonly string[];
  /** Where daily backups go, absolute; null: none are made. */
  readonly backups: string | null;
  readonly keepBackups: number;
  /** Bearer token that opens /metrics; null: nothing does. */
  readonly metricsToken: string | null;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A setting that cannot be used; the message is one sentence with a next step. */
export class ConfigFault extends Error {}

/** `<XDG_DATA_HOME or ~/.local/share>/driftless-server`. */
export const defaultData = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'driftless-server');

/** Settings as they come from the command line or the environment: text, or absent. */
export type Settings = { readonly [K in keyof Config]?: string | undefined };

/** Checks the settings and fills in the rest. Throws ConfigFault. */
export function readConfig(settings: Settings, env: NodeJS.ProcessEnv = process.env): Config {
  return {
    data: resolve(settings.data || defaultData(env)),
    host: settings.host || '127.0.0.1',
    port: readPort(settings.port ?? '3007'),
    maxFileBytes: readBytes(settings.maxFileBytes),
    keepDays: readDays(settings.keepDays ?? '30'),
    logLevel: readLogLevel(settings.logLevel ?? 'warn'),
    allowedOrigins: readList(settings.allowedOrigins),
    allowedHosts: readList(settings.allowedHosts),
    backups: settings.backups ? resolve(settings.backups) : null,
    keepBackups: readCount(settings.keepBackups ?? '7'),
    metricsToken: settings.metricsToken || null,
  };
}

function readPort(text: string): number {
  const port = z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .safeParse(text.trim() === '' ? undefined : text);
  if (port.success) return port.data;
  throw new ConfigFault(`"${text}" is not a port. Give --port (or PORT) a number from 0 to 65535.`);
}

function readBytes(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_FILE_BYTES;
  const bytes = parseBytes(text);
  if (bytes !== undefined) return bytes;
  throw new ConfigFault(`"${text}" is not a size. Give --max-file-size (or MAX_FILE_SIZE) one like 2GB.`);
}

function readDays(text: string): number | null {
  if (text === 'forever') return null;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new ConfigFault(`"${text}" is not a number of days. Give --keep (or DRIFTLESS_KEEP) one like 30, or forever.`);
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new ConfigFault(
    `"${text}" is not a number of backups. Give --keep-backups (or DRIFTLESS_KEEP_BACKUPS) one like 7.`,
  );
}

function readLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  throw new ConfigFault(
    `"${text}" is not a log level. Give --log-level (or LOG_LEVEL) one of: ${LOG_LEVELS.join(', ')}.`,
  );
}

const readList = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
