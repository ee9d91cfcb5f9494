import { onBoth } from './onBoth.ts';

/**
 * Which run of the server gave out a user's numbers of facts, from `first` on. With a copy of the data folder that is put
 * back the same numbers are given out again, by another run: so a number and its run say of which history they are.
 */
export const mediaRuns = onBoth(/* sql */ `
create table media_runs (
  user_id text not null references users (id) on delete cascade,
  first integer not null,
  run text not null,
  primary key (user_id, first)
) strict, without rowid;
insert into media_runs (user_id, first, run)
  select id, 1, coalesce((select value from meta where key = 'run'), '0') from users where media_head > 0;
`);
