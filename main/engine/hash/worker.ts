import { setPriority } from 'node:os';
import { parentPort, type Transferable } from 'node:worker_threads';
import { Chunker } from './chunker.ts';
import { copyChunks } from './copyChunks.ts';
import { fileFailure } from './fileFailure.ts';
import type { Job, JobReply, JobResults } from './jobs.ts';
import { changed, readUnchanged, readWhileWritten } from './reading.ts';
import { readSmallFiles } from './smallFiles.ts';
import { writeFiles } from './writeFiles.ts';

/** A thread that reads, chunks and hashes files. One job in, one reply out; blocking calls are fine here. */
const chunker = new Chunker();

// Sending goes before reading ahead. On Linux this is the thread's own priority, elsewhere it would be the program's.
if (process.platform === 'linux') setPriority(0, 5);

parentPort?.on('message', async (job: Job) => {
  const transfer: Transferable[] = [];
  parentPort?.postMessage(await replyTo(job, transfer), transfer);
});

async function replyTo(job: Job, transfer: Transferable[]): Promise<JobReply> {
  try {
    return { ok: true, result: await run(job, transfer) };
  } catch (error) {
    const { code, message } = fileFailure(error);
    return { ok: false, code, message };
  }
}

async function run(job: Job, transfer: Transferable[]): Promise<JobResults[Job['type']]> {
  switch (job.type) {
    case 'cut': {
      const { value: lengths, stat } = readUnchanged(job.path, (fd, { size }) => {
        if (size !== job.size) throw changed(job.path);
        return chunker.cut({ fd, size, path: job.path }, job.from, job.atLeast);
      });
      return { lengths, stat };
    }
    case 'hash': {
      const read = job.size === null ? readWhileWritten : readUnchanged;
      const { value: hashes, stat } = read(job.path, (fd, { size }) => {
        if (job.size !== null && size !== job.size) throw changed(job.path);
        return chunker.hash({ fd, size, path: job.path }, job.from, job.lengths);
      });
      return { hashes, stat };
    }
    case 'copy':
      return copyChunks(job, chunker.window);
    case 'small': {
      const { files, buffers } = readSmallFiles(job.paths);
      transfer.push(...buffers);
      return files;
    }
    case 'write':
      return writeFiles(job);
  }
}
