import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;
/** As narrow as the panel can be made. */
const NARROWEST = { width: 340, height: 680 };

/** Ana founded the office. Bo came by her link and let Cy in; Dana, who has a panel as well, came by Ana's link. */
describe('the members of an office in two panels', { skip, timeout: 360_000 }, () => {
  const dir = tempFolder('members');
  let ana: BrowserPanel;
  let dana: BrowserPanel;
  let bo: Headless;
  let cy: Headless;
  let page: Page;

  before(async () => {
    ana = await openQuietPanel(dir, 'ana', asPerson('Ana Lind', '101', 'new'));
    page = ana.page;
    const { link } = await ana.api.call('joinLink');
    bo = await comeIn('Bo Li', '104', link);
    cy = await comeIn('Cyrus Aldana-Wetherby', '3071', (await bo.api.call('joinLink')).link);
    dana = await openQuietPanel(dir, 'dana', asPerson('Dana Ruiz', '204', link));
    await eventually(
      async () => (await ana.api.call('members')).people.every(({ name }) => name !== null),
      'Ana knows everybody by name',
    );
  });
  after(async () => {
    await Promise.all([ana?.stop(), dana?.stop(), bo?.stop(), cy?.stop()]);
  });

  function comeIn(name: string, extension: string, office: string): Promise<Headless> {
    return Headless.start({ name, extension, office, interface: '127.0.0.1', profile: join(dir, extension) });
  }

  /** Opens the page of the office, from any screen. */
  async function toOffice(of: Page): Promise<void> {
    await of.setViewportSize(SIZES.wide);
    const opener = of.getByRole('button', { name: en.settings, exact: true });
    if (await opener.isVisible()) await opener.click();
    await of.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
    await of.getByRole('heading', { name: en.invitations, exact: true }).waitFor();
  }

  const member = (of: Page, name: string): Locator =>
    of
      .getByRole('list', { name: /member/ })
      .getByRole('listitem')
      .filter({ has: of.getByText(name) });
  const membersOf = async (panel: BrowserPanel) => (await panel.api.call('members')).people;

  test('the recovery code stands in the settings until its founder has written it down', async () => {
    const { code } = await ana.api.call('recoveryCode');
    assert.ok(code);
    await toOffice(page);
    await page.getByRole('heading', { name: en.recoveryTitle }).waitFor();
    const shown = await page.locator('.code.number').innerText();
    assert.equal(shown.replace(/\s/g, ''), code);
    assert.deepEqual(await lookAt(page, 'office-recovery-code'), []);
    await button(page, en.recoveryKept).click();
    await page.getByRole('heading', { name: en.recoveryTitle }).waitFor({ state: 'hidden' });
    assert.equal((await ana.api.call('recoveryCode')).code, null);
  });

  test('everybody is listed with who let them in, in both languages and at every width', async () => {
    await toOffice(page);
    await button(page, /^Cyrus/).click();
    await page.getByText(en.memberLetInBy('Bo Li')).waitFor();
    const wrong = await lookAt(page, 'office-members');
    await page.setViewportSize(NARROWEST);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels stand out at 340`);
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.memberLetInBy('Bo Li')).waitFor();
    wrong.push(...(await lookAt(page, 'german-office-members')));
    await ana.api.call('setSettings', { language: null });
    await page.getByText(en.memberLetInBy('Bo Li')).waitFor();
    assert.deepEqual(wrong, []);
  });

  test('a plain member sees who is in and may leave, but changes nothing that is an admin’s', async () => {
    await toOffice(dana.page);
    await button(dana.page, /^Bo Li/).click();
    assert.equal(await button(dana.page, en.memberRemove).count(), 0);
    assert.equal(await button(dana.page, en.memberMakeAdmin).count(), 0);
    await dana.page.getByText(en.adminsOnly).waitFor();
    assert.ok(await button(dana.page, en.leaveAsk).isEnabled());
    assert.deepEqual(await lookAt(dana.page, 'office-plain-member'), []);
  });

  test('an admin says how long heard messages are kept at most; everybody sees it beside their own choice', async () => {
    await toOffice(page);
    const choice = page.getByLabel(en.officeKeep, { exact: true });
    await choice.scrollIntoViewIfNeeded();
    assert.equal(await choice.inputValue(), '0');
    await choice.selectOption({ label: en.officeKeepAtMost(en.months(1)) });
    await eventually(
      async () => (await dana.api.call('members')).office.keepDays === 30,
      'Dana’s computer has heard of it',
    );
    const wrong = await lookAt(page, 'office-keep', choice);
    await toOffice(dana.page);
    await dana.page.getByText(en.officeKeepAtMost(en.months(1))).waitFor();
    assert.equal(await dana.page.getByLabel(en.officeKeep, { exact: true }).count(), 0);
    for (const [language, strings] of [
      [null, en],
      ['de', de],
    ] as const) {
      await dana.api.call('setSettings', { language });
      await dana.page.getByRole('navigation').getByRole('button', { name: strings.sections.storage }).click();
      await dana.page.getByText(strings.keepOffice(strings.months(1))).waitFor();
      wrong.push(...(await lookAt(dana.page, `storage-of-office${language === null ? '' : '-german'}`)));
    }
    await dana.api.call('setSettings', { language: null });
    await choice.selectOption({ label: en.officeKeepOwn });
    await eventually(
      async () => (await dana.api.call('storage')).officeKeepDays === null,
      'Dana’s computer has heard of it',
    );
    assert.deepEqual(wrong, []);
  });

  test('a wrong recovery code is refused in its field', async () => {
    await toOffice(dana.page);
    await button(dana.page, en.recoverOpen).click();
    const field = dana.page.getByLabel(en.recoverField, { exact: true });
    assert.ok(await field.evaluate((element) => element === document.activeElement));
    await field.fill('ABCDE-FGHJK');
    await dana.page.keyboard.press('Enter');
    await dana.page.getByRole('alert').filter({ hasText: 'recovery code' }).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
  });

  test('the last admin reads why they cannot leave', async () => {
    await toOffice(page);
    await page.getByText(en.leaveLast).waitFor();
    assert.ok(await button(page, en.leaveAsk).isDisabled());
  });

  test('Ana makes an invitation, shows its link, and withdraws it', async () => {
    await toOffice(page);
    const before = (await ana.api.call('invitations')).length;
    await page.getByLabel(en.invitationDays).selectOption({ label: en.days(30) });
    await page.getByLabel(en.invitationUses).selectOption({ label: '5' });
    await button(page, en.invitationMake).click();
    const row = page
      .getByRole('list', { name: en.invitations })
      .getByRole('listitem')
      .filter({ has: page.getByText(en.invitationUsed(0, 5)) });
    await row.waitFor();
    const made = (await ana.api.call('invitations')).find(({ uses }) => uses === 5);
    assert.equal((await ana.api.call('invitations')).length, before + 1);
    await button(row, en.show).click();
    assert.equal(await row.getByLabel(en.inviteLink).inputValue(), made?.link);
    assert.deepEqual(await lookAt(page, 'office-invitations'), []);
    await button(row, en.invitationWithdraw).click();
    await row.getByText('withdrawn').waitFor();
    const { isOpen } = (await ana.api.call('invitations')).find(({ id }) => id === made?.id) ?? {};
    assert.equal(isOpen, false);
  });

  test('Ana renames the office, and hides its name', async () => {
    await toOffice(page);
    await page.getByLabel(en.officeName).fill('Harbour Street');
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: en.officeAnnounced }).click();
    await eventually(async () => {
      const { name, announced } = (await dana.api.call('members')).office;
      return name === 'Harbour Street' && !announced;
    }, 'Dana’s computer knows the new name, and that it is hidden');
  });

  const step = story('members are removed, come back, leave, and are removed for good');

  step('removing asks first, and Enter keeps; with whom Bo let in it removes two', async () => {
    await toOffice(page);
    const row = member(page, 'Bo Li');
    await button(row, /^Bo Li/).click();
    await button(row, en.memberRemove).click();
    const dialog = page.getByRole('alertdialog', { name: en.removeTitle('Bo Li') });
    await dialog.waitFor();
    await dialog.getByText(en.removeGuests('Bo Li')).waitFor();
    const wrong = await lookAt(page, 'office-remove');
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.removeGuests('Bo Li')).waitFor();
    wrong.push(...(await lookAt(page, 'german-office-remove')));
    await ana.api.call('setSettings', { language: null });
    await dialog.waitFor();
    assert.deepEqual(wrong, []);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal((await membersOf(ana)).length, 4, 'Enter removes nobody');
    await button(row, en.memberRemove).click();
    await dialog.getByLabel(/Cyrus/).check();
    await button(dialog, en.removeDo(2)).click();
    await dialog.waitFor({ state: 'hidden' });
    await member(page, 'Cyrus').waitFor({ state: 'hidden' });
    await eventually(async () => {
      const states = await Promise.all([bo, cy].map(({ api }) => api.call('status')));
      return states.every(({ state }) => state === 'removed');
    }, 'Bo’s and Cyrus’s computers know that they are out');
  });

  step('Ana makes her link anew, which the removal ended', async () => {
    await toOffice(page);
    const ended = (await ana.api.call('invitations')).filter(({ isAnewOffered }) => isAnewOffered).length;
    const offers = button(page.getByRole('list', { name: en.invitations }), /^New link/);
    await offers.first().waitFor();
    assert.equal(await offers.count(), ended);
    const wrong = await lookAt(page, 'office-invitation-ended');
    await offers.first().click();
    await eventually(
      async () => (await ana.api.call('invitations')).some(({ isOpen, link }) => isOpen && link !== null),
      'there is a new link',
    );
    await eventually(async () => (await offers.count()) === ended - 1, 'it is offered once');
    assert.deepEqual(wrong, []);
  });

  step('the removal is taken back after a question, and both are in the office again', async () => {
    await toOffice(page);
    const who = /^Take back: (Bo Li, Cyrus|Cyrus.*, Bo Li)/;
    await button(page, who).waitFor();
    const wrong = await lookAt(page, 'office-removed-members');
    await button(page, who).click();
    const dialog = page.getByRole('alertdialog', { name: /Take back the removal of/ });
    await dialog.waitFor();
    wrong.push(...(await lookAt(page, 'office-take-back')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.takeBackText).waitFor();
    wrong.push(...(await lookAt(page, 'german-office-take-back')));
    await ana.api.call('setSettings', { language: null });
    await dialog.waitFor();
    assert.deepEqual(wrong, []);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal((await membersOf(ana)).length, 2, 'Enter takes nothing back');
    await button(page, who).click();
    await button(dialog, en.takeBackDo).click();
    await dialog.waitFor({ state: 'hidden' });
    await button(page, who).waitFor({ state: 'hidden' });
    await member(page, 'Bo Li').waitFor();
    await eventually(async () => {
      const states = await Promise.all([bo, cy].map(({ api }) => api.call('status')));
      return states.every(({ state }) => state === 'running');
    }, 'Bo’s and Cyrus’s computers are in the office again');
  });

  step(
    'an admin who leaves takes the recovery code along: the other admins are asked for a new one',
    async () => {
      await toOffice(page);
      const bos = (await membersOf(ana)).find(({ name }) => name === 'Bo Li');
      await ana.api.call('makeAdmin', { person: bos!.id });
      await eventually(async () => (await bo.api.call('members')).office.isAdmin, 'Bo is an admin');
      await bo.api.call('leaveOffice');
      await page.getByText(en.recoveryNone, { exact: true }).waitFor();
      await page.getByText('The office has no recovery code:').waitFor();
      const wrong = await lookAt(page, 'office-no-recovery-code');
      await ana.api.call('setSettings', { language: 'de' });
      await page.getByText(de.recoveryNone, { exact: true }).waitFor();
      wrong.push(...(await lookAt(page, 'german-office-no-recovery-code')));
      await ana.api.call('setSettings', { language: null });
      await button(page, en.recoveryMake).click();
      await page.locator('.code.number').waitFor();
      await page.getByText(en.recoveryNone, { exact: true }).waitFor({ state: 'hidden' });
      await button(page, en.recoveryKept).click();
      assert.deepEqual(wrong, []);
    },
  );

  step(
    'an admin who is removed means a new recovery code, and reads on a page who removed them',
    async () => {
      await toOffice(page);
      const row = member(page, 'Dana Ruiz');
      await button(row, /^Dana Ruiz/).click();
      await button(row, en.memberMakeAdmin).click();
      await row.getByText(en.memberAdmin, { exact: true }).waitFor();
      await button(row, en.memberRemove).click();
      await button(page.getByRole('alertdialog'), en.removeDo(1)).click();
      await page.getByRole('heading', { name: en.recoveryTitle }).waitFor();
      const { page: hers } = dana;
      await hers.getByRole('heading', { name: en.removedTitle }).waitFor();
      await hers.getByText(en.removedBy('Ana Lind')).waitFor();
      await hers.getByRole('heading', { name: en.messages }).waitFor();
      const wrong = await lookAt(hers, 'removed');
      await dana.api.call('setSettings', { language: 'de' });
      await hers.getByText(de.removedBy('Ana Lind')).waitFor();
      wrong.push(...(await lookAt(hers, 'german-removed')));
      await dana.api.call('setSettings', { language: null });
      await button(hers, en.removedAgain).click();
      await hers.getByRole('heading', { name: en.officeTitle }).waitFor();
      await button(hers, en.removedBack).click();
      await hers.getByRole('heading', { name: en.removedTitle }).waitFor();
      assert.deepEqual(wrong, []);
      assert.deepEqual([ana.complaints, dana.complaints], [[], []]);
    },
  );
});
