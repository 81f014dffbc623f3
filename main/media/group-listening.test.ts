import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { CONFIRM_WITHIN_MS, GroupListening } from './group-listening.ts';
import { buildGroupReport, parseGroupReport } from './rtcp-app.ts';
import { buildNack, parseNack } from './rtcp.ts';

const BY_GROUP = { isByGroup: true, isNew: true };
const BY_ITSELF = { isByGroup: false, isNew: true };

/** What is said, and when, while a fragment comes every 10 ms as `comes` says. */
function said(
  listening: GroupListening,
  comes: (at: number) => { readonly isByGroup: boolean; readonly isNew: boolean } | undefined,
  untilMs: number,
): [number, string][] {
  const words: [number, string][] = [];
  for (let at = 0; at < untilMs; at += 1) {
    const fragment = at % 10 === 0 ? comes(at) : undefined;
    if (fragment) listening.received(fragment, at);
    const word = at >= listening.nextAt() ? listening.due(at) : undefined;
    if (word) words.push([at, word]);
  }
  return words;
}

describe('what a listener says of the group', () => {
  it('confirms once, at a random time of its own within 60 ms of its first fragment', () => {
    const random = seededRandom(20_261_129);
    const times = Array.from({ length: 250 }, () => {
      const words = said(new GroupListening(0, random), () => BY_GROUP, 1000);
      assert.deepEqual([words.length, words[0]?.[1]], [1, 'hears-group']);
      return words[0]![0];
    });
    assert.ok(times.every((at) => at <= CONFIRM_WITHIN_MS));
    const early = times.filter((at) => at < CONFIRM_WITHIN_MS / 2).length;
    assert.ok(early > 90 && early < 160, `${early} of 250 in the first half`);
  });

  it('counts from its header where fragments came before', () => {
    const listening = new GroupListening(500, () => 0.5);
    listening.received(BY_GROUP, 100);
    assert.equal(listening.nextAt(), 530);
  });

  it('asks for its own where nothing comes, and ever more seldom', () => {
    const words = said(new GroupListening(0, () => 0), () => undefined, 10_000);
    assert.deepEqual(
      words,
      [250, 650, 1450, 3050, 6250, 9450].map((at) => [at, 'lacks-group']),
    );
  });

  it('asks for its own where the group falls silent in the middle', () => {
    const words = said(new GroupListening(0, () => 0), (at) => (at < 1000 ? BY_GROUP : undefined), 1300);
    assert.deepEqual(words, [
      [0, 'hears-group'],
      [1240, 'lacks-group'],
    ]);
  });

  it('does not ask where its own computer was busy: what came meanwhile is read after the first look', () => {
    const listening = new GroupListening(0, () => 0);
    listening.received(BY_GROUP, 0);
    assert.equal(listening.due(0), 'hears-group');
    for (const stallEnds of [210, 900]) {
      assert.equal(listening.due(stallEnds), undefined);
      listening.received(BY_GROUP, stallEnds);
      assert.equal(listening.nextAt(), stallEnds + 200);
    }
  });

  it('does not ask where its header came late, and fragments before it', () => {
    const listening = new GroupListening(0, () => 0);
    assert.equal(listening.due(400), undefined);
    listening.received(BY_GROUP, 150);
    assert.equal(listening.due(400), 'hears-group');
    assert.equal(listening.due(400), undefined);
  });

  it('does not take what came before for a sign that the group reaches it: anybody can repeat that', () => {
    const repeated = { isByGroup: true, isNew: false };
    const words = said(new GroupListening(0, () => 0), (at) => (at < 1000 ? BY_GROUP : repeated), 1300);
    assert.deepEqual(words, [
      [0, 'hears-group'],
      [1240, 'lacks-group'],
    ]);
  });

  it('says nothing where it is sent its own', () => {
    assert.deepEqual(
      said(new GroupListening(0, () => 0), () => BY_ITSELF, 1000),
      [],
    );
  });

  it('confirms once more where it is also sent its own: the word was lost', () => {
    let turn = 0;
    const both = () => ((turn += 1) % 2 ? BY_GROUP : { isByGroup: false, isNew: false });
    const words = said(new GroupListening(0, () => 0), both, 1200);
    assert.deepEqual(
      words,
      [0, 510, 1010].map((at) => [at, 'hears-group']),
    );
  });
});

describe('a report of the group in RTCP', () => {
  it('is an empty receiver report and an application-defined packet (RFC 3550 §6.7)', () => {
    const packet = buildGroupReport(0x01020304, { kind: 'lacks-group', media: 0x0a0b0c0d, next: 258 });
    const wanted = '80c900010102030482cc0004010203044352' + '44520a0b0c0d00000102';
    assert.equal(packet.toString('hex'), wanted);
    assert.deepEqual(parseGroupReport(packet), { kind: 'lacks-group', media: 0x0a0b0c0d, next: 258 });
  });

  it('is told from everything else', () => {
    const whole = buildGroupReport(1, { kind: 'hears-group', media: 2, next: 3 });
    const changed = (at: number, byte: number) => {
      const packet = Buffer.from(whole);
      packet[at] = byte;
      return packet;
    };
    const others = [whole.subarray(0, 27), Buffer.concat([whole, Buffer.alloc(4)]), buildNack(1, 2, [3, 40])];
    others.push(changed(8, 0x83), changed(9, 205), changed(11, 5), changed(16, 0x43 + 1), changed(1, 200));
    for (const packet of others) assert.equal(parseGroupReport(packet), undefined, packet.toString('hex'));
    assert.equal(parseNack(whole), undefined, 'nor is it taken for a NACK by a version before');
  });
});
