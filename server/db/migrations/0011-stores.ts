import { onBoth } from './onBoth.ts';

/**
 * Content may lie in a bucket. An upload says where it is put together; what a bucket has of it stands in its rows, where
 * every copy of the server sees it: the bucket's own id of it, each part's ETag, and how many chunks are kept of one that
 * broke off.
 */
export const stores = onBoth(/* sql */ `
alter table uploads add column store text not null default 'disk';
alter table uploads add column multipart text;
alter table upload_parts add column etag text;
alter table quarantine add column store text not null default 'disk';
alter table upload_parts add column there integer not null default 0;
`);
