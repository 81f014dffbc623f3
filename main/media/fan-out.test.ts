import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FanOut } from './fan-out.ts';
import type { MediaAddress } from './protocol.ts';

const GROUP = { address: '239.192.1.2', port: 47_023 };
const [ANN, BOB, KIM, OLD]: readonly [MediaAddress, MediaAddress, MediaAddress, MediaAddress] = [
  { address: '10.0.0.1', port: 4001, inGroup: 'likely' },
  { address: '10.0.0.2', port: 4002, inGroup: 'likely' },
  { address: '10.0.0.3', port: 4003, inGroup: 'unlikely' },
  { address: '10.0.0.4', port: 4004 },
];
const MEDIA = 7;

/** A message to these, a fragment every 10 ms. */
const speak = (...targets: MediaAddress[]) => speakTo(targets);

/** `own`: to this many of the group's members goes their own. */
function speakTo(targets: readonly MediaAddress[], own?: number) {
  const fanOut = new FanOut({ targets, group: GROUP, own });
  const sent = new Map<string, number[]>();
  let count = 0;
  const say = (fragments: number) => {
    for (let i = 0; i < fragments; i++) {
      count += 1;
      fanOut.next(count, count * 10, (n, { address }) =>
        sent.set(address, [...(sent.get(address) ?? []), n]),
      );
    }
  };
  const to = ({ address }: { readonly address: string }) => sent.get(address) ?? [];
  const hears = (target: MediaAddress) =>
    fanOut.report(target, { kind: 'hears-group', media: MEDIA, next: 0 });
  const lacks = (target: MediaAddress, next: number) =>
    fanOut.report(target, { kind: 'lacks-group', media: MEDIA, next });
  return { fanOut, say, to, hears, lacks };
}

const upTo = (count: number, from = 0) => Array.from({ length: count - from }, (_, n) => from + n);

describe('a message to the group', () => {
  it('goes there once, and to nobody who confirms', () => {
    const { fanOut, say, to, hears } = speak(ANN, BOB);
    fanOut.announced(0);
    say(3);
    hears(ANN);
    hears(BOB);
    say(40);
    assert.deepEqual(to(GROUP), upTo(43));
    assert.deepEqual([to(ANN), to(BOB)], [[], []]);
    assert.deepEqual(fanOut.takeReach(), [], 'that is what was thought');
  });

  it('goes from the first fragment on to whoever did not confirm in time, which is told', () => {
    const { fanOut, say, to, hears } = speak(ANN, BOB);
    fanOut.announced(0);
    say(2);
    hears(ANN);
    say(14);
    assert.deepEqual(to(BOB), [], 'there is time until 170 ms');
    say(1);
    assert.deepEqual(to(BOB), upTo(17));
    assert.deepEqual(fanOut.takeReach(), [{ target: BOB, isReached: false }]);
    say(5);
    assert.deepEqual(to(BOB), upTo(22));
    hears(BOB);
    say(5);
    assert.deepEqual(to(BOB), upTo(22), 'its word was late, and ends it');
    assert.deepEqual(fanOut.takeReach(), [{ target: BOB, isReached: true }]);
  });

  it('waits for no word before its header is out: nobody could open anything', () => {
    const { fanOut, say, to } = speak(ANN);
    say(100);
    assert.deepEqual(to(ANN), []);
    fanOut.announced(1000);
    say(17);
    assert.deepEqual(to(ANN), upTo(117));
  });

  it('goes at once to whom the group did not reach the last time, and to who joins none', () => {
    const { say, to, hears, fanOut } = speak(ANN, KIM, OLD);
    fanOut.announced(0);
    say(2);
    assert.deepEqual([to(ANN), to(KIM), to(OLD)], [[], [0, 1], [0, 1]]);
    hears(KIM);
    hears(OLD);
    hears(ANN);
    say(2);
    assert.deepEqual([to(ANN), to(KIM), to(OLD)], [[], [0, 1], [0, 1, 2, 3]]);
    assert.deepEqual(fanOut.takeReach(), [{ target: KIM, isReached: true }]);
  });

  it('goes to whom the group reaches no more, from what they lack, whatever is said in their name', () => {
    const { fanOut, say, to, hears, lacks } = speak(ANN, BOB);
    fanOut.announced(0);
    say(2);
    hears(ANN);
    hears(BOB);
    say(48);
    lacks(BOB, 30);
    hears(BOB);
    say(1);
    assert.deepEqual(to(BOB), upTo(51, 30));
    assert.deepEqual(to(ANN), []);
    assert.deepEqual(fanOut.takeReach(), [{ target: BOB, isReached: false }]);
  });

  it('is no less sent to the group because its talker was silent, and somebody lost the last of it', () => {
    const { say, to, lacks } = speak(ANN);
    lacks(ANN, 0);
    say(30);
    lacks(ANN, 29);
    say(3);
    assert.deepEqual(to(ANN), []);
  });

  it('is made up to many by and by, in order, and nobody falls further behind', () => {
    const many = Array.from({ length: 250 }, (_, n): MediaAddress => ({
      ...{ address: `10.1.0.${n}`, port: 5000, inGroup: 'likely' },
    }));
    const { fanOut, say, to } = speak(...many);
    fanOut.announced(0);
    say(16);
    const before = many.reduce((sum, target) => sum + to(target).length, 0);
    say(1);
    const atOnce = many.reduce((sum, target) => sum + to(target).length, 0) - before;
    assert.ok(atOnce > 250 && atOnce <= 750, `${atOnce} at once`);
    say(30);
    for (const target of many) assert.deepEqual(to(target), upTo(47));
  });

  it('makes up three seconds to a target, and leaves what is older to be asked for', () => {
    const { fanOut, say, to, lacks } = speak(ANN);
    fanOut.announced(0);
    say(1);
    fanOut.report(ANN, { kind: 'hears-group', media: MEDIA, next: 0 });
    say(999);
    lacks(ANN, 0);
    say(1);
    assert.deepEqual(to(ANN), upTo(1001, 700));
  });

  it('goes to a target that comes later from then on', () => {
    const { fanOut, say, to } = speak(ANN);
    fanOut.announced(0);
    say(20);
    fanOut.setTargets([ANN, OLD]);
    say(2);
    assert.deepEqual(to(OLD), [20, 21]);
    fanOut.setTargets([ANN]);
    say(2);
    fanOut.setTargets([ANN, OLD]);
    say(1);
    assert.deepEqual(to(OLD), [20, 21, 24]);
  });
});

describe('a message to many whom the group does not reach', () => {
  const HUB: MediaAddress = { address: '10.0.0.9', port: 4009, inGroup: 'likely', isSwitch: true };

  it('goes to so many of them; the others are left to the switch, which gets its own, as does who joins no group', () => {
    const { fanOut, say, to } = speakTo([ANN, BOB, KIM, OLD, HUB], 2);
    fanOut.announced(0);
    say(17);
    // Kim, who was not reached the last time, and the node of a version before were sent their own at once.
    assert.deepEqual([to(KIM), to(OLD), to(HUB)], [upTo(17), upTo(17), upTo(17)]);
    assert.deepEqual([to(ANN), to(BOB)], [[], []]);
    assert.deepEqual(
      [ANN, BOB, KIM].map((one) => fanOut.isLeftToSwitch(one)),
      [true, true, false],
    );
    assert.deepEqual(
      fanOut.takeReach().map(({ target, isReached }) => [target.address, isReached]),
      [ANN, BOB, HUB].map(({ address }) => [address, false]),
    );
  });

  it('goes to those who confirm by the group, however many have their own', () => {
    const { fanOut, say, to, hears, lacks } = speakTo([ANN, BOB, KIM], 1);
    fanOut.announced(0);
    say(2);
    hears(ANN);
    say(40);
    assert.deepEqual([to(ANN), to(BOB), to(KIM)], [[], [], upTo(42)]);
    lacks(BOB, 0);
    say(1);
    assert.deepEqual(to(BOB), [], 'it has it from the switch');
    lacks(ANN, 20);
    say(1);
    assert.deepEqual(to(ANN), upTo(44, 20), 'who loses the group in the middle asks the switch for nothing');
  });

  it('goes by the group to who says so late', () => {
    const { fanOut, say, to, hears } = speakTo([ANN, KIM], 1);
    fanOut.announced(0);
    say(20);
    assert.ok(fanOut.isLeftToSwitch(ANN));
    hears(ANN);
    say(1);
    assert.ok(!fanOut.isLeftToSwitch(ANN));
    assert.deepEqual(to(ANN), []);
    assert.deepEqual(fanOut.takeReach(), [{ target: ANN, isReached: true }]);
  });

  it('goes to all of them from the moment on in which no switch is there', () => {
    const { fanOut, say, to } = speakTo([ANN, BOB, KIM], 1);
    fanOut.announced(0);
    say(20);
    assert.deepEqual(to(ANN), []);
    fanOut.setTargets([ANN, BOB, KIM]);
    say(2);
    assert.deepEqual([to(ANN), to(BOB), to(KIM)], [[20, 21], [20, 21], upTo(22)]);
  });

  it('goes to no more of them where somebody comes who is named before those who have their own', () => {
    const { fanOut, say, to } = speakTo([KIM], 1);
    say(1);
    const lea: MediaAddress = { address: '10.0.0.5', port: 4005, inGroup: 'unlikely' };
    fanOut.setTargets([lea, KIM], 1);
    say(1);
    assert.deepEqual([to(KIM), to(lea)], [upTo(2), []]);
    assert.ok(fanOut.isLeftToSwitch(lea));
  });

  it('takes nobody’s own away when the bound is there again', () => {
    const { fanOut, say, to } = speakTo([ANN, BOB, KIM]);
    fanOut.announced(0);
    say(17);
    fanOut.setTargets([ANN, BOB, KIM], 1);
    say(1);
    for (const one of [ANN, BOB, KIM]) assert.deepEqual(to(one), upTo(18));
  });
});

describe('what is sent again', () => {
  it('goes to targets alone, as much as each may have', () => {
    const { fanOut, say } = speak(ANN, BOB);
    say(1);
    const ask = (target: MediaAddress) => fanOut.resend(target, 0, 0).refusal;
    for (let n = 0; n < 300; n++) assert.equal(ask(ANN), undefined);
    assert.equal(ask(ANN), 'asked for too much');
    assert.equal(ask(BOB), undefined, 'that is no other target’s loss');
    assert.equal(ask(OLD), 'asked by no target');
  });

  it('is bounded for all targets together', () => {
    const many = Array.from({ length: 250 }, (_, n): MediaAddress => ({
      address: `10.1.0.${n}`,
      port: 5000,
    }));
    const { fanOut, say } = speak(...many);
    say(1);
    let sent = 0;
    for (const target of many)
      for (let n = 0; n < 100; n++) if (fanOut.resend(target, n, 0).to !== undefined) sent += 1;
    assert.equal(sent, 4000);
  });
});

describe('a fragment that listeners of the group lost', () => {
  const MANY = Array.from({ length: 250 }, (_, n): MediaAddress => ({
    ...{ address: '10.0.1.1', port: 5000 + n, inGroup: 'likely' },
  }));

  it('goes to the group once where the whole office lost it', () => {
    const { fanOut, say, hears } = speakTo(MANY);
    fanOut.announced(0);
    say(2);
    for (const one of MANY) hears(one);
    say(30);
    const answers = MANY.map((one, n) => fanOut.resend(one, 5, 320 + n / 12.5).to);
    const to = answers.filter((one) => one !== undefined);
    assert.deepEqual(to.slice(0, 3), [MANY[0], MANY[1], GROUP]);
    assert.equal(to.length, 3, 'two by unicast, one packet for the others');
  });

  it('goes by unicast to whom the group does not reach', () => {
    const { fanOut, say, hears } = speak(ANN, BOB, KIM, OLD);
    fanOut.announced(0);
    say(2);
    hears(ANN);
    hears(BOB);
    say(30);
    const asking = [KIM, OLD, ANN, BOB];
    assert.deepEqual(
      asking.map((one) => fanOut.resend(one, 5, 320).to),
      asking,
    );
  });
});
