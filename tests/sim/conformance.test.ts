import fc from 'fast-check';
import { it } from 'vitest';
import { Client, freshServer, newUploadId } from '../server/harness.ts';
import { BothServers } from './bothServers.ts';
import { Chance } from './chance.ts';
import { ModelServer } from './modelServer.ts';
import { ModelUploads } from './modelUploads.ts';
import { fileWish, node, operationFor, putFor, text, treeWish } from './wishes.ts';

/** `CONFORMANCE_RUNS=5000 FAST_CHECK_SEED=any` looks further. */
const RUNS = Number(process.env.CONFORMANCE_RUNS ?? 100);

type Step = (both: BothServers) => Promise<void>;

const SEVERAL = { minLength: 1, maxLength: 4 };
const step = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

const operations = fc.array(treeWish, SEVERAL).map((wishes): Step => {
  return (both) => both.operate(wishes.map((wish) => operationFor(both.model, wish)));
});
/** No device sends one file twice in a pack; what the first answer would show then is nobody's promise. */
const pack = fc.uniqueArray(fileWish, { ...SEVERAL, selector: ({ nodeId }) => nodeId }).map((wishes): Step => {
  return (both) => both.pack(wishes.map((wish) => ({ put: putFor(both.model, wish), bytes: wish.text })));
});
const upload = fileWish.map((wish): Step => {
  return (both) => both.upload(newUploadId(), putFor(both.model, wish), wish.text);
});
const question = node.map(
  (id): Step =>
    (both) =>
      both.askFor(id),
);
const download = fc.tuple(node, text).map(
  ([id, bytes]): Step =>
    (both) =>
      both.download(id, bytes),
);
const feed = fc.nat({ max: 20 }).map(
  (from): Step =>
    (both) =>
      both.readFeed(from),
);

const steps = fc.array(
  fc.oneof(step(6, operations), step(5, pack), step(2, upload), step(1, question), step(1, download), step(1, feed)),
  { maxLength: 14 },
);

it(
  'the server and the model of it that the simulator plays with give the same answers and the same feed',
  async () => {
    const server = await freshServer();
    let users = 0;
    const story = fc.asyncProperty(steps, async (taken) => {
      users += 1;
      const { token } = await server.addUser(`user ${users}`);
      const model = new ModelServer(new Chance(users, 'model'));
      const both = new BothServers(model, new ModelUploads(model), new Client(server.url, token));
      for (const each of taken) await each(both);
      await both.readFeed(0);
    });
    await fc.assert(story, { numRuns: RUNS });
  },
  60_000 + RUNS * 1_000,
);
