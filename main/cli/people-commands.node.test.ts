import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Health, Person, Settings, Status } from '../../preload/api.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

describe('the command line, with people and settings of real nodes', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;

  const { corridor, says, json } = commandLine(() => ann.profile);

  before(async () => {
    ann = await office.add('101');
    await office.add('102', { name: 'Bob' });
    await office.add('103', { name: 'Cleo' });
    await office.settled();
    await office.serve(ann);
  });
  after(() => office.stop());

  it('says what a string that is not whole may become, and what may have been meant', async () => {
    const ahead = async (dialled: string) => {
      const { exit, printed } = await corridor('dial', dialled);
      assert.equal(exit, 1, printed);
      return printed;
    };
    assert.match(await ahead('10'), /It may become 102 Bob, 103 Cleo\.\n$/);
    assert.match(await ahead('*7'), /It may become .*\*78 \(Turns do not disturb on\), \*79 \(/);
    assert.match(await ahead('120'), /You may mean 102 Bob\.\n$/);
    assert.match(await ahead('cloe'), /You may mean 103 Cleo\.\n$/);
    await says(/It may become 102 Bob, 103 Cleo\.\n/, 'dial', '10', '--preview');
    assert.doesNotMatch(await ahead('999'), /may/);
  });

  it('gives the right to override do not disturb, and overrides it only where it was confirmed', async () => {
    const refusedTo = await corridor('talk', '*48102', '--for', '1');
    assert.equal(refusedTo.exit, 1);
    assert.match(refusedTo.printed, /You may not override do not disturb\./);
    await says(/101 .*may override do not disturb/, 'grant', '101', 'override');
    const asked = await corridor('talk', '*48102', '--for', '1');
    assert.equal(asked.exit, 1);
    assert.match(asked.printed, /Bob \(102\) hears this at once.* Here: give --yes\./);
    await says(
      /Talks to Bob \(102\), also where they do not want to be disturbed/,
      'dial',
      '*48102',
      '--preview',
    );
    await says(/^To talk: corridor talk '\*48102' --yes$/m, 'dial', '*48102');
    await says(/^To talk: corridor talk '\*102'$/m, 'dial', '*102');
    await says(/^To page: corridor page '0'$/m, 'dial', '0');
    assert.equal((await corridor('grant', '101', 'fly')).exit, 2);
    const { printed } = await corridor('grant', '101', 'override', '--off');
    assert.doesNotMatch(printed, /may override/);
  });

  it('says and changes how loud a colleague is heard', async () => {
    await says(/^You hear Bob as loud as they are\.\n$/, 'volume', '102');
    await says(/^You hear Bob at 80 %\.\n$/, 'volume', '102', '80');
    await says(/ 102 +Bob .*, heard at 80 %\n/, 'people');
    assert.equal((await json<Person>('volume', '102', '100%')).volume, 100);
    for (const percent of ['9', '201', 'loud']) {
      const { exit, printed } = await corridor('volume', '102', percent);
      assert.equal(exit, 2);
      assert.match(printed, /whole number of percent from 10 to 200/);
    }
    assert.equal((await corridor('volume', '999')).exit, 2);
    await says(/^You hear pages as loud as messages\.\n$/, 'volume', '--pages');
    await says(/^You hear pages at 60 %\.\n$/, 'volume', '--pages', '60');
    for (const wrong of [['volume'], ['volume', '102', '--pages', '60']])
      assert.equal((await corridor(...wrong)).exit, 2);
  });

  it('silences a colleague for an hour, and ends it', async () => {
    await says(/^Messages of Cleo wait silently until .*[0-9]{2}:[0-9]{2}\.\n$/, 'silence', '103');
    await says(/ 103 +Cleo .*, muted until /, 'people');
    const { mutedUntil } = await json<Person>('silence', '103', '--for', '30m');
    assert.ok(mutedUntil !== null && Math.abs(mutedUntil - Date.now() - 30 * 60_000) < 60_000);
    await says(/^You hear Cleo again\.\n$/, 'silence', '103', '--off');
    assert.equal((await corridor('silence', '103', '--off', '--for', '1h')).exit, 2);
  });

  it('has calls of a colleague answered by themselves, says whose, and ends it', async () => {
    await says(/^Every call rings\.$/m, 'auto-answer');
    await says(/^Calls of Cleo \(103\) are answered by themselves after a tone/m, 'auto-answer', '103');
    await says(/^Calls of Cleo \(103\) are answered by themselves/, 'auto-answer');
    await says(/ 103 +Cleo .*, calls answered by themselves\n/, 'people');
    const { isAutoAnswered } = await json<Person>('auto-answer', '103', '--off');
    assert.equal(isAutoAnswered, false);
    for (const wrong of [
      ['auto-answer', '--off'],
      ['auto-answer', '999'],
    ])
      assert.equal((await corridor(...wrong)).exit, 2);
  });

  it('puts favourites first, and takes them back', async () => {
    await says(/^★ 103 +Cleo .*\n {2}102 +Bob /, 'favourite', '103');
    const people = await json<readonly Person[]>('favourite', '103', '--off');
    assert.deepEqual(
      people.map(({ extension, favourite }) => [extension, favourite]),
      [
        ['102', false],
        ['103', false],
      ],
    );
    const { exit, printed } = await corridor('favourite', '999');
    assert.equal(exit, 2);
    assert.match(printed, /Nobody has extension 999/);
  });

  it('says what a dialled string does, and does it', async () => {
    await says(/^Talks to Cleo \(103\), who is available\.$/m, 'dial', '103', '--preview');
    assert.equal((await ann.node.call('status')).talkTo, null);
    assert.deepEqual(await json('dial', '103'), {
      kind: 'person',
      sentence: 'Talks to Cleo (103), who is available.',
      phrase: { code: 'dial-person', details: { name: 'Cleo', extension: '103', presence: 'available' } },
      dialled: '103',
      extension: '103',
      ...{ becomes: [], suggests: [] },
    });
    assert.equal((await ann.node.call('status')).talkTo?.extension, '103');
    await says(/^★ 103 +Cleo/, 'favourite', '(103)');
    await says(/^ {2}102 /, 'favourite', 'tel:103', '--off');
    const { exit, printed } = await corridor('dial', '#1111');
    assert.equal(exit, 1);
    assert.match(printed, /^corridor: No message here has the number 1111/);
    await says(/^Nobody has extension 999/, 'dial', '999', '--preview');
    await says(/^# and a number +Plays the message with that retrieval number\.$/m, 'dial-plan');
  });

  it('diverts to a colleague, says who has what is said, and ends it', async () => {
    await says(/^What is said to you reaches you\.$/m, 'divert');
    await says(/^What is said to you goes to Cleo \(103\)\./m, 'divert', '103');
    await says(/^What is said to you goes to Cleo \(103\)\./m, 'divert');
    await says(/^diverted {4}to Cleo \(103\)$/m, 'status');
    const status = await json<Status['divert']>('divert', 'off');
    assert.equal(status, null);
    await says(/^What is said to you goes to Bob \(102\) from then on\.$/m, 'dial', '*72102');
    await says(/^What is said to you reaches you again from then on\.$/m, 'dial', '*73');
    const { exit, printed } = await corridor('divert', '999');
    assert.equal(exit, 2);
    assert.match(printed, /Nobody has extension 999/);
  });

  it('ends a presence by itself after a time', async () => {
    const status = await json<Status>('presence', 'dnd', '--for', '30m');
    const inMs = (status.presenceUntil ?? 0) - Date.now();
    assert.ok(status.presence === 'dnd' && inMs > 29 * 60_000 && inMs <= 30 * 60_000, String(inMs));
    await says(/^You are busy until .* 08:00\.$/m, 'presence', 'busy', '--for', 'tomorrow');
    const { presenceUntil } = await ann.node.call('status');
    const morning = new Date(presenceUntil ?? 0);
    assert.equal(morning.getHours(), 8);
    assert.notEqual(morning.getDate(), new Date().getDate());
    await says(/^You are available\.$/m, 'presence', 'available');
  });

  it('shows and changes settings', async () => {
    const { exit, printed } = await corridor('settings');
    assert.equal(exit, 0);
    assert.match(printed, /^talkKey=F9$/m);
    const changed = await json<Settings>(
      ...['settings', '--set', 'replyKey=F8', '--set', 'tones=off', '--set', 'personKeys=102:F5,103:Ctrl+F6'],
    );
    assert.deepEqual([changed.replyKey, changed.tones], ['F8', false]);
    const idOf = (extension: string) => people.find((one) => one.extension === extension)?.id;
    const people = await json<Person[]>('people');
    assert.deepEqual(changed.personKeys, [
      { extension: '102', key: 'F5', person: idOf('102') },
      { extension: '103', key: 'Ctrl+F6', person: idOf('103') },
    ]);
    await says(/^personKeys=102:F5,103:Ctrl\+F6$/m, 'settings');
    const back = await json<Settings>(
      ...['settings', '--set', 'personKeys=none', '--set', 'replyKey=none', '--set', 'language=system'],
    );
    assert.deepEqual([back.personKeys, back.replyKey, back.language], [[], null, null]);
    const sound = await json<Status>('sound', '--ready', 'warm', '--microphone', 'nobody has this one');
    assert.equal(sound.node?.extension, '101');
    await ann.untilSo(
      (event) => event.type === 'status' && ['missing', 'failed'].includes(event.status.microphone.state),
    );
    const { ready, microphone } = await json<Settings>(
      ...['settings', '--set', 'ready=cold', '--set', 'microphone=default'],
    );
    assert.deepEqual([ready, microphone], ['cold', null]);
    await says(/tones .*\n +on or off; on unless changed/, 'settings', '--help');
    const taken = await corridor('settings', '--set', 'playNextKey=F9');
    assert.equal(taken.exit, 1);
    assert.match(taken.printed, /^corridor: F9 is the talk key already/);
  });

  it('tells how the office is, and gives a text for who helps', async () => {
    await says(
      /^switch {3}.*\n(.*\n)*102 +Bob +127\.0\.0\.1.*\n(.*\n)*well {3}Extension 101 reaches you/,
      'health',
    );
    const health = await json<Health>('health');
    assert.equal(health.nodes.length, 2);
    await says(/^== Corridor\nCorridor .*\n(.*\n)*== Log/, 'diagnostics');
    const { text } = await json<{ text: string }>('diagnostics');
    assert.ok(text.includes('== Settings'));
  });

  it('says that nobody talked yet where one replies', async () => {
    const { exit, printed } = await corridor('talk', 'press', '--reply');
    assert.equal(exit, 1);
    assert.match(printed, /^corridor: Nobody has talked to you yet/);
  });
});
