import './thread-pool.ts';
import { readFile } from 'node:fs/promises';
import type { NodeEvent } from '../../preload/api.ts';
import { CorridorError, whyOf } from '../model/index.ts';
import { ENDING } from './await-event.ts';
import { likeness } from './demo-likeness.ts';
import { DemoOffice, type Colleague } from './demo-office.ts';

/**
 * `npm run demo`: an office of three nodes, each a process of its own, on loopback alone. 101 talks to 102, who hears it live, then to
 * 103, who is away, gets a notification, comes back and plays it. Every step is verified by events and sound.
 */

const STEP_TIMEOUT_MS = 15_000;
/** The heard speech must be this similar to the spoken one (another text: 0.2 to 0.45). Live speech is sometimes played faster. */
const LIVE_LIKENESS = 0.55;
const STORED_LIKENESS = 0.7;
/** A pause after the start of the three nodes, which are busy in their first second, ms. */
const SETTLE_MS = 1000;
const TO_LIVE = 'Hello Bo, this is Dana. Shall we have lunch at noon?';
const TO_AWAY = 'Hello Kim. The parcel that you wait for stands at the front desk.';

interface Step {
  readonly name: 'found' | 'elected' | 'live' | 'notified' | 'stored' | 'retrieved';
  readonly ok: boolean;
  /** How long the step took, milliseconds; null: it was not observed. */
  readonly ms: number | null;
}

const STEP_NAMES: readonly Step['name'][] = ['found', 'elected', 'live', 'notified', 'stored', 'retrieved'];

class Demo {
  readonly #json: boolean;
  readonly #began = Date.now();
  readonly steps: Step[] = [];

  constructor(json: boolean) {
    this.#json = json;
  }

  say(text: string): void {
    if (this.#json) return;
    process.stdout.write(`${String(Date.now() - this.#began).padStart(6)} ms  ${text}\n`);
  }

  /** Records a step. A step that was not observed ends the demo. */
  step(name: Step['name'], ms: number, ok: boolean, text: string): void {
    this.steps.push({ name, ok, ms: Math.round(ms * 10) / 10 });
    this.say(`${ok ? '✔' : '✘'} ${name.padEnd(9)} ${text}`);
    if (!ok) throw new CorridorError('demo', `The step "${name}" went wrong: ${text}.`);
  }

  async run(office: DemoOffice): Promise<void> {
    const speech = await import('espeak-ng').then(async ({ default: espeak }) => {
      const speak = async (text: string): Promise<Uint8Array> => {
        const quiet = { print: () => undefined, printErr: () => undefined };
        const { FS } = await espeak({ arguments: ['-v', 'en-us', '-w', 'speech.wav', text], ...quiet });
        return FS.readFile('speech.wav');
      };
      return { live: await speak(TO_LIVE), away: await speak(TO_AWAY) };
    });
    this.say('three computers start: three processes, on 127.0.0.1 alone');
    const dana = await office.start('Dana', '101', 'new');
    const starting = Date.now();
    const link = dana.link ?? '';
    const [bo, kim] = await Promise.all([office.start('Bo', '102', link), office.start('Kim', '103', link)]);
    const all = [dana, bo, kim];
    await this.#gather(all, starting);
    this.say(
      bo.sink === null
        ? 'sound: the default loudspeaker'
        : 'sound: there is no loudspeaker here; files instead',
    );
    await sleep(SETTLE_MS);
    await this.#talkLive(dana, bo, speech.live);
    await this.#talkAway(dana, kim, speech.away);
  }

  async #gather(all: readonly Colleague[], starting: number): Promise<void> {
    await observed('found', async () => {
      const lists = await Promise.all(all.map(({ node }) => node.call('people')));
      return lists.every((people) => people.filter(({ presence }) => presence !== 'offline').length === 2);
    });
    this.step('found', Date.now() - starting, true, 'all three see each other, by name and extension');
    let switchName = '';
    await observed('elected', async () => {
      const statuses = await Promise.all(all.map(({ node }) => node.call('status')));
      const [first] = statuses;
      switchName = statuses.find(({ role }) => role === 'switch')?.node?.name ?? '';
      const isOne = statuses.filter(({ role }) => role === 'switch').length === 1;
      return isOne && statuses.every((status) => status.switch?.id === first?.switch?.id);
    });
    this.step(
      'elected',
      Date.now() - starting,
      true,
      `all three agree: the computer of ${switchName} is the switch`,
    );
  }

  async #talkLive(dana: Colleague, bo: Colleague, wav: Uint8Array): Promise<void> {
    this.say(`Dana (101) talks to Bo (102): “${TO_LIVE}”`);
    const { id, durationMs, began } = await speak(dana, bo.extension, wav, 'live');
    const sounding = await event(bo, 'live', (one) => one.type === 'sounding' && one.id === id && one.live);
    await event(
      bo,
      'live',
      (one) => one.type === 'message' && one.message.id === id && one.message.complete,
      durationMs,
    );
    const heard = bo.sink === null ? await exported(bo, id) : await heardUntilSilent(bo.sink);
    const alike = likeness(wav, heard);
    const stillSpeaking = sounding.at < began + durationMs;
    const text = `Bo hears it ${sounding.at - began} ms after key down, of ${durationMs} ms; ${percent(alike)} like what was spoken`;
    this.step('live', sounding.at - began, stillSpeaking && alike >= LIVE_LIKENESS, text);
  }

  async #talkAway(dana: Colleague, kim: Colleague, wav: Uint8Array): Promise<void> {
    await kim.node.call('setPresence', { presence: 'away' });
    await observed('notified', async () =>
      (await dana.node.call('people')).some(({ name, presence }) => name === kim.name && presence === 'away'),
    );
    this.say(`Kim (103) is away. Dana talks to Kim: “${TO_AWAY}”`);
    const { id, durationMs, began } = await speak(dana, kim.extension, wav, 'notified');
    const notified = await event(kim, 'notified', (one) => one.type === 'notification' && one.id === id);
    const number = notified.type === 'notification' ? notified.number : '';
    const early = notified.at < began + durationMs;
    const soon = `${notified.at - began} ms after key down, while Dana still talks: #${number}`;
    this.step('notified', notified.at - began, early, `Kim’s computer shows the notification ${soon}`);
    let storedOn = 0;
    // The standby may be Kim's own computer, so that all present nodes have the message once she does.
    const stored = await event(
      dana,
      'stored',
      (one) => {
        if (one.type !== 'message' || one.message.id !== id || one.message.live) return false;
        storedOn = one.message.storedOn;
        return storedOn >= 2 || (storedOn > 0 && one.message.recipients.every(({ at }) => at !== null));
      },
      durationMs,
    );
    const afterKeyUp = stored.at - began - durationMs;
    const where = `${storedOn} ${storedOn === 1 ? 'computer' : 'computers'} besides Dana’s proved to hold all of it`;
    this.step('stored', afterKeyUp, true, `${where}, ${afterKeyUp} ms after the last word`);
    await kim.node.call('setPresence', { presence: 'available' });
    this.say(`Kim comes back and dials the number of the message: play ${number}`);
    const clicked = Date.now();
    await kim.node.call('play', { which: number });
    const sounding = await event(
      kim,
      'retrieved',
      (one) => one.type === 'sounding' && one.id === id && one.at >= clicked,
    );
    const over = (one: NodeEvent): boolean =>
      one.type === 'playback' && one.playback === null && one.at > sounding.at;
    await event(kim, 'retrieved', over, durationMs);
    const heard = kim.sink === null ? await exported(kim, id) : await heardUntilSilent(kim.sink);
    const alike = likeness(wav, heard);
    const text = `Kim hears it ${sounding.at - clicked} ms after the click; ${percent(alike)} like what was spoken`;
    this.step('retrieved', sounding.at - clicked, alike >= STORED_LIKENESS, text);
  }
}

/** Speaks a recording. `began` is the time of key down, without the time for transferring and reading the recording. */
async function speak(
  from: Colleague,
  dial: string,
  wav: Uint8Array,
  step: Step['name'],
): Promise<{ id: string; durationMs: number; began: number }> {
  const wavBase64 = Buffer.from(wav).toString('base64');
  const { id, durationMs } = await from.node.call('talkRecording', { dial, wavBase64 });
  const begun = await event(from, step, (one) => one.type === 'talk' && one.talk?.id === id);
  return { id, durationMs, began: begun.type === 'talk' ? (begun.talk?.startedAt ?? begun.at) : begun.at };
}

async function exported(colleague: Colleague, which: string): Promise<Buffer> {
  const { base64 } = await colleague.node.call('exportMessage', { which, format: 'wav' });
  return Buffer.from(base64, 'base64');
}

/** The content of the file sink once the last frames have been played. */
async function heardUntilSilent(sink: string): Promise<Buffer> {
  await sleep(500);
  return readFile(sink).catch(() => Buffer.alloc(0));
}

/** The first matching event of the colleague's node, including those that have come already. */
async function event(
  colleague: Colleague,
  step: Step['name'],
  wanted: (event: NodeEvent) => boolean,
  extraMs = 0,
): Promise<NodeEvent> {
  let found: NodeEvent | undefined;
  await observed(step, () => Promise.resolve((found = colleague.events.find(wanted)) !== undefined), extraMs);
  if (!found) throw new CorridorError('demo', `The step "${step}" was not observed.`);
  return found;
}

async function observed(step: Step['name'], look: () => Promise<boolean>, extraMs = 0): Promise<void> {
  const until = Date.now() + STEP_TIMEOUT_MS + extraMs;
  while (!(await look())) {
    if (Date.now() > until) throw new CorridorError('demo', `The step "${step}" was not observed.`);
    await sleep(10);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.some((argument) => argument !== '--json')) {
    process.stderr.write('demo: the only option is --json: npm run demo -- --json\n');
    return 2;
  }
  const json = args.includes('--json');
  const demo = new Demo(json);
  const office = await DemoOffice.open();
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ENDING) {
      process.once(signal, () => reject(new CorridorError('interrupted', 'Ended before its end.')));
    }
  });
  let ok = false;
  try {
    await Promise.race([demo.run(office), interrupted]);
    ok = true;
  } catch (error) {
    process.stderr.write(`demo: ${whyOf(error)}\n`);
  } finally {
    await office.close();
  }
  const missing = STEP_NAMES.filter((name) => !demo.steps.some((step) => step.name === name));
  const steps: Step[] = [...demo.steps, ...missing.map((name) => ({ name, ok: false, ms: null }))];
  if (json) process.stdout.write(`${JSON.stringify({ ok, steps })}\n`);
  else demo.say(ok ? 'All six steps were observed.' : 'Not all steps were observed.');
  return ok ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
