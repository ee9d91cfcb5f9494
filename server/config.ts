import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { DEFAULT_MAX_FILE_BYTES } from '../shared/api/limits.ts';
import { parseBytes } from '../shared/bytes.ts';
import type { ClerkConfig } from './auth/clerk.ts';
import { readClerk } from './settings/clerk.ts';
import { type DatabaseConfig, readDatabase } from './settings/database.ts';
import { listOf, oneOf } from './settings/env.ts';
import { ConfigFault } from './settings/fault.ts';
import { type Rates, readRates } from './settings/rates.ts';
import { readS3, type S3Config } from './settings/s3.ts';
import { readScreening, type Screening } from './settings/screening.ts';
import { checkStores, DATA_NAMES, defaultQuota } from './settings/storage.ts';
import { isLoopback, readTransport, type Transport } from './settings/transport.ts';

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
  /** What the default plan allows, in bytes; null: without limit; undefined: as the plan says. */
  readonly defaultQuotaBytes: number | null | undefined;
  /** null: in the data folder. */
  readonly database: DatabaseConfig | null;
  readonly clerk: ClerkConfig | null;
  readonly transport: Transport;
  readonly rates: Rates;
  readonly screening: Screening;
  /** Where content goes; null: the data folder. */
  readonly s3: S3Config | null;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export { ConfigFault };

/** `<XDG_DATA_HOME or ~/.local/share>/driftless-server`. */
export const defaultData = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'driftless-server');

/** The same as a person writes it, with `~` for their home. */
export function shownDefaultData(env: NodeJS.ProcessEnv, home: string = homedir()): string {
  const path = defaultData(env);
  return path.startsWith(join(home, sep)) ? join('~', path.slice(home.length)) : path;
}

/** Settings as they come from the command line, each of which has a variable as well: text, or absent. */
export type Settings = {
  readonly [K in
    | 'data'
    | 'host'
    | 'port'
    | 'maxFileBytes'
    | 'keepDays'
    | 'logLevel'
    | 'allowedOrigins'
    | 'allowedHosts'
    | 'backups'
    | 'keepBackups'
    | 'metricsToken']?: string | undefined;
};

/** Checks the settings, adds those that only the environment has, and fills in the rest. Throws ConfigFault. */
export function readConfig(settings: Settings, env: NodeJS.ProcessEnv = process.env): Config {
  checkStores(env);
  const host = settings.host || '127.0.0.1';
  const transport = readTransport(env);
  return {
    data: resolve(settings.data || oneOf(env, DATA_NAMES, resolve)?.value || defaultData(env)),
    host,
    port: readPort(settings.port ?? '3007'),
    maxFileBytes: readBytes(settings.maxFileBytes),
    keepDays: readDays(settings.keepDays ?? '30'),
    logLevel: readLogLevel(settings.logLevel ?? 'warn'),
    allowedOrigins: listOf(settings.allowedOrigins),
    allowedHosts: listOf(settings.allowedHosts),
    backups: settings.backups ? resolve(settings.backups) : null,
    keepBackups: readCount(settings.keepBackups ?? '7'),
    metricsToken: settings.metricsToken || null,
    defaultQuotaBytes: defaultQuota(env),
    database: readDatabase(env),
    clerk: readClerk(env),
    transport,
    rates: readRates(env, !isLoopback(host) || transport.proxies !== null),
    screening: readScreening(env),
    s3: readS3(env),
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
