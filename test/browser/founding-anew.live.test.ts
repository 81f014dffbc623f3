import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
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

/** Ana founded the office. Bo, Cy and Eve have panels; Dana is away. */
describe('founding the office anew in three panels', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('founding-anew');
  let ana: Headless;
  let bo: BrowserPanel;
  let cy: BrowserPanel;
  let eve: BrowserPanel;

  before(async () => {
    ana = await comeIn('Ana Lind', '101', 'new');
    const { link } = await ana.api.call('joinLink');
    bo = await openQuietPanel(dir, 'bo', asPerson('Bo Li', '104', link));
    cy = await openQuietPanel(dir, 'cy', asPerson('Cyrus Aldana-Wetherby', '3071', link));
    eve = await openQuietPanel(dir, 'eve', asPerson('Eve Park', '205', link));
    const dana = await comeIn('Dana Ruiz', '204', link);
    await eventually(
      async () => (await bo.api.call('members')).people.filter(({ name }) => name !== null).length === 5,
      'Bo knows everybody by name',
    );
    await dana.stop();
    await eventually(
      async () => (await bo.api.call('people')).some(({ presence }) => presence === 'offline'),
      'Bo sees that Dana is away',
    );
  });
  after(async () => {
    await Promise.all([ana?.stop(), bo?.stop(), cy?.stop(), eve?.stop()]);
  });

  function comeIn(name: string, extension: string, office: string): Promise<Headless> {
    return Headless.start({ name, extension, office, interface: '127.0.0.1', profile: join(dir, extension) });
  }

  const officeOf = async ({ api }: BrowserPanel) => (await api.call('members')).office.id;

  /** Looks at it in English and in German, and waits until this is shown. */
  async function lookInBoth(panel: BrowserPanel, name: string, shown: (strings: typeof de) => string) {
    const { page, api } = panel;
    await page.getByText(shown(en)).first().waitFor();
    const wrong = await lookAt(page, name);
    await api.call('setSettings', { language: 'de' });
    await page.getByText(shown(de)).first().waitFor();
    wrong.push(...(await lookAt(page, `german-${name}`)));
    await api.call('setSettings', { language: null });
    await page.getByText(shown(en)).first().waitFor();
    assert.deepEqual(wrong, []);
  }

  const step = story('an office is founded anew, and whoever is asked moves');

  step(
    'Enter founds nothing; unticked, Ana stays behind, and who is away is named with the link',
    async () => {
      const { page } = bo;
      const home = await officeOf(bo);
      await page.setViewportSize(SIZES.wide);
      await button(page, en.settings).click();
      await page.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
      await button(page, en.anewAsk).click();
      const dialog = page.getByRole('alertdialog', { name: en.anewTitle });
      await dialog.waitFor();
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'hidden' });
      assert.equal(await officeOf(bo), home);
      await button(page, en.anewAsk).click();
      for (const tick of await dialog.getByRole('checkbox').all()) assert.ok(await tick.isChecked());
      await dialog.getByLabel(/Ana Lind/).uncheck();
      await lookInBoth(bo, 'office-anew', ({ anewTitle }) => anewTitle);
      await button(dialog, en.anewDo).click();
      await page.getByText(en.anewAsked('Eve Park, Cyrus Aldana-Wetherby')).waitFor();
      await page.getByText(en.anewMissed('Dana Ruiz')).waitFor();
      await page.getByRole('heading', { name: en.recoveryTitle }).waitFor();
      assert.notEqual(await officeOf(bo), home);
      await lookInBoth(bo, 'office-founded-anew', ({ anewDone }) => anewDone);
      await button(page, en.anewClose).click();
      await page.getByText(en.anewDone).waitFor({ state: 'hidden' });
    },
  );

  step(
    'Cyrus is asked in a banner, moves only after a second question, and both see each other',
    async () => {
      const { page } = cy;
      const home = await officeOf(cy);
      await page.setViewportSize(SIZES.narrow);
      await page.getByText('Bo Li has founded the office anew without Ana Lind. Move too?').waitFor();
      await lookInBoth(cy, 'move-asked', ({ moveAsk }) => moveAsk);
      await button(page, en.moveAsk).click();
      const dialog = page.getByRole('alertdialog', { name: en.moveTitle });
      await dialog.waitFor();
      await lookInBoth(cy, 'move-dialog', ({ moveTitle }) => moveTitle);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'hidden' });
      assert.equal(await officeOf(cy), home);
      await button(page, en.moveAsk).click();
      await button(dialog, en.moveDo).click();
      await dialog.waitFor({ state: 'hidden' });
      await button(page, en.moveAsk).waitFor({ state: 'hidden' });
      await eventually(
        async () => (await officeOf(cy)) === (await officeOf(bo)),
        'Cyrus is in the new office',
      );
      await eventually(
        async () => (await bo.api.call('people')).some(({ extension }) => extension === '3071'),
        'Bo sees Cyrus at his number',
      );
      assert.deepEqual([bo.complaints, cy.complaints], [[], []]);
    },
  );

  step('Eve, whom Ana removes meanwhile, reads both, and moves from there', async () => {
    const { page, api } = eve;
    const eves = (await ana.api.call('members')).people.find(({ extension }) => extension === '205');
    await ana.api.call('removeMembers', { nodes: eves!.computers.map(({ id }) => id) });
    await page.getByRole('heading', { name: en.removedTitle }).waitFor();
    await lookInBoth(eve, 'removed-move-asked', ({ moveAsk }) => moveAsk);
    await button(page, en.moveAsk).click();
    await button(page.getByRole('alertdialog'), en.moveDo).click();
    await eventually(async () => (await api.call('status')).state === 'running', 'Eve is in the new office');
    await page.getByRole('heading', { name: en.removedTitle }).waitFor({ state: 'hidden' });
    await eventually(
      async () => (await bo.api.call('people')).some(({ name }) => name === 'Eve Park'),
      'Bo sees Eve',
    );
    assert.deepEqual(eve.complaints, []);
  });
});
