import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary } from '../../preload/api.ts';
import { commandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { isNotified, isSounding, messageOf } from '../support/messages.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';
import {
  WHAT_BECOMES_OF_IT,
  type Becoming,
  type Circumstance,
  type Row,
  type Way,
} from '../support/what-becomes-of-it.ts';

/** What is tried at each of these, by the command line alone; the pure functions are asked for all. */
const TRIED: readonly string[] = [
  'available',
  'busy by itself: listens to a colleague',
  'busy by itself: in a call',
  'do not disturb, chosen',
  'away by idle time, unlocked',
  'locked screen',
  'locked screen, overrides allowed',
];

/** Nobody waits for its end. */
const LONG_WAV = toneWav(60_000);

const WAYS = ['message', 'page', 'override', 'call', 'chosen call'] as const satisfies readonly Way[];

/** Ann, who may override, speaks to Bo; Kim is the colleague to whom Bo listens, and with whom he is in a call. */
describe('what becomes of what is said to somebody, by the command line', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let [ann, bo, kim] = [] as unknown as [Member, Member, Member];
  let [short, long] = ['', ''];
  const [annsLine, bosLine] = [commandLine(() => ann.profile), commandLine(() => bo.profile)];

  before(async () => {
    [ann, bo, kim] = await office.people('101', '102', '103');
    await office.serve(ann, bo);
    [short, long] = [join(ann.profile, 'short.wav'), join(ann.profile, 'long.wav')];
    await writeFile(short, Buffer.from(toneWav(600), 'base64'));
    await writeFile(long, Buffer.from(LONG_WAV, 'base64'));
    await annsLine.says(/override/, 'grant', '101', 'override');
    const knows = async () => (await bo.node.call('members')).people.some(({ rights }) => rights.length > 0);
    await eventually(knows, 'Bo knows that Ann may override');
  });
  after(() => office.stop());

  const statusOfBo = () => bo.node.call('status');
  const holds = (what: () => Promise<boolean>, as: string) => eventually(what, as, 60_000);

  /** It is so at Bo. */
  async function presenceIs({ presence = 'available', allowsOverrides, isIdle, isLocked }: Circumstance) {
    const { presence: before } = await statusOfBo();
    if (presence !== before) await bosLine.says(/^You are/, 'presence', presence);
    if (allowsOverrides)
      await bosLine.says(/^overrideWhenAway=on$/m, 'settings', '--set', 'overrideWhenAway=on');
    await bo.node.call('computer', { event: isIdle ? 'idle' : 'active' });
    await bo.node.call('computer', { event: isLocked ? 'lock' : 'unlock' });
  }

  /** Bo hears that. Returns what ends it. */
  async function hearing(what: Circumstance['hears']): Promise<() => Promise<unknown>> {
    if (what === 'somebody') {
      const { id } = await kim.node.call('talkRecording', { dial: '102', wavBase64: LONG_WAV });
      await bo.untilSo(isSounding(id));
      // First what is heard: once Kim is silent the next has its turn, and would be skipped.
      return () => bosLine.corridor('skip').then(() => kim.node.call('talkRelease'));
    }
    if (what === 'a call') {
      await kim.node.call('startCall', { dial: '102', wavBase64: LONG_WAV });
      await holds(async () => (await statusOfBo()).calls.length > 0, 'it rings at Bo');
      await bosLine.says(/in a call with you/, 'answer', '--file', long);
      return () => bosLine.corridor('hangup');
    }
    return () => Promise.resolve();
  }

  async function quiet(): Promise<void> {
    const isQuiet = async () => {
      const { playing, calls, waiting } = await statusOfBo();
      const isSpeaking = (await bo.node.call('people')).some(({ speaking }) => speaking);
      return !playing && !isSpeaking && waiting.length === 0 && calls.every(({ state }) => state === 'ended');
    };
    await holds(isQuiet, 'all is quiet at Bo');
  }

  /** A colleague whose calls are answered by themselves. */
  async function ofChosenCall(): Promise<Becoming> {
    await bosLine.says(/answered by themselves/, 'auto-answer', '101');
    const becoming = await ofCall();
    await bosLine.says(/^Calls of Person 101 \(101\) ring\.$/m, 'auto-answer', '101', '--off');
    return becoming;
  }

  async function ofCall(): Promise<Becoming> {
    // One node of a process has a microphone: Bo’s, whose computer may answer by itself.
    await annsLine.says(/Person 102 \(102\)|^no call$/m, 'call', '102', '--file', long, '--no-wait');
    const mine = async () => (await ann.node.call('status')).calls[0];
    // It is ringing for Ann while the tone sounds at Bo, who is shown nothing then.
    const isShownToBo = async () =>
      (await statusOfBo()).calls.some(({ extension, state }) => extension === '101' && state !== 'active');
    const isSettled = async () => {
      const state = (await mine())?.state ?? 'calling';
      return state === 'ringing' ? isShownToBo() : state !== 'calling';
    };
    await holds(isSettled, 'something becomes of the call');
    const call = await mine();
    await annsLine.corridor('hangup');
    const BECOMES = { ringing: 'rings', waiting: 'waits', notified: 'notified' } as const;
    if (call?.state === 'active' && call.isAutomatic) return 'answered by itself';
    if (call?.state === 'ringing' || call?.state === 'waiting' || call?.state === 'notified')
      return BECOMES[call.state];
    assert.equal(call?.reason, 'undisturbed');
    await bosLine.says(/Person 101 \(101\)/, 'missed');
    return 'missed';
  }

  async function ofSpeech(
    way: Exclude<(typeof WAYS)[number], 'call' | 'chosen call'>,
    ends: () => Promise<unknown>,
  ): Promise<Becoming> {
    const from = bo.events.length;
    const words: Record<typeof way, readonly string[]> = {
      message: ['talk', '102'],
      page: ['page', '102'],
      override: ['talk', '*48102', '--yes'],
    };
    const { id } = await annsLine.json<MessageSummary>(...words[way], '--file', short);
    const since = () => bo.events.slice(from);
    const isKept = async () => (await messageOf(bo, id)) !== undefined;
    const isQueued = async () => (await statusOfBo()).waiting.some(({ extension }) => extension === '101');
    const isSettled = async () =>
      since().some(isSounding(id)) || since().some(isNotified(id)) || (await isQueued()) || !(await isKept());
    await holds(isSettled, 'something becomes of it');
    if (!(await isKept())) return 'not played, not kept';
    const isOver = async () => (await messageOf(bo, id))?.heard === true || since().some(isNotified(id));
    if (await isQueued()) {
      assert.ok(!since().some(isSounding(id)));
      await ends();
      await holds(isOver, 'it has its turn');
      return since().some(isSounding(id)) ? 'queued, plays next' : 'notified';
    }
    await holds(isOver, 'it is heard, or its person is notified');
    if (!since().some(isSounding(id))) return 'notified';
    if (since().some(isNotified(id))) return 'plays, stays unheard';
    const { calls } = await statusOfBo();
    const isBeside = (await bo.node.call('people')).some(({ speaking }) => speaking) || calls.length > 0;
    return isBeside ? 'plays above it' : 'plays';
  }

  const rows = WHAT_BECOMES_OF_IT.filter(({ when }) => TRIED.includes(when));
  for (const { when, is, becomes } of rows satisfies readonly Row[]) {
    it(when, async () => {
      await presenceIs(is);
      const found: Partial<Record<Way, Becoming>> = {};
      const expected: Partial<Record<Way, Becoming>> = {};
      for (const way of WAYS) {
        expected[way] = becomes[way];
        const ends = await hearing(is.hears);
        if (way === 'call') found[way] = await ofCall();
        else if (way === 'chosen call') found[way] = await ofChosenCall();
        else found[way] = await ofSpeech(way, ends);
        await ends();
        await quiet();
      }
      assert.deepEqual(found, expected);
    });
  }
  it('knows the rows that it tries', () => assert.equal(rows.length, TRIED.length));
});
