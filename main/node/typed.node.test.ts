import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { heardShare } from '../../test/support/correlate.ts';
import { NOT_HEARD } from '../../test/support/calls.ts';
import { eventually } from '../../test/support/eventually.ts';
import {
  isNotified,
  isSounding,
  messageOf,
  samplesOf,
  soundSoFar,
  statesOf,
} from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';
import { systemVoices, Voices, WorkFolder, type Synthesiser } from '../speech/index.ts';

const spoken = new Voices(systemVoices(new WorkFolder(tempFolder('voices'))));
const skip =
  (await spoken.voices()).length === 0 ? 'no voice is installed: apt-get install espeak-ng' : false;
const TEXT = 'The parcel is here.\nSecond floor, please!';
/** What the codec leaves of a voice, at the least. */
const KEPT = 0.8;
const LONG = 'Grüße, “dear” 同僚 👋 <b>bold</b>. '.repeat(60).trim();

/** On a busy machine a voice comes in jumps, between which it is silent for a while. */
const hears = (one: Member, voice: Int16Array) =>
  eventually(async () => heardShare(voice, await soundSoFar(one)) > NOT_HEARD, `${one.name} hears the voice`);

describe('what is typed', { timeout: 120_000 }, () => {
  it('is heard in a voice of the talker’s computer, and can be read', { skip }, async (t) => {
    const [ann, bob] = await officeFor(t).people('101', '102');
    const sent = await ann.node.call('talkText', { dial: '102', text: TEXT, language: 'en' });
    assert.deepEqual([sent.isSpoken, sent.names], [true, ['Person 102']]);
    await bob.untilSo(isSounding(sent.id));
    const voice = await spoken.speak(TEXT, { language: 'en' }, new AbortController().signal);
    assert.equal(sent.durationMs, Math.round(voice.length / 48));
    for (const one of [ann, bob])
      await eventually(
        async () => (await messageOf(one, sent.id))?.words?.text === TEXT,
        `${one.name} can read it`,
      );
    await eventually(
      async () => statesOf(await messageOf(ann, sent.id))['102'] === 'heard',
      'Ann knows that Bob heard it',
    );
    // All of it: on a busy machine it comes in jumps, between which it is silent for a while.
    const live = heardShare(voice, await soundSoFar(bob));
    assert.ok(live > NOT_HEARD, `Bob hears the voice: ${live}`);
    const kept = heardShare(voice, await samplesOf(bob, sent.id));
    assert.ok(kept > KEPT, `the message is the voice: ${kept}`);
    const saved = async (format: 'txt' | 'ogg') =>
      Buffer.from((await bob.node.call('exportMessage', { which: sent.id, format })).base64, 'base64');
    assert.equal((await saved('txt')).toString(), `${TEXT}\n`);
    assert.ok((await saved('ogg')).includes(`LYRICS=${TEXT}`), 'players show it, too');
    assert.deepEqual((await messageOf(bob, sent.id))?.words, { text: TEXT, language: 'en', isAlone: false });
  });

  it('and is longer than a datagram is whole all the same, for everybody in a group', { skip }, async (t) => {
    const office = officeFor(t);
    const [ann, bob, cleo] = await office.people('101', '102', '103');
    const sent = await ann.node.call('talkText', { dial: '102,103', text: LONG.slice(0, 900) });
    for (const one of [bob, cleo])
      await eventually(
        async () => (await messageOf(one, sent.id))?.words?.text === LONG.slice(0, 900),
        `${one.name} can read it`,
      );
    await ann.node.call('talkRelease');
    for (const one of [bob, cleo])
      await eventually(async () => (await messageOf(one, sent.id))?.complete === true, `${one.name} has all`);
  });

  it(
    'goes to whom the talk key reached, also where somebody else speaks while its voice is made',
    { skip },
    async (t) => {
      const office = officeFor(t);
      let goOn = (): void => undefined;
      const cleoHasSpoken = new Promise<void>((resolve) => (goOn = resolve));
      const synthesiser: Synthesiser = {
        voices: (again) => spoken.voices(again),
        speak: async (...what) => {
          await cleoHasSpoken;
          return spoken.speak(...what);
        },
      };
      const ann = await office.add('101', { synthesiser });
      await office.add('102');
      const cleo = await office.add('103');
      await office.settled();
      await ann.node.call('dial', { dial: '102' });
      const sending = ann.node.call('talkText', { text: TEXT });
      await cleo.node.call('talkRecording', { dial: '101', wavBase64: toneWav(500) });
      await eventually(
        async () => (await ann.node.call('status')).talkTo?.extension === '103',
        'the talk key reaches Cleo',
      );
      goOn();
      assert.deepEqual((await sending).names, ['Person 102']);
    },
  );

  it('where no voice is, is sent as words, which are read and not heard', async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101', { synthesiser: new Voices([]) });
    const bob = await office.add('102', { synthesiser: new Voices([]) });
    await office.settled();
    assert.deepEqual(await ann.node.call('voices'), { voices: [], trouble: null });
    const preview = await ann.node.call('textPreview', { text: 'Where are you?' });
    assert.equal(preview.isSpoken, false);
    const from = bob.events.length;
    const sent = await ann.node.call('talkText', { dial: '102', text: LONG });
    assert.deepEqual([sent.isSpoken, sent.durationMs], [false, 0]);
    await bob.untilAfter(from, isNotified(sent.id));
    await eventually(async () => (await messageOf(bob, sent.id))?.words?.text === LONG, 'Bob can read it');
    await eventually(
      async () => (await messageOf(ann, sent.id))?.recipients[0]?.isNotified === true,
      'Ann knows that Bob is notified',
    );
    assert.equal((await messageOf(bob, sent.id))?.heard, false);
    assert.ok(!bob.events.some(isSounding(sent.id)));
    await bob.node.call('play', { which: sent.id });
    await eventually(
      async () => statesOf(await messageOf(ann, sent.id))['102'] === 'read',
      'Ann knows that Bob has read it',
    );
  });

  it(
    'where the talker’s computer has no voice, is spoken at once by that of the recipient’s',
    { skip },
    async (t) => {
      const office = officeFor(t);
      const ann = await office.add('101', { synthesiser: new Voices([]) });
      const bob = await office.add('102');
      await office.settled();
      const from = bob.events.length;
      const { id, isSpoken } = await ann.node.call('talkText', { dial: '102', text: TEXT, language: 'en' });
      assert.equal(isSpoken, false);
      await bob.untilAfter(from, isSounding(id));
      const voice = await spoken.speak(TEXT, { language: 'en' }, new AbortController().signal);
      await eventually(
        async () => statesOf(await messageOf(ann, id))['102'] === 'heard',
        'Ann knows that Bob heard it, and did not read it',
      );
      const share = heardShare(voice, await soundSoFar(bob));
      assert.ok(share > NOT_HEARD, `Bob hears the voice: ${share}`);
      assert.ok(!bob.events.some(isNotified(id)), 'whoever hears it is not notified');
      assert.equal((await messageOf(bob, id))?.heard, true);
    },
  );

  it('is heard in a voice of the talker’s where the recipient’s computer has none', { skip }, async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101');
    const bob = await office.add('102', { synthesiser: new Voices([]) });
    await office.settled();
    const { id } = await ann.node.call('talkText', { dial: '102', text: TEXT, language: 'en' });
    const voice = await spoken.speak(TEXT, { language: 'en' }, new AbortController().signal);
    await hears(bob, voice);
    assert.deepEqual((await messageOf(bob, id))?.words?.text, TEXT);
  });

  it('is a page, which is heard at once, by everybody or by some', { skip }, async (t) => {
    const office = officeFor(t);
    const [ann, bob, cleo] = await office.people('101', '102', '103');
    const voice = await spoken.speak(TEXT, { language: 'en' }, new AbortController().signal);
    const { id } = await ann.node.call('talkText', { page: {}, text: TEXT, language: 'en' });
    for (const one of [bob, cleo]) {
      await hears(one, voice);
      const { page, words } = (await messageOf(one, id)) ?? {};
      assert.deepEqual([page?.isToAll, words?.text], [true, TEXT]);
    }
    await ann.untilSo((event) => event.type === 'talk' && event.talk === null);
    const toBob = await ann.node.call('talkText', { dial: '102', page: {}, text: 'For Bob' });
    await bob.untilSo(isSounding(toBob.id));
    assert.equal(await messageOf(cleo, toBob.id), undefined);
  });

  it('is said to be spoken only where a voice speaks its language', { skip }, async (t) => {
    const all = await spoken.voices();
    const german = all.filter(({ language }) => language === 'de');
    const list = () => Promise.resolve(german);
    const synthesiser = new Voices([
      { name: 'espeak-ng', list, speak: () => Promise.reject(new Error('nobody speaks')) },
    ]);
    const ann = await officeFor(t).add('101', { synthesiser });
    const isSpoken = async (text: string) => (await ann.node.call('textPreview', { text })).isSpoken;
    assert.equal(await isSpoken('Das Paket ist hier.'), true);
    assert.equal(await isSpoken('The parcel is here.'), false);
  });

  it('has no voice and is dialled by its number, is read once it is spoken, and not where no voice is', async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101', { synthesiser: new Voices([]) });
    const bob = await office.add('102', { synthesiser: new Voices([]) });
    await office.settled();
    const { id } = await ann.node.call('talkText', { dial: '102', text: 'Coming' });
    await eventually(async () => (await messageOf(bob, id))?.words?.text === 'Coming', 'Bob can read it');
    const { number } = (await messageOf(bob, id))!;
    const { sentence } = await bob.node.call('dialPreview', { dial: number });
    assert.match(sentence, new RegExp(`^Reads out message #${number} from Person 101 \\(101\\), today at `));
    await assert.rejects(bob.node.call('dial', { dial: number }), refused('no-voice-here'));
    assert.equal((await messageOf(bob, id))?.heard, false, 'nobody has seen or heard it');

    await office.close(bob);
    const again = await office.add('102', { profile: bob.profile, name: 'Person 102' });
    const { base64 } = await again.node.call('exportMessage', { which: id, format: 'txt' });
    assert.equal(Buffer.from(base64, 'base64').toString(), 'Coming\n', 'also as the first that is asked');
  });

  it('reaches whom the code for typing and a number name, and is kept where it pages without a voice', async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101', { synthesiser: new Voices([]) });
    const bob = await office.add('102');
    await office.settled();
    const preview = await ann.node.call('dialPreview', { dial: '*55102' });
    assert.deepEqual([preview.kind, preview.phrase.code], ['type', 'dial-type']);
    const typed = await ann.node.call('talkText', { dial: '*55102', text: 'Coming' });
    const paged = await ann.node.call('talkText', { dial: '102', page: {}, text: 'Fire drill' });
    for (const [{ id }, text] of [
      [typed, 'Coming'],
      [paged, 'Fire drill'],
    ] as const)
      await eventually(async () => (await messageOf(bob, id))?.words?.text === text, `Bob reads ${text}`);
    assert.equal((await messageOf(bob, paged.id))?.page?.isKept, true);
  });

  it('is a sentence at hand by its place, and everybody who looks on is told whom it reached', async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101', { synthesiser: new Voices([]) });
    const bob = await office.add('102');
    await office.settled();
    await ann.node.call('setSettings', { presets: ['On my way', 'Not today'] });
    await assert.rejects(ann.node.call('talkText', { preset: 1 }), refused('nobody-chosen'));
    await ann.node.call('dial', { dial: '102' });
    assert.equal((await ann.node.call('textPreview', { preset: 2 })).isSpoken, false);
    const sent = await ann.node.call('talkText', { preset: 2 });
    assert.deepEqual([sent.text, sent.names], ['Not today', ['Person 102']]);
    await eventually(
      async () => (await messageOf(bob, sent.id))?.words?.text === 'Not today',
      'Bob reads it',
    );
    const [told] = ann.events.filter(({ type }) => type === 'preset-sent');
    assert.deepEqual(
      { ...told, at: 0 },
      {
        ...{ type: 'preset-sent', at: 0, id: sent.id, names: ['Person 102'] },
        ...{ text: 'Not today', isSpoken: false },
      },
    );
    await assert.rejects(ann.node.call('talkText', { preset: 3 }), refused('no-preset'));
    for (const wrong of [{}, { preset: 1, text: 'x' }, { preset: 0 }, { preset: 10 }])
      for (const method of ['talkText', 'textPreview'] as const)
        await assert.rejects(ann.node.call(method, wrong), { code: 'bad-arguments' });
  });

  it('is spoken by the computer’s own voices where the chosen folder has none, and that is said', async (t) => {
    const ann = await officeFor(t).add('101');
    const { voices, trouble } = await ann.node.call('voices');
    assert.equal(trouble, null);
    await ann.node.call('setSettings', { voiceFolder: tempFolder('no-voice') });
    const after = await ann.node.call('voices');
    assert.deepEqual(after.voices, voices);
    assert.equal(after.trouble?.phrase.code, 'model-unknown');
  });

  it('and is no text, too long, or for nobody is refused, and nothing is sent', async (t) => {
    const [ann] = await officeFor(t).people('101', '102');
    const type = (text: string, dial = '102') => ann.node.call('talkText', { dial, text });
    await assert.rejects(type(' \u200b\n'), refused('words-empty'));
    await assert.rejects(type('x'.repeat(2001)), refused('words-too-long'));
    await assert.rejects(type('x', '999'), refused('nobody'));
    assert.deepEqual(await ann.node.call('messages'), []);
  });
});
