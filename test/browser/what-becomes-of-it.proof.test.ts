import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, messageRows } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { startColleagues, stopAll, untilAllSeeAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { isComplete } from '../support/messages.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';
import {
  isQuietAt,
  WAYS,
  WHAT_BECOMES_OF_IT,
  type Becoming,
  type Circumstance,
  type Way,
} from '../support/what-becomes-of-it.ts';

const [ANA, BO, KIM] = ['Ana Lind', 'Bo Li', 'Kim Ortiz'];
/** Nobody waits for its end. */
const LONG_WAV = toneWav(60_000);
/** What Bo plays in a row of the table: it goes on while others speak to him. */
const STORED_WAV = toneWav(12_000);
const isCall = (way: Way) => way === 'call' || way === 'chosen call';

/** What the panel of who speaks or calls says of the other one. */
const AT_ANA: Readonly<Record<Becoming, RegExp>> = {
  plays: says(en.recipient.hearing),
  'plays above it': says(en.recipient.hearing),
  'plays, stays unheard': says(en.recipient.hearing),
  'queued, plays next': /yours plays next$/,
  notified: says(...Object.values(en.recipientNotified), en.callState.notified),
  'not played, not kept': says(...Object.values(en.recipientMissed)),
  rings: says(en.callState.ringing),
  'answered by itself': says(en.callAnsweredThere),
  waits: says(en.callState.waiting),
  missed: says(en.callEnded.undisturbed),
};

/** What the panel of who is spoken to says meanwhile; for a call that rings nowhere: of who calls. */
const AT_BO: Readonly<Record<Becoming, RegExp>> = {
  plays: new RegExp(en.talkReply(ANA)),
  'plays above it': new RegExp(en.talkReply(ANA)),
  'plays, stays unheard': new RegExp(en.talkReply(ANA)),
  'queued, plays next': says(en.queueNext(ANA)),
  notified: says(en.speakingNow, en.callComes),
  'not played, not kept': new RegExp(KIM),
  rings: says(en.callComes),
  'answered by itself': says(en.callAnsweredItself),
  waits: says(en.callComesToo),
  missed: new RegExp(`${ANA} called`),
};

/** One of these, and nothing more at its end. */
function says(...texts: readonly string[]): RegExp {
  return new RegExp(`(${texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`);
}

/** Ana, who may override, speaks to Bo; Kim is the colleague to whom Bo listens, and with whom he is in a call. */
describe(
  'what becomes of what is said to somebody, in both panels',
  { skip: missingBrowser() ?? false, timeout: 280_000 },
  () => {
    const dir = tempFolder('becomes');
    const started: Started[] = [];
    let [ana, bo] = [] as unknown as [BrowserPanel, BrowserPanel];
    let kim: Headless;
    let stored = '';

    before(async () => {
      ana = await openQuietPanel(dir, 'ana', asPerson(ANA, '101', 'new'));
      started.push(ana);
      const { link } = await ana.api.call('joinLink');
      bo = await openQuietPanel(dir, 'bo', asPerson(BO, '102', link));
      started.push(bo);
      // Where the panel is narrow, a call takes the place of the messages.
      await bo.page.setViewportSize(SIZES.wide);
      [kim] = (await startColleagues(started, dir, link, [[KIM, '103']])) as [Headless];
      await untilAllSeeAll(started);
      const { people } = await ana.api.call('members');
      const person = people.find(({ isMe }) => isMe)!.id;
      await ana.api.call('setRight', { person, right: 'override', isGiven: true });
      const knows = async () => (await bo.api.call('members')).people.some(({ rights }) => rights.length > 0);
      await eventually(knows, 'Bo knows that Ana may override');
      // It is a mailbox: nothing of it sounds at Bo.
      stored = (await kim.api.call('talkRecording', { dial: '*102', wavBase64: STORED_WAV })).id;
      await bo.told(isComplete(stored));
    });
    after(() => stopAll(started));

    const statusOfBo = () => bo.api.call('status');

    /** It is so at Bo. Returns what ends what he hears. */
    async function makeSo(is: Circumstance): Promise<() => Promise<unknown>> {
      await bo.api.call('setPresence', { presence: is.presence ?? 'available' });
      await bo.api.call('setSettings', { overrideWhenAway: is.allowsOverrides === true });
      await bo.api.call('computer', { event: is.isIdle ? 'idle' : 'active' });
      await bo.api.call('computer', { event: is.isLocked ? 'lock' : 'unlock' });
      if (is.hears === 'own') {
        await bo.api.call('play', { which: stored });
        return () => bo.api.call('playback', { action: 'stop' });
      }
      if (is.hears === 'somebody') {
        const from = bo.events.length;
        const { id } = await kim.api.call('talkRecording', { dial: '102', wavBase64: LONG_WAV });
        await bo.told((event) => event.type === 'sounding' && event.id === id, from);
        return () => kim.api.call('talkRelease');
      }
      if (is.hears === 'a call') {
        await kim.api.call('startCall', { dial: '102', wavBase64: LONG_WAV });
        await eventually(async () => (await statusOfBo()).calls.length > 0, 'it rings at Bo');
        await bo.api.call('controlCall', { action: 'answer', wavBase64: LONG_WAV });
        return () => bo.api.call('controlCall', { action: 'hang-up' });
      }
      return () => Promise.resolve();
    }

    async function speak(way: Way): Promise<void> {
      const page = way === 'page' ? {} : way === 'kept page' ? { keep: true } : undefined;
      if (isCall(way)) await ana.api.call('startCall', { dial: '102', wavBase64: LONG_WAV });
      else
        await ana.api.call('talkRecording', {
          ...{ dial: way === 'override' ? '*48102' : '102', wavBase64: LONG_WAV },
          ...(way === 'override' ? { isConfirmed: true } : {}),
          ...(page === undefined ? {} : { page }),
        });
    }

    /** Ana stops, what Bo hears ends, and nothing waits. */
    async function quiet(way: Way, ends: () => Promise<unknown>): Promise<void> {
      // A call that is a missed one has ended already.
      if (isCall(way)) await ana.api.call('controlCall', { action: 'hang-up' }).catch(() => undefined);
      else await ana.api.call('talkRelease');
      await ends();
      if ((await statusOfBo()).waiting.length > 0) await bo.api.call('playback', { action: 'later' });
      await eventually(() => isQuietAt(bo.api), 'all is quiet at Bo', 60_000);
      await bo.api.call('forgetMissedCalls', {});
    }

    /** What is not so is not shown either. */
    async function lacks(becoming: Becoming, way: Way): Promise<void> {
      const sounds = becoming.startsWith('plays');
      assert.equal(await bo.page.getByText(AT_BO.plays).count(), sounds ? 1 : 0, `${way}: sounds at Bo`);
      const speaksNow = await messageRows(bo.page)
        .filter({ hasText: en.speakingNow })
        .filter({ hasText: ANA })
        .count();
      const isShown = !isCall(way) && becoming !== 'not played, not kept';
      assert.equal(speaksNow, isShown ? 1 : 0, `${way}: Ana's message is in Bo's list`);
      const isAsked =
        becoming === 'rings' || becoming === 'waits' || (isCall(way) && becoming === 'notified');
      assert.equal(await button(bo.page, en.callAnswer).count(), isAsked ? 1 : 0, `${way}: Bo can answer`);
    }

    for (const { when, is, becomes } of WHAT_BECOMES_OF_IT) {
      it(when, async () => {
        for (const way of WAYS) {
          const becoming = becomes[way];
          const person = (await bo.api.call('people')).find(({ name }) => name === ANA)!.id;
          if (way === 'chosen call') await bo.api.call('setAutoAnswer', { person, isOn: true });
          const ends = await makeSo(is);
          await speak(way);
          const [atAna, atBo] = [ana.page.getByText(AT_ANA[becoming]), bo.page.getByText(AT_BO[becoming])];
          await atAna.first().waitFor();
          await atBo.first().waitFor();
          await lacks(becoming, way);
          await quiet(way, ends);
          if (way === 'chosen call') await bo.api.call('setAutoAnswer', { person, isOn: false });
        }
      });
    }
  },
);
