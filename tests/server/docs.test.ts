import { expect, test } from 'vitest';
import { freshServer } from './harness.ts';

interface Media {
  readonly schema?: unknown;
  readonly example?: unknown;
}
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

async function routes(): Promise<[name: string, operation: Operation][]> {
  const { url } = await freshServer();
  const answer = await fetch(`${url}/api/v1/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

test('every route says what it is for, under one heading', async () => {
  const silent = (await routes()).filter(([, { summary, tags }]) => !summary || tags?.length !== 1);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('every route shows an example of the JSON that it takes and gives', async () => {
  const json = ({ content }: { content?: Operation['responses'][string]['content'] }) => content?.['application/json'];
  const bare = (await routes()).filter(([, { requestBody, responses }]) =>
    [requestBody, responses['200']].some((each) => each && json(each) && json(each)?.example === undefined),
  );
  expect(bare.map(([name]) => name)).toEqual([]);
});

test('every route shows what it answers, unless that is nothing or bytes', async () => {
  const silent = (await routes()).filter(([, { responses }]) => {
    const [media] = Object.entries(responses['200']?.content ?? {});
    const bytes = media !== undefined && !/json|text/.test(media[0]);
    return responses['204'] === undefined && !bytes && media?.[1].example === undefined;
  });
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('refusals are described as problems', async () => {
  const known = new Map(await routes());
  const { content } = known.get('GET /api/v1/nodes/{id}')?.responses['4XX'] ?? {};
  expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
});

test('only what needs no token says that it needs none', async () => {
  const open = (await routes()).filter(([, { security }]) => security?.length === 0).map(([name]) => name);
  expect(open).toContain('GET /api/v1/shared/{token}');
  expect(open).not.toContain('GET /api/v1/nodes');
});

test('the page for people comes whole from the server, and may load nothing from anywhere else', async () => {
  const { url } = await freshServer();
  const page = await fetch(`${url}/api/docs`);
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https:|\*|upgrade-insecure-requests/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  const parts = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address = '']) => address);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    expect(part).not.toMatch(/^(https?:)?\/\//);
    const loaded = await fetch(new URL(part, page.url));
    expect(loaded.status, part).toBe(200);
    await loaded.arrayBuffer();
  }
});

test('the page reads the description that programs read', async () => {
  const { url } = await freshServer();
  const [forPeople, forPrograms] = await Promise.all(
    ['/api/docs/json', '/api/v1/openapi.json'].map(async (path) => (await fetch(url + path)).json()),
  );
  expect(forPeople).toEqual(forPrograms);
});
