import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary } from '../../preload/api.ts';
import { commandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, isNotified, isSounding, messageOf } from '../support/messages.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';
import {
  isQuietAt,
  WAYS,
  WHAT_BECOMES_OF_IT,
  type Becoming,
  type Circumstance,
  type Way,
} from '../support/what-becomes-of-it.ts';

/** The commands by which README makes it so, by the row. */
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, table = ''] = README.split(/^\| it is so .*\n\| -+ .*\n/m);
const COMMANDS = new Map(
  (/^(?:\| .*\n)+/.exec(table)?.[0] ?? '').split('\n').map((row) => {
    const [, when = '', by = ''] = row.split('|').map((cell) => cell.trim());
    const [begins = ''] = by.split('; it ends');
    return [when, [...begins.matchAll(/`corridor ([^`]+)`/g)].map(([, words = '']) => words)] as const;
  }),
);

/** Nobody waits for its end. */
const LONG_WAV = toneWav(60_000);

/** What Bo plays in a row of the table: it goes on while others speak to him. */
const STORED_WAV = toneWav(12_000);

/** Ann, who may override, speaks to Bo; Kim is the colleague to whom Bo listens, and with whom he is in a call. */
describe('what becomes of what is said to somebody, by the command line', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let [ann, bo, kim] = [] as unknown as [Member, Member, Member];
  let [short, long, stored] = ['', '', ''];
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
    // It is a mailbox: nothing of it sounds at Bo.
    stored = (await kim.node.call('talkRecording', { dial: '*102', wavBase64: STORED_WAV })).id;
    await bo.untilSo(isComplete(stored));
  });
  after(() => office.stop());

  const statusOfBo = () => bo.node.call('status');
  const holds = (what: () => Promise<boolean>, as: string) => eventually(what, as, 60_000);

  /** Carries out a command of README: what is said to 204 is said by Kim, all else is Bo's. */
  async function does(command: string): Promise<void> {
    const { number = '' } = (await messageOf(bo, stored)) ?? {};
    const words = command.replace('4821', number).replace('204', '102').split(' ');
    if (words[0] === 'answer')
      await holds(async () => (await statusOfBo()).calls.length > 0, 'it rings at Bo');
    if (words[0] === 'call') await kim.node.call('startCall', { dial: '102', wavBase64: LONG_WAV });
    else if (words[0] === 'talk') await kim.node.call('talkRecording', { dial: '102', wavBase64: LONG_WAV });
    // The command goes on while it plays.
    else if (words[0] === 'play') void bosLine.corridor(...words);
    else await bosLine.says(/./, ...words, ...(words[0] === 'answer' ? ['--file', long] : []));
  }

  /** It is so at Bo, by README's own commands. Returns what ends what he hears. */
  async function makeSo(when: string, hears: Circumstance['hears']): Promise<() => Promise<unknown>> {
    const commands = COMMANDS.get(when) ?? [];
    assert.ok(commands.length > 0, `README says how it becomes “${when}”`);
    for (const command of commands) await does(command);
    const isSpoken = async () => (await bo.node.call('people')).some(({ speaking }) => speaking);
    if (hears === 'somebody') await holds(isSpoken, 'Kim is heard at Bo');
    if (hears === 'own') await holds(async () => (await statusOfBo()).playing?.id === stored, 'Bo plays it');
    // First what is heard: once Kim is silent the next has its turn, and would be skipped.
    if (hears === 'somebody') return () => bosLine.corridor('skip').then(() => kim.node.call('talkRelease'));
    if (hears === 'own') return () => bosLine.corridor('skip');
    if (hears === 'a call') return () => bosLine.corridor('hangup');
    return () => Promise.resolve();
  }

  /** Bo is available again, at an open screen. */
  async function asBefore(): Promise<void> {
    await bosLine.says(/^You are available/, 'presence', 'available');
    await bosLine.says(/^You count as sitting here/, 'computer', 'active');
    await bosLine.says(/^The screen counts as unlocked/, 'computer', 'unlock');
    await bosLine.says(/^overrideWhenAway=off$/m, 'settings', '--set', 'overrideWhenAway=off');
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
    way: Exclude<Way, 'call' | 'chosen call'>,
    ends: () => Promise<unknown>,
  ): Promise<Becoming> {
    const from = bo.events.length;
    const words: Record<typeof way, readonly string[]> = {
      message: ['talk', '102'],
      page: ['page', '102'],
      'kept page': ['page', '102', '--keep'],
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
    const { calls, playing } = await statusOfBo();
    const isSpoken = (await bo.node.call('people')).some(({ speaking }) => speaking);
    const isBeside = isSpoken || calls.length > 0 || playing?.id === stored;
    return isBeside ? 'plays above it' : 'plays';
  }

  for (const { when, is, becomes } of WHAT_BECOMES_OF_IT) {
    it(when, async () => {
      const found: Partial<Record<Way, Becoming>> = {};
      for (const way of WAYS) {
        const ends = await makeSo(when, is.hears);
        if (way === 'call') found[way] = await ofCall();
        else if (way === 'chosen call') found[way] = await ofChosenCall();
        else found[way] = await ofSpeech(way, ends);
        await ends();
        await holds(() => isQuietAt(bo.node), 'all is quiet at Bo');
      }
      await asBefore();
      assert.deepEqual(found, becomes);
    });
  }
});
