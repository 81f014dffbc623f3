import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallStatus, Group, Person, RecipientStatus, Status } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { callStatus } from '../../test/support/call-status.ts';
import { callNews } from './call-news.ts';
import { loadStrings } from './strings.ts';
import { trayMenu, type TrayFacts, type TrayItem } from './tray-menu.ts';
import { trayState } from './tray-state.ts';

const en = await loadStrings(null, 'en-GB');
const de = await loadStrings('de', 'en-GB');
const status: Status = {
  version: '1',
  state: 'running',
  joining: null,
  requests: 0,
  wasInOldOffice: false,
  removed: null,
  node: { id: 'n', name: 'Ann', extension: '101' },
  presence: 'available',
  presenceUntil: null,
  divert: null,
  role: 'member',
  switch: null,
  term: 1,
  unheard: 0,
  microphone: { state: 'running', device: null, sentence: null, phrase: null },
  speaker: { state: 'running', device: null, sentence: null, phrase: null },
  talking: null,
  talkTo: null,
  paged: null,
  mayOverride: false,
  waiting: [],
  soundsAt: null,
  calls: [],
  recording: null,
  missedCalls: [],
  moved: null,
  moveAsked: null,
  playing: null,
  caption: null,
  troubles: [],
  endpoints: null,
};
const person = (name: string, more: Partial<Person> = {}): Person => ({
  id: name,
  name,
  extension: '204',
  presence: 'available',
  favourite: false,
  isNew: false,
  volume: 100,
  mutedUntil: null,
  isAutoAnswered: false,
  speaking: false,
  divertedTo: null,
  ...more,
});
const facts = (more: Partial<TrayFacts> = {}): TrayFacts => ({
  status,
  people: [person('Dana')],
  groups: [],
  lastSpeaker: null,
  ...more,
});
const talking = {
  id: 't',
  pressed: 't',
  to: '204',
  group: null,
  page: null,
  isSilent: false,
  startedAt: 0,
  recipients: [],
};

test('everybody can be paged where somebody is there, and a page shows whose it is', () => {
  const offered = (people: readonly Person[]) =>
    trayMenu(facts({ people }), en).find((item) => item.kind === 'choice' && item.action.type === 'page');
  assert.deepEqual(offered([person('Dana')]), {
    ...{ kind: 'choice', label: 'Page everybody', action: { type: 'page' }, isEnabled: true },
  });
  const nobody = offered([person('Dana', { presence: 'offline' })]);
  assert.equal(nobody?.kind === 'choice' && nobody.isEnabled, false);
  const page = { isToAll: true, isKept: false, isRecording: false, isUrgent: false };
  const said = (more: Partial<Status>) => trayState({ ...status, ...more }, [], en).tooltip;
  assert.equal(said({ talking: { ...talking, page } }), 'Corridor: you page everybody');
  assert.equal(
    said({ paged: { name: 'Dana', extension: '204', isToAll: true, group: null, isUrgent: false } }),
    'Corridor: Dana (204) pages',
  );
  const urgent = { name: 'Dana', extension: '204', isToAll: false, isUrgent: true };
  const paged = { ...urgent, group: { id: 'g', name: 'Sales' } };
  assert.equal(said({ paged }), 'Corridor: Dana (204) pages Sales urgently');
  assert.equal(
    trayState({ ...status, paged }, [], de).tooltip,
    'Corridor: Dringende Durchsage von Dana (204) an Sales',
  );
  assert.equal(
    said({ talking: { ...talking, page: { ...page, isUrgent: true } } }),
    'Corridor: you page everybody urgently',
  );
});

test('the tooltip says whom the reached person listens to first, and who is next at this ear', () => {
  const kim: RecipientStatus = {
    ...{ id: 'k', name: 'Kim', extension: '206', state: 'queued', handedTo: null },
    ...{ isNotified: false, isPart: false, at: null, waitsFor: { kind: 'voice', name: 'Bo' } },
  };
  const said = (recipients: readonly RecipientStatus[], strings = en) =>
    trayState({ ...status, talking: { ...talking, recipients } }, [], strings).tooltip;
  assert.equal(said([kim]), 'Corridor: you talk to Kim, who listens to Bo first');
  assert.equal(said([kim], de), 'Corridor: du sprichst mit Kim: hört erst noch Bo zu');
  assert.equal(
    said([{ ...kim, waitsFor: { kind: 'call' } }]),
    'Corridor: you talk to Kim, who ends a call first',
  );
  assert.equal(said([{ ...kim, waitsFor: null }]), 'Corridor: you talk to Kim');
  assert.equal(said([kim, { ...kim, name: 'Cy' }]), 'Corridor: you talk to Kim, Cy');
  const waiting = [{ person: 'c', name: 'Cy', extension: '103' }];
  const dana = [person('Dana', { speaking: true })];
  const next = (strings: typeof en) => trayState({ ...status, waiting }, dana, strings).tooltip;
  assert.equal(next(en), 'Corridor: Dana (204) talks to you; Cy is next');
  assert.equal(next(de), 'Corridor: Dana (204) spricht mit dir; danach Cy');
});

test('whoever spoke last is called by one click, also while they still speak', () => {
  const lastSpeaker = { id: 'm', name: 'Dana' };
  const action = { type: 'call-talker', message: 'm' };
  assert.deepEqual(actionOf(trayMenu(facts({ lastSpeaker }), en), 'Call Dana'), action);
  assert.deepEqual(actionOf(trayMenu(facts({ lastSpeaker }), de), 'Dana anrufen'), action);
  assert.equal(actionOf(trayMenu(facts(), en), 'Call Dana'), undefined);
});

function labels(items: readonly TrayItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'line' ? [] : [item.label]));
}

function actionOf(items: readonly TrayItem[], label: string) {
  const found = items.find((item) => item.kind === 'choice' && item.label === label);
  return found?.kind === 'choice' ? found.action : undefined;
}

function submenu(items: readonly TrayItem[], label: string): readonly TrayItem[] {
  const found = items.find((item) => item.kind === 'menu' && item.label === label);
  return found?.kind === 'menu' ? found.items : [];
}

test('the menu plays one unheard message or all', () => {
  const first = trayMenu(facts(), en)[0];
  assert.ok(first?.kind === 'choice' && !first.isEnabled);
  const one = trayMenu(facts({ status: { ...status, unheard: 1 } }), en);
  assert.deepEqual(labels(one).slice(0, 2), ['Play unheard (1)', 'Talk to']);
  const three = trayMenu(facts({ status: { ...status, unheard: 3 } }), en);
  assert.deepEqual(labels(three).slice(0, 2), ['Play unheard (3)', 'Play all unheard']);
});

test('the menu answers whoever rings, and hangs up; the icon says who it is', () => {
  const call = callStatus();
  const of = (...calls: Status['calls']) => ({ ...status, calls });
  const menu = (shown: Status) => trayMenu(facts({ status: shown }), en);
  const rings = menu(of(call));
  assert.deepEqual(labels(rings).slice(0, 2), ['Answer Dana', 'Later: Dana']);
  assert.deepEqual(
    rings.flatMap((item) =>
      item.kind === 'choice' && item.action.type === 'call' ? [item.action.action] : [],
    ),
    ['answer', 'hang-up'],
  );
  assert.equal(trayState(of(call), [], en).tooltip, 'Corridor: Dana (204) is calling');
  assert.equal(trayState(of(call), [], de).tooltip, 'Corridor: Dana (204) ruft an');
  const active = of(callStatus({ state: 'active' }));
  assert.deepEqual(labels(menu(active)).slice(0, 1), ['Hang up: Dana']);
  assert.deepEqual(trayState(active, [], en), {
    icon: { kind: 'talking' },
    tooltip: 'Corridor: in a call with Dana',
  });
  const over = of(callStatus({ direction: 'out', state: 'ended', reason: 'unanswered' }));
  assert.deepEqual(labels(menu(over)), labels(menu(status)));
  assert.deepEqual(callNews(status, of(call)), { rings: call });
  assert.deepEqual(callNews(of(call), of(call)), {});
  const automatic = of({ ...call, isIncoming: false, state: 'active', isAutomatic: true });
  assert.deepEqual(trayState(automatic, [], en), {
    icon: { kind: 'talking' },
    tooltip: 'Corridor: in a call with Dana, which was answered by itself',
  });
  assert.deepEqual(callNews(status, automatic), { isOn: automatic.calls[0] });
  assert.deepEqual(callNews(automatic, automatic), {});
  assert.deepEqual(callNews(automatic, status), { isOn: null });
  const byThem = of({ ...call, isIncoming: false, direction: 'out', state: 'active', isAutomatic: true });
  assert.deepEqual(callNews(status, byThem), {}, 'their microphone, not this one’s');
  const recorded = of({ ...call, isIncoming: false, state: 'active', isRecordedByThem: true });
  assert.equal(trayState(recorded, [], en).tooltip, 'Corridor: in a call with Dana, who records it');
  assert.deepEqual(callNews(active, recorded), { isRecorded: recorded.calls[0] });
  assert.deepEqual(callNews(recorded, active), { isRecorded: null });
  const missed = { person: 'p', name: 'Dana', extension: '204', at: 5, times: 1 };
  assert.deepEqual(callNews(of(call), { ...status, missedCalls: [missed] }), { rings: null, missed });
  assert.deepEqual(callNews({ ...status, missedCalls: [missed] }, status), { missed: null });
});

test('who puts a caller through is named, also where that is known a moment after it rings', () => {
  const by = { person: 'a', name: 'Ana', extension: '101' };
  const [before, after] = [callStatus(), callStatus({ putThroughBy: by })];
  const of = (call: CallStatus): Status => ({ ...status, calls: [call] });
  assert.deepEqual(callNews(of(before), of(after)), { rings: after });
  assert.deepEqual(callNews(of(after), of(after)), {});
  assert.equal(trayState(of(after), [], en).tooltip, 'Corridor: Ana puts Dana (204) through');
  assert.equal(trayState(of(after), [], de).tooltip, 'Corridor: Ana verbindet Dana (204) mit dir');
});

test('favourites come first, then people who are online; a long list ends with the number of the others', () => {
  const people = [
    person('Zoe', { favourite: true, presence: 'dnd' }),
    person('Bo', { presence: 'offline' }),
    person('Cy'),
    person('Ada', { presence: 'away' }),
  ];
  const shown = labels(submenu(trayMenu(facts({ people }), en), 'Talk to'));
  assert.deepEqual(shown, [
    'Zoe · 204 (Do not disturb)',
    'Ada · 204 (Away)',
    'Cy · 204',
    'Bo · 204 (offline)',
  ]);
  const many = Array.from({ length: 500 }, (_, n) => person(`P${n}`));
  const bounded = labels(submenu(trayMenu(facts({ people: many }), en), 'Talk to'));
  assert.equal(bounded.length, 21);
  assert.equal(bounded.at(-1), '480 more in the panel…');
});

test('the menu talks to persons, not to numbers: it may be on the screen while a number moves', () => {
  const items = trayMenu(facts({ lastSpeaker: { id: 'm', name: 'Bo' } }), en);
  const talk = actionOf(submenu(items, 'Talk to'), 'Dana · 204');
  assert.deepEqual(talk, { type: 'talk', extension: '204', person: 'Dana' });
  assert.deepEqual(actionOf(items, 'Reply to Bo'), { type: 'reply', message: 'm' });
});

test('during a talk the menu ends it and offers no other', () => {
  const menu = trayMenu(facts({ status: { ...status, talking }, lastSpeaker: { id: 'm', name: 'Bo' } }), en);
  assert.ok(labels(menu).includes('Stop talking'));
  assert.ok(!labels(menu).includes('Talk to') && !labels(menu).includes('Reply to Bo'));
});

test('before the first run the menu only opens the panel and quits', () => {
  const menu = trayMenu(facts({ status: { ...status, state: 'setup' } }), en);
  const can = menu.filter((item) => item.kind !== 'line' && item.isEnabled);
  assert.deepEqual(labels(can), ['Open Corridor', 'Quit']);
});

test('menu and tooltip show when do not disturb ends', () => {
  const quiet: Status = {
    ...status,
    presence: 'dnd',
    presenceUntil: new Date(2026, 0, 31, 14, 30).getTime(),
  };
  assert.ok(
    labels(submenu(trayMenu(facts({ status: quiet }), de), 'Status')).includes('Nicht stören, bis 14:30'),
  );
  assert.equal(trayState(quiet, [], de).tooltip, 'Corridor: nicht stören bis 14:30');
});

test('a divert is ended in the menu of presences, and each of a colleague is shown where one talks to them', () => {
  const divert = { person: 'kim', name: 'Kim', extension: '205' };
  const people = [
    person('Bo', { divertedTo: { id: 'kim', name: 'Kim', isMe: false } }),
    person('Lea', { extension: '206', divertedTo: { id: 'me', name: 'Me', isMe: true } }),
  ];
  const menu = trayMenu(facts({ status: { ...status, divert }, people }), en);
  const presences = submenu(menu, 'Presence');
  assert.deepEqual(actionOf(presences, 'Diverted to Kim: end'), { type: 'end-divert' });
  assert.deepEqual(labels(submenu(menu, 'Talk to')), ['Bo → Kim · 204', 'Lea · 206']);
  const none = submenu(trayMenu(facts(), en), 'Presence');
  assert.ok(!labels(none).some((label) => label.startsWith('Diverted')));
});

test('the menu does not change with the activity of colleagues', () => {
  const quiet = JSON.stringify(trayMenu(facts(), en));
  assert.equal(JSON.stringify(trayMenu(facts({ people: [person('Dana', { speaking: true })] }), en)), quiet);
});

test('the tooltip shows a trouble in the language of the tray', () => {
  const text = localizedText('store-disk-full', 'The disk is full.');
  const now = { ...status, troubles: [{ code: 'store-disk-full', ...text }] };
  assert.equal(trayState(now, [], en).tooltip, 'Corridor: The disk is full.');
  assert.match(trayState(now, [], de).tooltip, /^Corridor: Der Datenträger ist voll\./);
});

test('the icon shows current events before unheard messages, and those before the presence', () => {
  const trouble = { code: 'store-disk-full', ...localizedText('store-disk-full', 'The disk is full.') };
  const all: Status = {
    ...status,
    talking,
    unheard: 2,
    troubles: [trouble],
    presence: 'dnd',
    role: 'alone',
  };
  const kind = (now: Status, people: readonly Person[] = []) => trayState(now, people, en).icon.kind;
  assert.equal(kind(all, [person('Dana', { speaking: true })]), 'talking');
  assert.equal(kind({ ...all, talking: null }, [person('Dana', { speaking: true })]), 'spoken-to');
  assert.equal(kind({ ...all, talking: null }), 'unheard');
  assert.equal(kind({ ...all, talking: null, unheard: 0 }), 'trouble');
  assert.equal(kind({ ...all, talking: null, unheard: 0, troubles: [] }), 'dnd');
  assert.equal(kind({ ...status, role: 'alone' }), 'alone');
  assert.equal(kind({ ...status, troubles: [{ ...trouble, code: 'toggle-keys' }] }), 'idle');
});

test('a request to join is in the menu and in the tooltip, and opens what is asked', () => {
  const asked = { ...status, requests: 1 };
  const [first] = trayMenu(facts({ status: asked }), en);
  assert.ok(first?.kind === 'choice' && first.action.type === 'requests');
  assert.deepEqual(labels(trayMenu(facts(), en)).includes(first.label), false);
  assert.match(trayState(asked, [], en).tooltip, /asks to join/);
  assert.match(trayState({ ...asked, unheard: 2 }, [], en).tooltip, /2 unheard/);
});

test('a question whether to move is in the menu, and opens the panel, which asks it', () => {
  const text = localizedText('asked-to-move', 'Bo has founded the office anew. Move too?', {
    ...{ name: 'Bo', without: null, more: 0 },
  });
  const [first] = trayMenu(facts({ status: { ...status, moveAsked: { office: 'o', ...text } } }), en);
  assert.ok(first?.kind === 'choice' && first.action.type === 'people');
  assert.ok(!labels(trayMenu(facts(), en)).includes(first.label));
});

test('a computer that was removed says so, plays what it has, and talks to nobody', () => {
  const removed: Status = {
    ...status,
    state: 'removed',
    removed: { by: 'Dana', at: null },
    node: null,
    role: 'none',
  };
  assert.match(trayState(removed, [], en).tooltip, /no longer in an office/);
  assert.match(trayState(removed, [], de).tooltip, /nicht mehr im Büro/);
  const items = trayMenu(facts({ status: { ...removed, unheard: 1 } }), en);
  assert.ok(items[0]?.kind === 'choice' && items[0].isEnabled, 'what waits can be played');
  assert.ok(items.some((item) => item.kind === 'menu' && item.label === 'Talk to' && !item.isEnabled));
});

test('a computer on its way into an office says so', () => {
  const joining = { since: 0, by: 'link', office: null, digits: null, isAgreed: false } as const;
  const setup: Status = { ...status, state: 'setup', node: null };
  assert.match(trayState({ ...setup, joining }, [], en).tooltip, /joining/);
  assert.match(trayState(setup, [], en).tooltip, /not set up/);
});

test('groups stand before people, those that one can talk to, and are talked to by their ids', () => {
  const group = (name: string, more: Partial<Group> = {}): Group => ({
    ...{ id: `id-${name}`, name, extension: '600', people: ['Dana'], talk: 'everybody', change: 'creator' },
    ...{ isMember: false, mayTalk: true, mayChange: false, favourite: false },
    ...more,
  });
  const groups = [
    group('Sales'),
    group('Board', { mayTalk: false }),
    group('Lost', { extension: null }),
    group('Empty', { people: [] }),
  ];
  const menu = trayMenu(facts({ groups }), en).find(
    (item) => item.kind === 'menu' && item.label === en.talkTo,
  );
  assert.ok(menu?.kind === 'menu');
  const [first, line, person] = menu.items;
  assert.ok(first?.kind === 'choice' && person?.kind === 'choice');
  assert.deepEqual([first.label, line?.kind, menu.items.length], ['Sales · 600', 'line', 3]);
  assert.deepEqual(first.action, { type: 'talk', extension: '600', group: 'id-Sales' });
  assert.match(person.label, /^Dana/);
  const talk = { ...talking, group: { id: 'id-Sales', name: 'Sales' } };
  assert.match(trayState({ ...status, talking: talk }, [], en).tooltip, /you talk to Sales$/);
});
