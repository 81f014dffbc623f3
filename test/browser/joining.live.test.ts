import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;

describe('joining by a link in a panel, and recovering an office', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('joining');
  let ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    const now = ends;
    ends = [];
    await Promise.all(now.map((end) => end()));
  });

  async function open(who: string, args: readonly string[] = []): Promise<BrowserPanel> {
    const panel = await openQuietPanel(dir, who, args);
    ends.push(() => panel.stop());
    return panel;
  }

  function found(who: string): Promise<Headless> {
    const profile = join(dir, who);
    return Headless.start({
      name: 'Ana Lind',
      extension: '101',
      office: 'new',
      interface: '127.0.0.1',
      profile,
    });
  }

  async function joinBy(page: Page, link: string): Promise<void> {
    await page.getByLabel(en.joinOffice).check();
    await page.getByLabel(en.linkLabel, { exact: true }).fill(link);
    await button(page, en.next).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Bo Li');
    await button(page, en.finishJoin).click();
  }

  test('where no computer of the office is on, the page waits, and Cancel goes back', async () => {
    const ana = await found('asleep');
    const { link } = await ana.api.call('joinLink');
    await ana.stop();
    const { page, api, complaints } = await open('early');
    await joinBy(page, link);
    await page.getByRole('heading', { name: en.joiningTitle }).waitFor();
    const wrong = await lookAt(page, 'joining');
    await page.reload();
    await page.getByRole('heading', { name: en.joiningTitle }).waitFor();
    await api.call('setSettings', { language: 'de' });
    await page.getByRole('heading', { name: de.joiningTitle }).waitFor();
    wrong.push(...(await lookAt(page, 'german-joining')));
    await button(page, de.cancel).click();
    await page.getByRole('heading', { name: de.officeTitle }).waitFor();
    assert.equal((await api.call('status')).joining, null);
    assert.deepEqual([wrong, complaints], [[], []]);
  });

  test('a link that was withdrawn is refused in its field, with the reason', async () => {
    const ana = await found('withdrawing');
    ends.push(() => ana.stop());
    const { link, id } = await ana.api.call('invite', {});
    assert.ok(link);
    await ana.api.call('withdrawInvitation', { id });
    const { page } = await open('late');
    await joinBy(page, link);
    const field = page.getByLabel(en.linkLabel, { exact: true });
    await page.locator('#first-link-error').getByText('withdrawn').waitFor();
    assert.equal(await field.inputValue(), link);
    await eventually(
      () => field.evaluate((element) => element === document.activeElement),
      'the field of the link has the focus',
    );
    assert.deepEqual(await lookAt(page, 'joining-refused'), []);
  });

  test('a computer of an office of version 0.1 is told why it begins anew', async () => {
    const profile = join(dir, 'former');
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    const key = Buffer.alloc(16, 7).toString('base64url');
    writeFileSync(join(profile, 'office.json'), JSON.stringify({ version: 1, key }), { mode: 0o600 });
    const { page } = await open('former');
    await page.getByText(en.wasInOldOffice).waitFor();
    assert.deepEqual(await lookAt(page, 'first-run-old-office'), []);
  });

  test('with the recovery code a member becomes the admin of an office whose admin is lost', async () => {
    const ana = await found('lost');
    const { code } = await ana.api.call('recoveryCode');
    const { link } = await ana.api.call('joinLink');
    assert.ok(code);
    const bo = await open('heir', asPerson('Bo Li', '104', link));
    const { page } = bo;
    await ana.stop();
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
    await button(page, en.recoverOpen).click();
    await page.getByRole('checkbox', { name: /Ana/ }).check();
    assert.deepEqual(await lookAt(page, 'office-recover'), []);
    await bo.api.call('setSettings', { language: 'de' });
    await page.getByText(de.recoverLost).waitFor();
    assert.deepEqual(await lookAt(page, 'german-office-recover'), []);
    await bo.api.call('setSettings', { language: null });
    await page.getByLabel(en.recoverField, { exact: true }).fill(code.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.recoveryTitle }).waitFor();
    const shown = page.locator('.code.number');
    assert.ok(await shown.evaluate((element) => element.getBoundingClientRect().top > 0), 'it is in sight');
    assert.notEqual((await bo.api.call('recoveryCode')).code, code);
    const { office, people } = await bo.api.call('members');
    assert.ok(office.isAdmin);
    assert.deepEqual(
      people.map(({ name, isAdmin }) => [name, isAdmin]),
      [['Bo Li', true]],
    );
    assert.deepEqual(await lookAt(page, 'office-recovered'), []);
  });
});
