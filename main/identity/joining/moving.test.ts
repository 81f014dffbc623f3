import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as v from 'valibot';
import type { NodeId } from '../../model/index.ts';
import { signRule } from '../ledger/author.ts';
import { computer } from '../ledger/test-office.ts';
import type { JoiningFrameOf } from './frames.ts';
import { readJoinLink } from './join-link.ts';
import {
  computersAlong,
  isOpenIn,
  moveFrame,
  moveQuestionsSchema,
  moveText,
  takeMove,
  type MoveQuestion,
} from './moving.ts';
import { ana, bo, cy, dana, DAY, enter, letIn, NOW, officeOf } from './test-joining.ts';

const bosLaptop = computer(4);

/** Ana's office with Bo, Cy and Bo's laptop; others found it anew. */
function ground() {
  const { ledger } = officeOf();
  letIn(ledger, ana, cy);
  enter(ledger, signRule(bo, ledger, 'admit', { card: bosLaptop.card, person: bo.nodeId }));
  const office = { id: ledger.office, standing: ledger.standing };
  let questions: readonly MoveQuestion[] = [];
  const ask = (frame: JoiningFrameOf<'move'>, from: NodeId, nowMs = NOW) => {
    const taken = takeMove(questions, frame, from, office, nowMs);
    if (taken.kind === 'asked') questions = taken.questions;
    return taken.kind;
  };
  const answer = (): void => void (questions = questions.map((one) => ({ ...one, link: null })));
  return { ledger, office, ask, answer, questions: () => questions };
}

/** Another office, to move to. */
function anew(): JoiningFrameOf<'move'> {
  const { link } = officeOf().invitations.make(ana, randomBytes(16), NOW);
  return { type: 'move', link, without: [ana.nodeId] };
}

void test('whoever founds anew asks the chosen people on all their computers, and their own, and names the others', () => {
  const { ledger } = ground();
  const along = computersAlong(ledger.standing, bo.nodeId, new Set([cy.nodeId]));
  assert.deepEqual(new Set(along), new Set([cy.nodeId, bosLaptop.nodeId]));
  const { link } = anew();
  assert.deepEqual(moveFrame(link, ledger.standing, bo.nodeId, along).without, [ana.nodeId]);
});

void test('a person is asked once for each office: by a member, about another office', () => {
  const { ask, answer, questions, office, ledger } = ground();
  const first = anew();
  assert.equal(ask(first, dana.nodeId), 'refused', 'no member');
  assert.equal(ask({ ...first, link: first.link.slice(0, -1) }, bo.nodeId), 'refused', 'mistyped');
  const { link } = officeOf().invitations.make(ana, randomBytes(16), NOW);
  assert.equal(ask({ ...first, link }, bo.nodeId), 'asked');
  assert.ok(questions().every((one) => isOpenIn(one, office.id)));
  assert.equal(ask({ ...first, link }, bo.nodeId), 'known');
  assert.equal(ask({ ...first, link }, cy.nodeId), 'known', 'whoever asks');
  answer();
  assert.equal(ask({ ...first, link }, bo.nodeId, NOW + 30 * DAY), 'known', 'also when it is answered');
  assert.ok(!isOpenIn(questions()[0]!, office.id));
  assert.notEqual(readJoinLink(link).office, ledger.office);
});

void test('a colleague asks once a day, whichever of their computers sends it, and has one question open', () => {
  const { ask, answer } = ground();
  assert.equal(ask(anew(), bo.nodeId), 'asked');
  assert.equal(ask(anew(), bo.nodeId, NOW + 2 * DAY), 'refused', 'the first one waits');
  answer();
  assert.equal(ask(anew(), bosLaptop.nodeId, NOW + DAY - 1), 'refused');
  assert.equal(ask(anew(), bosLaptop.nodeId, NOW - DAY + 1), 'refused', 'the clock was set back');
  assert.equal(ask(anew(), bosLaptop.nodeId, NOW + DAY), 'asked');
  assert.equal(ask(anew(), cy.nodeId, NOW + DAY), 'asked', 'somebody else may');
});

void test('a crowd of colleagues asks four times a day, also where each question is answered at once', () => {
  const { ask, answer, ledger, office } = ground();
  const crowd = [5, 6, 7, 8, 9].map((n) => computer(n));
  for (const one of crowd) letIn(ledger, bo, one);
  Object.assign(office, { standing: ledger.standing });
  const kinds = crowd.map(({ nodeId }) => {
    const kind = ask(anew(), nodeId);
    answer();
    return kind;
  });
  assert.deepEqual(kinds, ['asked', 'asked', 'asked', 'asked', 'refused']);
  assert.equal(ask(anew(), crowd[4]!.nodeId, NOW + DAY), 'asked');
});

void test('the questions are kept as they are, and a question of an office that was left is open no more', () => {
  const { ask, questions } = ground();
  assert.equal(ask(anew(), bo.nodeId), 'asked');
  const kept = v.parse(moveQuestionsSchema, JSON.parse(JSON.stringify(questions())));
  assert.deepEqual(kept, questions());
  assert.ok(!isOpenIn(kept[0]!, officeOf().ledger.office));
});

void test('the question names who founded and who is left behind', () => {
  const text = (...without: (string | null)[]): string => moveText('Bo', without).sentence;
  assert.equal(text(), 'Bo has founded the office anew. Move too?');
  assert.equal(text('Ana'), 'Bo has founded the office anew without Ana. Move too?');
  assert.equal(text('Ana', null), 'Bo has founded the office anew without Ana and 1 other. Move too?');
  assert.equal(text(null, null), 'Bo has founded the office anew without 2 others. Move too?');
  assert.equal(moveText(null, []).sentence, 'A colleague has founded the office anew. Move too?');
  assert.match(text('A', 'B', 'C', 'D', 'E', 'F', 'G'), /without A, B, C, D, E and 2 others\./);
});
