import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { LocalizedText } from '../../i18n/index.ts';
import { foundOffice, Invitations, type Identity } from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { OfficeEvents } from '../office/index.ts';
import { MoveQuestions } from './move-questions.ts';
import { Profile } from './profile.ts';
import { membersOfTest } from './test-members.ts';

/** Dana's computer is asked. */
async function ground(t: TestContext) {
  const members = await membersOfTest(t);
  const { office, directory, events, ports, log } = members;
  const { profile } = await Profile.open('/profile', (line) => void log.push(line), ports);
  t.after(() => profile.close());
  const told: LocalizedText[] = [];
  const questions = (of: Profile): MoveQuestions =>
    new MoveQuestions({
      ...{ profile: of, session: { office, events, roster: { directory } }, clock: ports.clock },
      asked: (text) => void told.push(text),
    });
  const moves = questions(profile);
  t.after(() => moves.close());
  const sent: unknown[] = [];
  /** Whoever founds another office asks over a link of this one. Resolves with the join link. */
  const ask = (founder: Identity, without: readonly NodeId[] = []): string => {
    const { ledger } = foundOffice(founder, { name: 'Sued', admit: 'members' }, randomBytes(16));
    const { link } = new Invitations(ledger).make(founder, randomBytes(16), ports.clock.now());
    const control = { peer: founder.nodeId, send: (frame: unknown) => void sent.push(frame) };
    const frame = { type: 'move', link, without: [...without] };
    events.emit('move', { link: control, frame } as unknown as OfficeEvents['move']);
    return link;
  };
  return { ...members, profile, moves, questions, ask, told, sent };
}

test('a question names people by what this computer knows of them, and its sender hears that it is asked', async (t) => {
  const { ana, bo, dana, moves, ask, told, sent } = await ground(t);
  const link = ask(bo, [ana.nodeId, dana.nodeId, 'A'.repeat(22) as NodeId]);
  const sentence = 'Bo has founded the office anew without Ana. Move too?';
  assert.deepEqual([moves.first?.sentence, told.map((text) => text.sentence)], [sentence, [sentence]]);
  const { office } = moves.first ?? assert.fail();
  assert.equal(moves.linkTo(office), link);
  assert.deepEqual(sent, [{ type: 'move-heard', office, isAsked: true }]);
  ask(bo);
  assert.equal(told.length, 1, 'once a day');
  assert.deepEqual((sent[1] as { isAsked: boolean }).isAsked, false);
});

test('an answered question is not asked again, also after a start; one that waits is', async (t) => {
  const { ana, bo, profile, moves, questions, ask, ports } = await ground(t);
  ask(bo);
  ask(ana);
  const [first] = [moves.first ?? assert.fail()];
  await moves.settle(first.office);
  assert.notEqual(moves.first?.office, first.office);
  await profile.close();
  const again = await Profile.open('/profile', () => undefined, ports);
  t.after(() => again.profile.close());
  const after = questions(again.profile);
  t.after(() => after.close());
  assert.equal(after.first?.sentence, 'Ana has founded the office anew. Move too?');
  assert.throws(() => after.linkTo(first.office), { code: 'no-move' });
});

test('the question stays where a hostile admin removes whoever asks it, or who is asked', async (t) => {
  const { bo, dana, moves, ask, anaSigns } = await ground(t);
  ask(bo);
  await anaSigns('remove', { nodes: [bo.nodeId] });
  assert.match(moves.first?.sentence ?? '', /^Bo has founded/);
  await anaSigns('remove', { nodes: [dana.nodeId] });
  assert.match(moves.first?.sentence ?? '', /^Bo has founded/);
});
