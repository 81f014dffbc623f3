import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nodePorts, type MessageId } from '../../main/model/index.ts';
import { MessageStore } from '../../main/store/index.ts';
import { lookAt, messageRows } from '../support/browser-look.ts';
import { missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { say } from '../support/messages.ts';
import { LoopbackOffice } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;

/** Ana's computer is new: of what Bo had said to her before it has two messages, and of one the key is not here yet. */
describe('a message whose key is at another computer, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('key-wanted');
  const profile = join(dir, 'ana');
  let ana: BrowserPanel;

  before(async () => {
    const office = new LoopbackOffice();
    const bo = await office.add('102', { name: 'Bo Castellanos-Wetherby' });
    const member = await office.add('101', { name: 'Ana Lind', profile });
    await office.settled();
    await member.node.call('setPresence', { presence: 'away' });
    const wanted = await say(bo, member, toneWav(4200));
    await say(bo, member, toneWav(1300));
    await member.node.call('setPresence', { presence: 'available' });
    await office.close(member);
    await office.close(bo);
    const store = await MessageStore.open(join(profile, 'store'), { ports: nodePorts, log: () => undefined });
    store.setLocal(wanted as MessageId, { sealed: true });
    await store.close();
    ana = await openQuietPanel(dir, 'ana', []);
  });
  after(() => ana?.stop());

  test('it says whose computer has to be on, counts as no unheard one, and is not handed on', async () => {
    const { page, api } = ana;
    const why = 'Your other computer has to be on once to hand over the key.';
    const row = messageRows(page).filter({ hasText: why });
    await row.waitFor();
    assert.equal((await api.call('status')).unheard, 1);
    const wrong = await lookAt(page, 'key-wanted');
    await row.hover();
    assert.equal(await row.locator('[data-control="forward"], [data-control="save"]').count(), 0);
    await row.locator('[data-control="main"]').click();
    await page.getByText(/^The key of this message is not on this computer yet/).waitFor();
    await api.call('setSettings', { language: 'de' });
    await page.getByText(/^Dein anderer Computer muss einmal an sein/).waitFor();
    wrong.push(...(await lookAt(page, 'german-key-wanted')));
    assert.deepEqual(wrong, []);
  });
});
