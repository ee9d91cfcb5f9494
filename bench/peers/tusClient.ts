import { createReadStream, readdirSync, statSync } from 'node:fs';
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import PQueue from 'p-queue';
import { MiB } from '../../shared/bytes.ts';

/** `tusClient.ts FOLDER ENDPOINT STORE`: uploads every file of a folder, resuming large ones noted in the store. */
interface Tus {
  readonly Upload: new (
    content: NodeJS.ReadableStream,
    options: Readonly<Record<string, unknown>>,
  ) => {
    findPreviousUploads(): Promise<readonly unknown[]>;
    resumeFromPreviousUpload(previous: unknown): void;
    start(): void;
  };
  readonly FileUrlStorage: new (path: string) => unknown;
  readonly DefaultHttpStack: new (options: { agent: Agent }) => unknown;
}

const AT_ONCE = 4;
/** Smaller files are sent within the request that creates them; there is nothing to resume. */
const RESUMABLE_BYTES = MiB;

const [folder = '', endpoint = '', store = ''] = process.argv.slice(2);
const require = createRequire(join(process.env.BENCH_MODULES ?? '', 'bench.js'));
const tus = require('tus-js-client') as Tus;
const httpStack = new tus.DefaultHttpStack({ agent: new Agent({ keepAlive: true, maxSockets: 2 * AT_ONCE }) });
const urlStorage = new tus.FileUrlStorage(store);

function upload(path: string): Promise<void> {
  const uploadSize = statSync(path).size;
  const filename = relative(folder, path);
  const resumable = uploadSize > RESUMABLE_BYTES;
  return new Promise((onSuccess, onError) => {
    const sending = new tus.Upload(createReadStream(path, { highWaterMark: MiB }), {
      endpoint,
      uploadSize,
      httpStack,
      onSuccess,
      onError,
      metadata: { filename },
      uploadDataDuringCreation: !resumable,
      storeFingerprintForResuming: resumable,
      ...(resumable ? { urlStorage, fingerprint: async () => `${filename}-${uploadSize}` } : {}),
    });
    if (!resumable) sending.start();
    else {
      sending.findPreviousUploads().then(([previous]) => {
        if (previous !== undefined) sending.resumeFromPreviousUpload(previous);
        sending.start();
      }, onError);
    }
  });
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const queue = new PQueue({ concurrency: AT_ONCE });
await Promise.all(files.map((file) => queue.add(() => upload(join(file.parentPath, file.name)))));
process.exit(0);
