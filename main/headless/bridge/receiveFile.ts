import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Outcome } from '../../../shared/desktop/commands.ts';
import { NodeId } from '../../../shared/ids.ts';
import { addFile } from '../../desk/adding.ts';
import { MESSAGES, outcomeOfError, refused } from '../../desk/messages.ts';
import type { Insight } from '../../engine/insight/insight.ts';

const Query = z.object({
  folder: NodeId.nullable(),
  path: z.array(z.string().min(1).max(255)).min(1).max(101),
  mtimeMs: z.number().int().nullable(),
});

/** `POST /files?to={"folder","path","mtimeMs"}` with the file's bytes; answers with an Outcome. */
export async function receiveFile(
  insight: Insight | null,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const outcome = await received(insight, request, url);
  // What was refused unread has to go somewhere, or the browser never hears why.
  if (!outcome.ok) request.resume();
  const json = JSON.stringify(outcome);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

async function received(insight: Insight | null, request: IncomingMessage, url: URL): Promise<Outcome<null>> {
  const query = Query.safeParse(json(url.searchParams.get('to') ?? ''));
  if (!query.success) return refused('refused', MESSAGES.malformed);
  if (insight === null) return refused('not-running', MESSAGES.notRunning);
  try {
    await addFile(insight, { ...query.data, body: request });
    return { ok: true, value: null };
  } catch (error) {
    return outcomeOfError(error);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
