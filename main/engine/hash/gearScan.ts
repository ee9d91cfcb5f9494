import { GEAR } from '../../../shared/chunking/fastcdc.ts';

/**
 * The inner loop of shared/chunking/fastcdc.ts as a WebAssembly function: the same cuts at twice the speed, because
 * WebAssembly needs no bounds checks. It is assembled here, op code by op code, so that the build needs no other
 * compiler; the tests hold it against the plain one.
 */
export interface GearScan {
  /** The bytes to look at; `scan` takes positions in it. */
  readonly window: Buffer;
  /**
   * Position after the first byte of [from, to) at which the gear hash, masked, is zero, or 0 when there is none; the
   * hash so far comes in as `hash`.
   */
  readonly scan: (from: number, to: number, mask: number, hash: number) => number;
  /** The hash at which the last scan that found nothing ended. */
  readonly lastHash: () => number;
}

const PAGE_BYTES = 64 * 1024;
/** Bytes looked at in one turn of the loop. */
const UNROLLED = 8;

/** `windowBytes`: a multiple of 64 KiB. */
export function gearScan(windowBytes: number): GearScan {
  const pages = windowBytes / PAGE_BYTES + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Int32Array(memory.buffer, windowBytes, GEAR.length).set(GEAR);
  const module = new WebAssembly.Module(assemble(windowBytes, pages));
  const { scan, hash } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  return { window: Buffer.from(memory.buffer, 0, windowBytes), scan, lastHash: () => hash.value };
}

/** What is used of WebAssembly here: neither Node's types nor the language's declare it. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly scan: GearScan['scan']; readonly hash: { readonly value: number } } };
};

const I32 = 0x7f;
const NO_RESULT = 0x40;
const BLOCK = [0x02, NO_RESULT];
const LOOP = [0x03, NO_RESULT];
const IF = [0x04, NO_RESULT];
const END = [0x0b];
const RETURN = [0x0f];
const EQZ = [0x45];
const GE_S = [0x4e];
const ADD = [0x6a];
const SUB = [0x6b];
const AND = [0x71];
const SHL = [0x74];
const SET_GLOBAL_HASH = [0x24, 0];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const load8 = (offset: number): number[] => [0x2d, 0, ...unsigned(offset)];
const load32 = (offset: number): number[] => [0x28, 2, ...unsigned(offset)];
const constant = (value: number): number[] => [0x41, ...signed(value)];

const [AT, TO, MASK, HASH, UNROLLED_TO] = [0, 1, 2, 3, 4];

/** `hash = (hash << 1) + gear[window[at + k]]; if ((hash & mask) == 0) return at + k + 1` */
const step = (k: number, gearAt: number): number[] => [
  ...[...get(HASH), ...constant(1), ...SHL],
  ...[...get(AT), ...load8(k), ...constant(2), ...SHL, ...load32(gearAt)],
  ...[...ADD, ...tee(HASH), ...get(MASK), ...AND, ...EQZ],
  ...[...IF, ...get(AT), ...constant(k + 1), ...ADD, ...RETURN, ...END],
];

/** `while (at < end) { steps; at += count }` */
const loop = (end: number, count: number, gearAt: number): number[] => [
  ...[...BLOCK, ...LOOP, ...get(AT), ...get(end), ...GE_S, ...branchIf(1)],
  ...Array.from({ length: count }, (_, k) => step(k, gearAt)).flat(),
  ...[...get(AT), ...constant(count), ...ADD, ...set(AT), ...branch(0), ...END, ...END],
];

function assemble(gearAt: number, pages: number): Uint8Array {
  const body = [
    ...[1, 1, I32],
    ...[...get(TO), ...constant(UNROLLED - 1), ...SUB, ...set(UNROLLED_TO)],
    ...loop(UNROLLED_TO, UNROLLED, gearAt),
    ...loop(TO, 1, gearAt),
    ...[...get(HASH), ...SET_GLOBAL_HASH, ...constant(0), ...END],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 4, I32, I32, I32, I32, 1, I32]),
    ...section(2, [1, ...text('env'), ...text('memory'), 2, 1, ...unsigned(pages), ...unsigned(pages)]),
    ...section(3, [1, 0]),
    ...section(6, [1, I32, 1, ...constant(0), ...END]),
    ...section(7, [2, ...text('scan'), 0, 0, ...text('hash'), 3, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const text = (value: string): number[] => sized([...Buffer.from(value)]);

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const rest = value >> 7;
  const signBit = value & 0x40;
  const last = (rest === 0 && signBit === 0) || (rest === -1 && signBit !== 0);
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}
