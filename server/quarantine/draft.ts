import type { z } from 'zod';
import { FileDraft } from '../../shared/api/nodes.ts';
import type { QuarantineRow } from '../db/schema.ts';

const Draft = FileDraft.omit({ size: true });
export type Draft = z.infer<typeof Draft>;

/** The file that the content was to be. */
export const draftOf = ({ draft }: Pick<QuarantineRow, 'draft'>): Draft => Draft.parse(JSON.parse(draft));
