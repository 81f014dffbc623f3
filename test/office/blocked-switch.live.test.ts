import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { delay, eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { isComplete } from '../support/messages.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** Longer than a deposed switch is distrusted at first, ms. */
const STAYS_MS = 6000;
const skip = whyNoLan() ?? false;

describe('a switch whose computer lets no control link in', { skip, timeout: 90_000 }, () => {
  const folder = tempFolder('blocked');
  const nodes = new Map<string, Headless>();
  let lan: Lan;

  before(() => {
    lan = createLan({ hosts: ['ann', 'bob', 'cy'] });
  });
  after(async () => {
    await Promise.all([...nodes.values()].map((node) => node.stop()));
    await lan?.stop();
  });

  async function start(host: string, extension: string, office: string): Promise<Headless> {
    const node = await headlessOnLan(lan, folder, { host, extension, office });
    nodes.set(host, node);
    return node;
  }

  /** What each follows, and how many others it sees online. */
  const views = () =>
    Promise.all(
      [...nodes.values()].map(async ({ api }) => {
        const [{ node, switch: leader }, people] = [await api.call('status'), await api.call('people')];
        const online = people.filter(({ presence }) => presence !== 'offline').length;
        return { id: node?.id, leader: leader?.id, online };
      }),
    );

  it('is deposed: the others follow one of themselves, it follows too, and everybody is reached', async () => {
    const ann = await start('ann', '101', 'new');
    const { link } = await ann.api.call('joinLink');
    for (const [host, extension] of [
      ['bob', '102'],
      ['cy', '103'],
    ] as const) {
      await start(host, extension, link);
      await nodes.get(host)!.stop();
    }
    const { endpoints, node, role } = await ann.api.call('status');
    // Alone once the others are gone to it as well, and the switch of whoever comes.
    assert.ok(role === 'switch' || role === 'alone', role);
    lan.blockNewLinks('ann', endpoints!.control);
    const bob = await start('bob', '102', 'new');
    const cy = await start('cy', '103', 'new');
    let seen = '';
    await eventually(
      async () => {
        const all = await views();
        seen = JSON.stringify(all);
        const [{ leader }] = all as [(typeof all)[0]];
        return (
          leader !== undefined &&
          leader !== node!.id &&
          all.every((one) => one.leader === leader && one.online === 2)
        );
      },
      () => `Ann is deposed, and the office is one: ${seen}`,
      30_000,
    );
    const { id } = await bob.api.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
    await cy.until(isComplete(id));
    const { id: other } = await cy.api.call('talkRecording', { dial: '101', wavBase64: toneWav(300) });
    await ann.until(isComplete(other));
    const deposedAt = performance.now();
    await delay(STAYS_MS);
    const since = [ann, bob, cy].flatMap(({ events }) => events.filter(({ heardAt }) => heardAt > deposedAt));
    const followed = since.flatMap(({ event }) =>
      event.type === 'status' ? (event.status.switch?.id ?? []) : [],
    );
    assert.ok(!followed.includes(node!.id), 'nobody follows it meanwhile');
    assert.ok(
      (await views()).every(({ leader }) => leader !== node!.id),
      'and it stays so',
    );
  });
});
