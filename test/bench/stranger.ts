import { join } from 'node:path';
import { delay, eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { toneWav } from '../support/tone.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

/** Of so few runs the p95 is the worst. */
const RUNS = 5;
const SPEECH = toneWav(100);
/** How long a colleague goes on talking to the number of the computer that is out, ms. */
const LATER_MS = 4000;
const CY = { name: 'Cy', extension: '205' };

/**
 * A laptop that no office knows, from the start of its program until a colleague sees it: it finds the office, asks, and both people
 * click as soon as they can. Then an admin removes it while a colleague, who hears of that over the network, goes on talking to it.
 */
export async function measureStranger(dir: string, say: (line: string) => void): Promise<Measured[]> {
  const [joined, heard]: [number[], number[]] = [[], []];
  const start = (name: string, options: object) =>
    Headless.start({
      ...{ interface: '127.0.0.1', ready: 'cold', profile: join(dir, `stranger-${name}`) },
      ...{ speaker: `file:${join(dir, `stranger-${name}.wav`)}`, ...options },
    });
  const ana = await start('ana', { name: 'Ana', extension: '101', office: 'new' });
  const running = [ana];
  try {
    const { link } = await ana.api.call('joinLink');
    const bo = await start('bo', { name: 'Bo', extension: '102', office: link });
    running.push(bo);
    await bo.api.call('addAddress', {
      address: `127.0.0.1:${(await ana.api.call('status')).endpoints?.beat}`,
    });
    await eventually(() => sees(bo, '101'), 'Bo sees Ana');
    for (let run = 1; run <= RUNS; run += 1) {
      const began = performance.now();
      const cy = await start(`cy-${run}`, {});
      running.push(cy);
      await joinByDigits(cy, ana);
      await eventually(() => sees(bo, CY.extension), 'Bo sees Cy');
      joined.push((performance.now() - began) / 1000);
      heard.push((await removeWhileTalking(cy, ana, bo)) / 1000);
      say(
        `stranger: run ${run} of ${RUNS}: in after ${joined.at(-1)?.toFixed(1)} s, out after ${heard.at(-1)?.toFixed(2)} s`,
      );
      await cy.stop();
    }
  } finally {
    await Promise.all(running.map((node) => node.stop()));
  }
  return [
    measured('joined-by-digits', 's', joined, 'worst < 60 s'),
    measured('removed-hears-until', 's', heard, 'worst < 2 s'),
  ];
}

async function joinByDigits(cy: Headless, ana: Headless): Promise<void> {
  const { office } = await ana.api.call('members');
  const offices = async () => (await cy.api.call('offices')).map(({ tag }) => tag);
  await eventually(async () => (await offices()).includes(office.tag), 'Cy sees the office');
  await cy.api.call('askToJoin', { tag: office.tag, ...CY });
  const request = async () => (await ana.api.call('requests')).requests[0];
  await eventually(async () => (await request()) !== undefined, 'Ana sees the request');
  const { id } = (await request())!;
  await ana.api.call('compareRequest', { id });
  const theirs = async () => (await cy.api.call('status')).joining?.digits;
  await eventually(
    async () => (await theirs()) != null && (await request())?.digits != null,
    'both see digits',
  );
  if ((await theirs()) !== (await request())?.digits) throw new Error('the two screens show other digits');
  await cy.api.call('answerDigits', { isSame: true });
  await eventually(async () => (await request())?.state === 'agreed', 'Cy has agreed');
  await ana.api.call('admitRequest', { id });
  await eventually(async () => (await cy.api.call('status')).state === 'running', 'Cy is in');
}

/** How long after the click the last message came that reached the removed computer, ms; 0: none did. */
async function removeWhileTalking(cy: Headless, ana: Headless, bo: Headless): Promise<number> {
  const arrived = () =>
    cy.events.flatMap(({ event, heardAt }) =>
      event.type === 'message' && event.message.direction === 'in' ? [heardAt] : [],
    );
  let isTalking = true;
  const talking = (async () => {
    while (isTalking) {
      // Once Bo's computer knows, there is nobody to talk to.
      await bo.api.call('talkRecording', { dial: CY.extension, wavBase64: SPEECH }).catch(() => delay(20));
    }
  })();
  await eventually(() => arrived().length > 3, 'Cy hears Bo');
  const { id } = (await cy.api.call('status')).node!;
  const removedAt = performance.now();
  await ana.api.call('removeMembers', { nodes: [id] });
  await delay(LATER_MS);
  isTalking = false;
  await talking;
  return Math.max(0, ...arrived().map((at) => at - removedAt));
}

async function sees({ api }: Headless, number: string): Promise<boolean> {
  const people = await api.call('people');
  return people.some(({ extension, presence }) => extension === number && presence === 'available');
}
