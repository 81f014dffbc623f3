import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { nodePorts } from '../model/index.ts';
import { Archive } from './archive.ts';
import { KeptOfTalkers } from './kept-of-talkers.ts';
import { FragmentFetcher } from './fragment-fetcher.ts';
import { HolderSearch } from './holder-search.ts';
import { Holders } from './holders.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

async function ground(t: TestContext, count = 40) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  // The fetcher's timers alone: the room has others.
  const timers = new HandTime();
  const archive = new Archive({
    ...{ identity: bob.identity, store: bob.store, clock: bob.time },
    kept: new KeptOfTalkers({ store: bob.store, office: bob.office }),
  });
  const { office, store } = bob;
  const holders = new Holders({ read: store, office, clock: timers });
  const search = new HolderSearch({
    ...{ office, holders, random: nodePorts.random },
    found: (found) => fetcher.found(found),
  });
  const fetcher: FragmentFetcher = new FragmentFetcher({
    full: () => assert.fail('there is room'),
    ...{ archive, holders, search, schedule: timers.schedule },
  });
  const { id, header, manifest, fragments } = await speak(ann, [bob], { time: bob.time, count });
  archive.begin(header, { mine: 'recipient', keeps: false });
  const link = new HandLink(hub.record.node);
  const asked = (of = link) => of.of('fetch').map(({ from, to }) => [from, to]);
  return { timers, bob, ann, hub, archive, holders, fetcher, id, manifest, fragments, link, asked };
}

test('UDP has 150 ms before a holder is asked; a message that is complete by then is not asked for', async (t) => {
  const { timers, bob, archive, fetcher, id, fragments, manifest, link, asked } = await ground(t);
  bob.office.upstream = link;
  fetcher.watch(id);
  timers.pass(149);
  assert.deepEqual(asked(), []);
  timers.pass(1);
  assert.deepEqual(asked(), [[0, undefined]], 'nothing is here: all of it, to its open end');
  assert.deepEqual(
    link.of('fetch').map(({ follow }) => follow),
    [true],
  );
  fetcher.settled(id);
  archive.append(id, fragments);
  await archive.end(manifest);
  fetcher.watch(id);
  timers.pass(150);
  assert.equal(asked().length, 1);
});

test('only the gaps are asked for', async (t) => {
  const { bob, archive, fetcher, id, fragments, manifest, link, asked } = await ground(t);
  bob.office.upstream = link;
  archive.append(
    id,
    fragments.filter(({ n }) => n !== 3 && n !== 4 && n !== 9 && n < 38),
  );
  fetcher.fetch(id);
  assert.deepEqual(asked(), [
    [3, 5],
    [9, 10],
  ]);
  await archive.end(manifest);
  fetcher.settled(id);
  fetcher.fetch(id);
  assert.deepEqual(asked().slice(2), [
    [3, 5],
    [9, 10],
    [38, 40],
  ]);
});

test('with more than 16 gaps everything from the first one on is asked for at once', async (t) => {
  const { bob, archive, fetcher, id, fragments, link, asked } = await ground(t, 60);
  bob.office.upstream = link;
  archive.append(
    id,
    fragments.filter(({ n }) => n < 5 || n % 2 === 0),
  );
  fetcher.fetch(id);
  assert.deepEqual(asked(), [[5, undefined]]);
  fetcher.fetch(id);
  assert.equal(asked().length, 1, 'what is asked for already is not asked for again');
});

test('fragments are accepted only over the link that was asked, and only those that were asked for', async (t) => {
  const { bob, ann, fetcher, id, fragments, link } = await ground(t);
  bob.office.upstream = link;
  assert.deepEqual(fetcher.accept(link, id, fragments), [], 'nobody asked');
  fetcher.fetch(id);
  assert.deepEqual(fetcher.accept(new HandLink(ann.record.node), id, fragments), []);
  assert.equal(bob.store.get(id)?.held, 0);
  assert.deepEqual(fetcher.accept(link, id, fragments), fragments);
  assert.equal(bob.store.get(id)?.held, 40);
});

/** When it is looked whether anything came. */
const LOOK_MS = 8000;

test('a holder that had only a part is asked again a second after it ended each range', async (t) => {
  const { timers, bob, ann, archive, fetcher, id, fragments, link, asked } = await ground(t);
  bob.office.upstream = link;
  archive.append(
    id,
    fragments.filter(({ n }) => n !== 3 && n !== 9),
  );
  fetcher.fetch(id);
  fetcher.ended(link, id, false);
  fetcher.ended(new HandLink(ann.record.node), id, false);
  assert.deepEqual(timers.dueIn, [LOOK_MS], 'one range is still open');
  fetcher.ended(link, id, false);
  assert.deepEqual(timers.dueIn, [1000]);
  fetcher.accept(link, id, fragments.slice(3, 4));
  assert.equal(bob.store.get(id)?.held, 38, 'it is not asked any more');
  timers.pass(1000);
  assert.equal(asked().length, 4);
});

test('when the link is lost, another holder is asked at once', async (t) => {
  const { timers, bob, ann, hub, fetcher, holders, id, link, asked } = await ground(t);
  const other = new HandLink(ann.record.node);
  bob.office.upstream = link;
  fetcher.fetch(id);
  bob.office.upstream = undefined;
  holders.add(id, other);
  fetcher.linkLost(new HandLink(hub.record.node));
  assert.deepEqual(timers.dueIn, [LOOK_MS], 'another link concerns nobody');
  fetcher.linkLost(link);
  timers.pass(0);
  assert.deepEqual(asked(other), [[0, undefined]]);
});

test('nothing is asked for without a holder; a message that is not kept here is not fetched', async (t) => {
  const { bob, fetcher, id, link, asked } = await ground(t);
  fetcher.fetch(id);
  bob.office.upstream = link;
  fetcher.fetch('A'.repeat(22) as never);
  assert.deepEqual(asked(), []);
  fetcher.fetch(id);
  assert.equal(asked().length, 1);
});

test('for a completed message the holder is told to stop, and nothing more is fetched', async (t) => {
  const { timers, bob, fetcher, id, link } = await ground(t);
  bob.office.upstream = link;
  fetcher.fetch(id);
  fetcher.watch(id);
  fetcher.settled(id);
  assert.deepEqual(link.of('fetch-stop'), [{ type: 'fetch-stop', id }]);
  assert.deepEqual(timers.dueIn, []);
  fetcher.watch(id);
  fetcher.close();
  assert.deepEqual(timers.dueIn, []);
});

test('the talker is asked before the switch, the switch before any other holder', async (t) => {
  const { bob, ann, hub, archive, holders, id, manifest, fragments } = await ground(t);
  const [talker, theSwitch, other] = [
    new HandLink(ann.record.node),
    new HandLink(hub.record.node),
    new HandLink((await newPerson(t, '104')).record.node),
  ];
  const source = () => holders.sourceOf(bob.store.get(id)!);
  assert.equal(source(), undefined);
  holders.add(id, other);
  assert.equal(source(), other);
  bob.office.upstream = theSwitch;
  assert.equal(source(), theSwitch);
  bob.office.downstream = [talker];
  assert.equal(source(), talker);
  Object.assign(bob.office, { upstream: undefined, downstream: [] });
  holders.linkLost(other);
  assert.equal(source(), undefined);
  holders.add(id, other);
  holders.forget(id);
  assert.equal(source(), undefined);
  archive.append(id, fragments);
  await archive.end(manifest);
  await until(() => bob.store.get(id)?.state === 'complete', 'the whole message');
  holders.add(id, other);
  assert.equal(source(), undefined, 'nobody needs to be asked for what is whole here');
});

test('a message that nobody has is asked for ever more rarely, until something of it comes or is announced', async (t) => {
  const { timers, bob, fetcher, holders, id, fragments, link } = await ground(t);
  bob.office.upstream = link;
  const failed = () => {
    fetcher.ended(link, id, false);
    const [pause] = timers.dueIn;
    timers.pass(pause!);
    return pause;
  };
  fetcher.fetch(id);
  const pauses = Array.from({ length: 12 }, failed);
  assert.deepEqual(pauses.slice(0, 5), [1000, 2000, 4000, 8000, 16_000]);
  assert.deepEqual(pauses.slice(-2), [600_000, 600_000]);
  fetcher.accept(link, id, fragments.slice(0, 2));
  assert.deepEqual([failed(), failed()], [1000, 2000], 'something came');
  holders.add(id, link);
  fetcher.watch(id);
  timers.pass(150);
  assert.equal(failed(), 1000, 'it was announced');
});

test('a holder that has nothing is followed by the next one at once, and each is left alone for longer each time', async (t) => {
  const { timers, bob, ann, fetcher, holders, id, link, asked } = await ground(t);
  const other = new HandLink(ann.record.node);
  bob.office.upstream = link;
  holders.add(id, other);
  const pauses: (number | undefined)[] = [];
  fetcher.fetch(id);
  for (let round = 1; round <= 4; round += 1) {
    fetcher.ended(other, id, false);
    assert.deepEqual([asked(other).length, asked(link).length], [round, round], 'its talker is the first');
    fetcher.ended(link, id, false);
    pauses.push(timers.dueIn[0]);
    timers.pass(timers.dueIn[0]!);
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000]);
  for (const source of [other, link]) fetcher.ended(source, id, false);
  holders.forgive();
  fetcher.watch(id);
  timers.pass(150);
  for (const source of [other, link]) fetcher.ended(source, id, false);
  assert.equal(timers.dueIn[0], 1000, 'a link came up meanwhile');
});

test('a holder that failed less often than others is asked before them', async (t) => {
  const { timers, bob, ann, hub, holders, id } = await ground(t);
  const [first, second] = [new HandLink(hub.record.node), new HandLink(ann.record.node)];
  for (const link of [first, second]) holders.add(id, link);
  holders.failed(id, first.peer);
  timers.pass(60_000);
  assert.equal(holders.sourceOf(bob.store.get(id)!), second);
  holders.add(id, first);
  holders.failed(id, second.peer);
  assert.equal(holders.sourceOf(bob.store.get(id)!), first);
});

test('a holder that falls silent is followed by another one; while there is none, it may go on', async (t) => {
  const { timers, bob, ann, fetcher, holders, id, fragments, link, asked } = await ground(t);
  const other = new HandLink(ann.record.node);
  bob.office.upstream = link;
  fetcher.fetch(id);
  timers.pass(LOOK_MS - 1);
  fetcher.accept(link, id, fragments.slice(0, 10));
  timers.pass(LOOK_MS);
  assert.equal(link.of('fetch-stop').length, 0, 'something came');
  timers.pass(LOOK_MS);
  assert.deepEqual([link.of('fetch-stop').length, asked(link).length], [0, 1], 'there is nobody else');
  assert.equal(fetcher.accept(link, id, fragments.slice(10, 20)).length, 10, 'what comes late is taken');
  timers.pass(LOOK_MS);
  holders.add(id, other);
  timers.pass(LOOK_MS);
  assert.equal(link.of('fetch-stop').length, 1);
  assert.deepEqual(asked(other), [[20, undefined]]);
});

test('a holder that sends other messages meanwhile is given a minute', async (t) => {
  const { timers, bob, ann, archive, fetcher, holders, id, link, asked } = await ground(t);
  const long = await speak(ann, [bob], { time: bob.time, count: 40 });
  archive.begin(long.header, { mine: 'recipient', keeps: false });
  const toAnn = new HandLink(ann.record.node);
  bob.office.upstream = link;
  for (const one of [id, long.id]) fetcher.fetch(one);
  holders.add(id, toAnn);
  for (let n = 0; n < 8; n += 1) {
    assert.deepEqual(asked(toAnn), [], `after ${n} looks`);
    fetcher.accept(link, long.id, long.fragments.slice(n, n + 1));
    timers.pass(LOOK_MS);
  }
  assert.deepEqual(asked(toAnn), [[0, undefined]]);
});
