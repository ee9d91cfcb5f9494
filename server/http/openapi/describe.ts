import { problem } from '../../../shared/api/problem.ts';
import { account } from './account.ts';
import { administration } from './administration.ts';
import { compatibility } from './compatibility.ts';
import type { Description, Descriptions } from './description.ts';
import { files } from './files.ts';
import { transfers } from './transfers.ts';

const DESCRIPTIONS: Descriptions = { ...files, ...transfers, ...account, ...administration, ...compatibility };

/** The parts of an OpenAPI document that are added to; the rest is the schemas' own. */
interface Media {
  schema?: unknown;
  example?: unknown;
}
interface Answer {
  content?: Record<string, Media>;
}
interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  requestBody?: Answer;
  responses?: Record<string, Answer>;
}
type Paths = Record<string, Record<string, Operation>>;

/** Adds to the description of each route what it is for, and examples of what it takes and gives. */
export function describeRoutes<T extends object>(document: T): T {
  const { paths = {} } = document as { paths?: Paths };
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const description = DESCRIPTIONS[`${method.toUpperCase()} ${path}`];
      if (description) describe(operation, description);
      for (const [status, answer] of Object.entries(operation.responses ?? {})) asProblem(status, answer);
    }
  }
  return document;
}

function describe(operation: Operation, description: Description): void {
  const { tag, summary, body, bodyType, fields, answer, answerType, open } = description;
  operation.summary = summary;
  operation.tags = [tag];
  if (open) operation.security = [];
  const taken = operation.requestBody?.content?.[JSON_TYPE];
  if (taken && body !== undefined) taken.example = body;
  if (bodyType) operation.requestBody = { content: { [bodyType]: fields ? formOf(fields) : BINARY } };
  const given = operation.responses?.['200'];
  if (given && answerType) given.content = { [answerType]: answer === undefined ? BINARY : { example: answer } };
  else if (given && answer !== undefined) {
    given.content = { [JSON_TYPE]: { ...given.content?.[JSON_TYPE], example: answer } };
  }
}

/** A form with one file, or several under the other name, and these fields. */
function formOf(fields: Readonly<Record<string, string>>): Media {
  const file = { type: 'string', format: 'binary' };
  const texts = Object.entries(fields).map(([name, example]) => [name, { type: 'string', example }]);
  const properties = { file, files: { type: 'array', items: file }, ...Object.fromEntries(texts) };
  return { schema: { type: 'object', properties } };
}

const JSON_TYPE = 'application/json';
const BINARY: Media = { schema: { type: 'string', format: 'binary' } };

/** What a refusal looks like, under the media type that it has. */
function asProblem(status: string, answer: Answer): void {
  const media = answer.content?.[JSON_TYPE];
  const example = PROBLEMS[status];
  if (media && example) answer.content = { 'application/problem+json': { ...media, example } };
}

const PROBLEMS: Readonly<Record<string, unknown>> = {
  '4XX': problem('not-found', 'There is no such file or folder. Look again.'),
  '5XX': problem('unavailable', 'The server is busy with maintenance. Try again in a moment.'),
};
