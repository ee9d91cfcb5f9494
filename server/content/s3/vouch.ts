import type { BuildMiddleware } from '@smithy/types';

/**
 * Has a request vouch for its body: the signature covers this hash, and the bucket takes no bytes that have another. By
 * itself the library signs no body that is a stream, nor any over https.
 */
export const vouching =
  <I extends object, O extends object>(sha256: string): BuildMiddleware<I, O> =>
  (next) =>
  (args) => {
    const { request } = args;
    if (typeof request === 'object' && request !== null && 'headers' in request) {
      Object.assign(request.headers as object, { 'x-amz-content-sha256': sha256 });
    }
    return next(args);
  };
