import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import { HEARD } from '../support/calls.ts';
import { heardShare } from '../support/correlate.ts';
import { Headless } from '../support/headless.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { eventually } from '../support/eventually.ts';
import { END_NOTES, melody, notesHeard } from '../support/melody.ts';
import { isComplete, isMessage } from '../support/messages.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { missingSpeech, speak, type Speech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The least share of the speech's quarter seconds that the recording must hold; of another text it holds hardly any. */
const WHOLE = 0.7;
const INTELLIGIBLE = 0.5;
const NOTHING = 0.2;
/** Longer than any pause in the speech: after this much silence all of it has sounded. */
const SAID_ALL_MS = 1000;
const HOSTS = ['a', 'b', 'c'] as const;
type Host = (typeof HOSTS)[number];
const EXTENSION = { a: '101', b: '102', c: '103' } as const;

const skip = whyNoLan() ?? missingPulse() ?? missingSpeech() ?? false;

describe('voices across a LAN of three hosts', { skip, timeout: 170_000 }, () => {
  const dir = tempFolder('lan');
  const pulses = new Map<Host, Pulse>();
  const nodes = new Map<Host, Headless>();
  let lan: Lan;
  let link = 'new';
  let speech: Speech;
  let other: Speech;

  const pulse = (host: Host) => found(pulses, host);
  const node = (host: Host) => found(nodes, host);

  async function start(host: Host, profile?: string): Promise<void> {
    const started = await Headless.start({
      name: `Host ${host}`,
      extension: EXTENSION[host],
      office: link,
      interface: lan.address(host),
      prefix: ['ip', 'netns', 'exec', lan.namespace(host)],
      env: pulse(host).env,
      ...(profile ? { profile } : {}),
    });
    nodes.set(host, started);
    if (link === 'new') link = (await started.api.call('joinLink')).link;
  }

  async function everybodyIsThere(): Promise<void> {
    for (const host of nodes.keys()) {
      const online = (people: readonly { presence: string }[]) =>
        people.filter(({ presence }) => presence !== 'offline').length >= nodes.size - 1;
      await eventually(
        async () => online(await node(host).api.call('people')),
        () => `${host} sees the others: ${node(host).output()}`,
      );
    }
  }

  /** Waits until `leastMs` of the message are at `host`, while it is still being spoken. */
  const hasCome = (host: Host, id: string, leastMs: number) =>
    eventually(async () => {
      const message = (await node(host).api.call('messages')).find((one) => one.id === id);
      return message !== undefined && message.live && message.durationMs >= leastMs;
    }, `${leastMs} ms of the message have come while it is spoken`);

  /** Holds the key at `from`, plays the speech into its microphone, and gives back what `to` heard. */
  async function say(
    from: Host,
    to: Host,
    what: Pick<Speech, 'file'>,
  ): Promise<{ id: string; heard: Int16Array }> {
    const recording = await pulse(to).record();
    const { id } = await node(from).api.call('talkPress', { dial: EXTENSION[to] });
    await pulse(from).play(what.file).done;
    await recording.endsInSilence(SAID_ALL_MS);
    await node(from).api.call('talkRelease');
    return { id, heard: await recording.stop() };
  }

  before(async () => {
    lan = createLan({ hosts: HOSTS });
    speech = speak(dir, 'Good morning. The parcel for the second floor has arrived at the reception desk.');
    other = speak(dir, 'Who has the key of the archive? I need it before lunch today, please.', 'en+f3');
    for (const host of HOSTS) pulses.set(host, await startPulse({ dir: join(dir, host) }));
    for (const host of HOSTS) await start(host);
    await everybodyIsThere();
  });

  after(async () => {
    await Promise.all([...nodes.values()].map((one) => one.stop()));
    await Promise.all([...pulses.values()].map((one) => one.stop()));
    await lan?.stop();
  });

  afterEach(async () => {
    await Promise.all(HOSTS.map((host) => node(host).api.call('talkRelease')));
    await node('c').api.call('setPresence', { presence: 'available' });
  });

  it('is heard at the other host while it is spoken, first word and last', async () => {
    // Where playout catches up on a busy computer speech is faster for a moment: notes keep their pitch then.
    const voice = melody(1, 4);
    const file = join(dir, 'notes.wav');
    writeFileSync(file, voice.wav);
    const { id, heard } = await say('a', 'b', { file });
    const parts = { all: voice.notes, first: voice.notes.slice(0, 8), last: voice.notes.slice(-8) };
    for (const [part, notes] of Object.entries(parts)) {
      const share = notesHeard({ ...voice, notes }, heard);
      assert.ok(share >= HEARD, `${share} of its notes are heard: ${part}`);
    }
    await node('b').until(isComplete(id));
    await node('a').until(isMessage(id, ({ recipients }) => recipients[0]?.state === 'heard'));
  });

  it('notifies a person who is away while the talker speaks, and plays from the beginning on a click', async () => {
    await node('c').api.call('setPresence', { presence: 'away' });
    const silent = await pulse('c').record();
    const { id } = await node('a').api.call('talkPress', { dial: '103' });
    const { event } = await node('c').until((one) => one.type === 'notification' && one.id === id);
    assert.ok(event.type === 'notification');
    await pulse('a').play(speech.file).done;
    await node('a').api.call('talkRelease');
    await node('c').until(isComplete(id));
    assert.ok(heardShare(speech.samples, await silent.stop()) <= NOTHING, 'nothing sounds unasked');
    const recording = await pulse('c').record();
    const from = performance.now();
    await node('c').api.call('play', { which: event.number });
    await node('c').until((one) => one.type === 'playback' && one.playback === null, 15_000, from);
    await recording.endsInSilence(SAID_ALL_MS);
    const share = heardShare(speech.samples, await recording.stop());
    assert.ok(share >= WHOLE, `${share} of it was heard`);
    await node('a').until(isMessage(id, ({ recipients }) => recipients[0]?.state === 'heard'));
  });

  it('catches up with a message that is still being spoken, without losing its beginning', async () => {
    // It begins with notes that come nowhere else: nothing later can be taken for them. A note keeps its pitch where it is played faster.
    const voice = melody(1, 5);
    const beginning = { ...voice, notes: voice.notes.slice(-END_NOTES) };
    const at = voice.samples.length * (1 - END_NOTES / voice.notes.length);
    const samples = [...voice.samples.subarray(at), ...voice.samples.subarray(0, at)];
    const file = join(dir, 'beginning.wav');
    writeFileSync(file, writeWav(Int16Array.from(samples)));
    await node('c').api.call('setPresence', { presence: 'busy' });
    const { id } = await node('a').api.call('talkPress', { dial: '103' });
    const playing = pulse('a').play(file);
    await hasCome('c', id, 1000);
    const recording = await pulse('c').record();
    const from = performance.now();
    await node('c').api.call('play', { which: id });
    await node('c').until(
      (one) => one.type === 'playback' && one.playback?.id === id && one.playback.state === 'catching-up',
    );
    await playing.done;
    await pulse('a').play(other.file).done;
    await recording.endsInSilence(SAID_ALL_MS);
    await node('a').api.call('talkRelease');
    await node('c').until((one) => one.type === 'playback' && one.playback === null, 15_000, from);
    const heard = await recording.stop();
    const began = notesHeard(beginning, heard);
    assert.ok(began >= HEARD, `${began} of its beginning is heard`);
    // Speech that is played faster correlates with nothing; long before the sentence it is live again.
    const share = heardShare(other.samples, heard);
    assert.ok(share >= INTELLIGIBLE, `what followed was heard live: ${share} of it`);
  });

  it('gives two talkers at once to one host in turn, each whole', async () => {
    const recording = await pulse('b').record();
    const { id: first } = await node('a').api.call('talkPress', { dial: '102' });
    await node('b').until((event) => event.type === 'sounding' && event.id === first);
    const { id: second } = await node('c').api.call('talkPress', { dial: '102' });
    await Promise.all([pulse('a').play(speech.file).done, pulse('c').play(other.file).done]);
    await Promise.all(['a', 'c'].map((host) => node(host as Host).api.call('talkRelease')));
    for (const id of [first, second]) await node('b').until(isMessage(id, ({ heard }) => heard));
    await recording.endsInSilence(SAID_ALL_MS);
    const heard = await recording.stop();
    for (const { samples } of [speech, other]) {
      const share = heardShare(samples, heard);
      assert.ok(share >= WHOLE, `${share} of it was heard`);
    }
  });

  it('stays intelligible when a fifth of all packets is lost, and stores every fragment', async () => {
    lan.lose('b', 20);
    try {
      const { id, heard } = await say('a', 'b', speech);
      const share = heardShare(speech.samples, heard);
      assert.ok(share >= INTELLIGIBLE, `${share} of it was heard`);
      await node('b').until(isComplete(id), 15_000);
    } finally {
      lan.lose('b', 0);
    }
  });

  it('loses nothing when the switch is killed in the middle of a message', async () => {
    const statuses = await Promise.all(HOSTS.map((host) => node(host).api.call('status')));
    const leader = HOSTS[statuses.findIndex(({ role }) => role === 'switch')];
    assert.ok(leader);
    const [from, to] = HOSTS.filter((host) => host !== leader) as [Host, Host];
    const recording = await pulse(to).record();
    const { id } = await node(from).api.call('talkPress', { dial: EXTENSION[to] });
    const playing = pulse(from).play(speech.file);
    await hasCome(to, id, 1000);
    node(leader).process.kill('SIGKILL');
    const { profile } = node(leader);
    await playing.done;
    await recording.endsInSilence(SAID_ALL_MS);
    await node(from).api.call('talkRelease');
    const share = heardShare(speech.samples, await recording.stop());
    assert.ok(share >= WHOLE, `the talker noticed nothing: ${share} of it was heard`);
    await node(to).until(isComplete(id), 10_000);
    nodes.delete(leader);
    await start(leader, profile);
    await everybodyIsThere();
  });
});

function found<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  assert.ok(value !== undefined, `${String(key)} is there`);
  return value;
}
