import { config } from 'zod';

/** The page's policy forbids the code that zod would otherwise write for itself. Imported before any schema is made. */
config({ jitless: true });
