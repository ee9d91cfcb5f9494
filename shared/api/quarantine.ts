import { z } from 'zod';
import { UserId } from '../ids.ts';

/** A file that was refused for what is in it, and is kept apart. What is in it nobody is shown. */
export const QuarantinedFile = z.object({
  id: z.string(),
  userId: UserId,
  userName: z.string(),
  name: z.string(),
  size: z.number().int(),
  why: z.string().describe('What the scanner has found'),
  at: z.number().int().describe('When it was last sent, Unix ms'),
  released: z.boolean().describe('It went where it was meant to go; the same content is let in again'),
});
export type QuarantinedFile = z.infer<typeof QuarantinedFile>;
export const QuarantinePage = z.object({ files: z.array(QuarantinedFile), next: z.string().nullable() });
export type QuarantinePage = z.infer<typeof QuarantinePage>;
