import assert from 'node:assert/strict';
import { afterEach, describe, test, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { eventually } from '../support/eventually.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;
const ANA = asPerson('Ana Lind', '101', 'new');

/** Eva's computer is in no office, and asks Ana's. Each has a panel. */
describe('joining by six digits in two panels', { skip, timeout: 240_000 }, () => {
  let opened: BrowserPanel[] = [];

  afterEach(async () => {
    const panels = opened;
    opened = [];
    await Promise.all(panels.map((panel) => panel.stop()));
    assert.deepEqual(
      panels.flatMap(({ complaints }) => complaints),
      [],
    );
  });

  async function open(dir: string, who: string, args: readonly string[] = []): Promise<BrowserPanel> {
    const panel = await openQuietPanel(dir, who, args);
    opened.push(panel);
    return panel;
  }

  const digitsOf = async ({ page }: BrowserPanel): Promise<string> =>
    (await page.locator('.digits [aria-hidden]').allInnerTexts()).join('');

  /** By its tag: other offices on this computer may have the name, too. */
  async function officeOf(ana: BrowserPanel, page: Page): Promise<Locator> {
    const { tag } = (await ana.api.call('members')).office;
    return page.getByRole('radio', { name: new RegExp(`Ana Lind.*${tag}`) });
  }

  /** Goes from the first page to the request. */
  async function ask(page: Page, name: string, ana: BrowserPanel): Promise<void> {
    await (await officeOf(ana, page)).check();
    await button(page, en.next).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill(name);
    await button(page, en.finishAsk).click();
    await page.getByRole('heading', { name: en.askingTitle('Ana Lind') }).waitFor();
  }

  async function compare({ page }: BrowserPanel): Promise<void> {
    await button(page, en.requestsShow).click();
    await button(page, en.requestCompare).click();
    await page.getByText(en.requestDigits).waitFor();
  }

  test('both screens show the same digits, both people click, and Eva is in', async (t: TestContext) => {
    const dir = tempFolder('asking');
    const ana = await open(dir, 'ana', ANA);
    const eva = await open(dir, 'eva');
    const wrong: string[] = [];
    const looked = async (of: BrowserPanel, name: string): Promise<void> => {
      wrong.push(...(await lookAt(of.page, name)));
      await of.api.call('setSettings', { language: 'de' });
      await of.page.waitForFunction(() => document.documentElement.lang === 'de');
      wrong.push(...(await lookAt(of.page, `german-${name}`)));
      await of.api.call('setSettings', { language: null });
      await of.page.waitForFunction(() => document.documentElement.lang !== 'de');
    };
    await (await officeOf(ana, eva.page)).waitFor();
    await looked(eva, 'asking-offices');
    await ask(eva.page, 'Eva Berg', ana);
    await looked(eva, 'asking-waits');
    await button(ana.page, en.requestsShow).waitFor();
    await looked(ana, 'request-banner');
    await compare(ana);
    await eva.page.getByRole('heading', { name: en.compareTitle }).waitFor();
    const digits = await digitsOf(eva);
    assert.match(digits, /^\d{6}$/);
    assert.equal(await digitsOf(ana), digits);
    await looked(eva, 'asking-digits');
    assert.ok(await button(ana.page, en.requestLetIn).isDisabled(), 'not before Eva agrees');
    await button(eva.page, en.compareSame).click();
    await eva.page.getByRole('heading', { name: en.agreedTitle }).waitFor();
    await looked(eva, 'asking-agreed');
    await ana.page.getByText(en.requestAgreed).waitFor();
    await looked(ana, 'request-digits');
    assert.equal((await ana.api.call('members')).people.length, 1, 'nobody is in before Ana clicks');
    await button(ana.page, en.requestLetIn).click();
    await eva.page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await button(eva.page, en.soundSkip).click();
    await eva.page.getByRole('button', { name: /^Hold to talk to Ana Lind, extension 101/ }).waitFor();
    assert.equal((await eva.api.call('status')).node?.extension, '102');
    assert.deepEqual(wrong, []);
    t.diagnostic(`the digits were ${digits}`);
  });

  test('Enter refuses, and Eva reads so where she began', async () => {
    const dir = tempFolder('asking');
    const ana = await open(dir, 'ana', ANA);
    const eva = await open(dir, 'eva');
    await ask(eva.page, 'Eva Berg', ana);
    await compare(ana);
    await eva.page.getByRole('heading', { name: en.compareTitle }).waitFor();
    await button(ana.page, en.requestRefuse).focus();
    await ana.page.keyboard.press('Enter');
    await eva.page.getByRole('heading', { name: en.officeTitle }).waitFor();
    await eva.page.getByRole('alert').filter({ hasText: 'not let in' }).waitFor();
    assert.deepEqual(await lookAt(eva.page, 'asking-refused'), []);
    assert.equal((await ana.api.call('members')).people.length, 1);
    assert.equal((await eva.api.call('status')).state, 'setup');
  });

  test('digits that differ end it without a word from the member', async () => {
    const dir = tempFolder('asking');
    const ana = await open(dir, 'ana', ANA);
    const eva = await open(dir, 'eva');
    await ask(eva.page, 'Eva Berg', ana);
    await compare(ana);
    await button(eva.page, en.compareOther).click();
    await eva.page.getByRole('heading', { name: en.officeTitle }).waitFor();
    await eventually(
      async () => (await ana.api.call('requests')).requests.length === 0,
      'Ana’s panel has none',
    );
    assert.equal((await ana.api.call('members')).people.length, 1);
  });

  test('who comes back with a new computer gets their number again, and the old computer is out', async () => {
    const dir = tempFolder('asking');
    const ana = await open(dir, 'ana', ANA);
    const { link } = await ana.api.call('joinLink');
    const old = await open(dir, 'eva-old', asPerson('Eva Berg', '204', link));
    await eventually(
      async () => (await ana.api.call('members')).people.some(({ name }) => name === 'Eva Berg'),
      'Ana knows Eva',
    );
    const eva = await open(dir, 'eva');
    await ask(eva.page, 'Eva Berg', ana);
    await compare(ana);
    await button(eva.page, en.compareSame).click();
    await ana.page.getByText(en.requestAgreed).waitFor();
    const who = ana.page.getByLabel(en.requestWho);
    await who.selectOption({ label: en.requestAgain('Eva Berg · 204') });
    await ana.page.getByText(en.requestAgainHint).waitFor();
    await button(ana.page, en.requestLetIn).click();
    await eva.page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await eventually(async () => (await eva.api.call('status')).node?.extension === '204', 'Eva has 204');
    await old.page.getByRole('heading', { name: en.removedTitle }).waitFor();
    assert.equal((await ana.api.call('members')).people.length, 2);
  });
});
