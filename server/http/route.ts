import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../shared/api/problem.ts';
import { NodeId, UploadId, type UserId } from '../../shared/ids.ts';
import type { Proof } from '../auth/bearers.ts';
import type { Rates } from '../settings/rates.ts';

/** The application, with requests and answers typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of an authenticated route runs. */
    userId: UserId;
    /** By what; set together with it. */
    proof: Proof;
  }
  interface FastifyContextConfig {
    /** Nobody needs to be signed in. */
    open?: boolean;
    /** Which limit its requests count towards; default: metadata. */
    rate?: keyof Rates | 'free';
  }
}

export const NodeParams = z.object({ id: NodeId });
export const UploadParams = z.object({ id: UploadId });

/** The answers of a route, for the API's description. */
export const answers = <T extends z.ZodType>(schema: T) => ({ 200: schema, '4xx': Problem, '5xx': Problem });
export const noContent = { 204: z.void(), '4xx': Problem, '5xx': Problem };
