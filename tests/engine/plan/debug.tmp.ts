import { readFileSync } from 'node:fs';
import { World } from '/work/main/tests/engine/plan/world.ts';
import { Hands, perform, plant } from '/work/main/tests/engine/plan/edits.ts';
import { converge, choices, show, canonical, wholePlan } from '/work/main/tests/engine/plan/converge.ts';
const story = JSON.parse(readFileSync('/tmp/story.json','utf8'));
const mode = process.argv[2] ?? 'one';
const world = new World(mode !== 'crash');
const hands = new Hands(world);
plant(world, hands, story.seeds);
for (const e of story.edits) perform(world, hands, e);
const s = (x: string|null) => x === null ? '/' : '#' + x.slice(-4).replace(/^0+/, '');
const dump = () => { for (const id of world.ids) { const l = world.local.get(id), r = world.remote.get(id), y = world.synced.get(id);
  console.log(s(id), (l??r??y)?.kind, 'L', l ? `${s(l.parentId)} ${l.name} ${world.bytes.get(id)?.slice(-2)??''}${l.contentId||l.kind==='folder'?'':'?'}` : '-', 'R', r ? `${r.state==='live'?'':'X '}${s(r.parentId)} ${r.name} ${r.contentId?.slice(-2)??''}` : '-', 'S', y ? `${s(y.parentId)} ${y.name} ${y.contentId?.slice(-2)??''}` : '-'); } };
dump();
const apply = world.apply.bind(world);
world.apply = (op) => { console.log('  DO', show(op)); apply(op); };
let prev = '';
try { converge(world, { choose: choices(story.order), batch: mode==='batch'?10: mode==='inc'?3:1, check: (a) => { const p = a.planned.map(show).join('\n   '); if (p!==prev) console.log('plan:\n   ' + p); prev = p;
 if (mode==='inc' && JSON.stringify(canonical(a.planned)) !== JSON.stringify(canonical(wholePlan(world)))) { console.log('WHOLE:\n   ' + wholePlan(world).map(show).join('\n   ')); dump(); throw new Error('diff'); } } }); dump(); } catch (e) { dump(); console.log(String(e).slice(0,500)); }
