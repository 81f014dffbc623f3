import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { lookAt } from '../support/browser-look.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;

test('Ana says of Gus, who is to be checked, that he belongs here', { skip, timeout: 120_000 }, async (t) => {
  const dir = tempFolder('to-be-checked');
  const comeIn = (name: string, extension: string, office: string): Promise<Headless> =>
    Headless.start({ name, extension, office, interface: '127.0.0.1', profile: join(dir, name) });
  const stop = (...all: readonly Headless[]): Promise<unknown> => Promise.all(all.map((one) => one.stop()));

  // Gus comes in by Bo's link while Ana is away; she removes Cy before she hears of Gus.
  const ana = await comeIn('Ana', '101', 'new');
  const { link } = await ana.api.call('joinLink');
  const cy = await comeIn('Cy', '103', link);
  const bo = await comeIn('Bo', '102', link);
  await eventually(
    async () => (await ana.api.call('members')).people.every(({ name }) => name !== null),
    'all know each other',
  );
  const bos = await bo.api.call('joinLink');
  await stop(ana, cy);
  const gus = await comeIn('Gus', '104', bos.link);
  await stop(bo, gus);
  const panel = await BrowserPanel.start({ profile: join(dir, 'Ana'), args: ['--ready', 'cold'] });
  t.after(() => panel.stop());
  const { page, api } = panel;
  const cys = (await api.call('members')).people.find(({ extension }) => extension === '103');
  await api.call('removeMembers', { nodes: cys!.computers.map(({ id }) => id) });
  const back = await comeIn('Bo', '102', bos.link);
  t.after(() => back.stop());
  await eventually(
    async () => (await api.call('members')).people.some(({ isToCheck }) => isToCheck),
    'Gus is to be checked',
  );

  await page.getByRole('button', { name: en.webUnderstood }).click();
  await page.setViewportSize(SIZES.wide);
  await page.getByRole('button', { name: en.settings, exact: true }).click();
  await page.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
  const row = page
    .getByRole('list', { name: /member/ })
    .getByRole('listitem')
    .filter({ has: page.getByText(en.memberToCheck) });
  await row.getByRole('button').first().click();
  const vouch = page.getByRole('button', { name: en.memberVouch, exact: true });
  await vouch.waitFor();
  const wrong = await lookAt(page, 'office-to-check');
  await api.call('setSettings', { language: 'de' });
  await page.getByRole('button', { name: de.memberVouch }).waitFor();
  wrong.push(...(await lookAt(page, 'german-office-to-check')));
  await api.call('setSettings', { language: null });
  await vouch.click();
  await page.getByText(en.memberToCheck, { exact: true }).waitFor({ state: 'hidden' });
  await vouch.waitFor({ state: 'hidden' });
  assert.ok((await api.call('members')).people.every(({ isToCheck }) => !isToCheck));
  assert.deepEqual([wrong, panel.complaints], [[], []]);
});
