import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { MessageId, NodeId } from '../model/index.ts';
import { InboxAnswers, type InboxQuestion } from './inbox-answers.ts';
import { HandLink } from './test-ports.ts';

const [FIRST, SECOND] = ['A', 'B'].map((letter) => letter.repeat(22)) as [MessageId, MessageId];

/** Answers that go on until a test lets them end. */
function ground() {
  const time = new HandTime();
  const link = new HandLink('L'.repeat(22) as NodeId);
  const answered: InboxQuestion[] = [];
  const goings: (() => void)[] = [];
  const wanted: boolean[] = [];
  const answers = new InboxAnswers(
    async (_, question, mayGoOn) => {
      answered.push(question);
      await new Promise<void>((resolve) => goings.push(resolve));
      wanted.push(await mayGoOn());
    },
    {
      ...{ clock: time, schedule: time.schedule, nextTurn: () => Promise.resolve() },
      log: (line) => assert.fail(line),
    },
  );
  const end = async (): Promise<void> => {
    const { length } = wanted;
    goings.shift()!();
    await until(() => wanted.length > length, 'the end of the answer');
    await Promise.resolve();
  };
  return { time, link, answered, wanted, answers, end };
}

describe('a member that asks for its inbox', () => {
  it('gets one answer to a thousand requests, and one more to those that came meanwhile', async () => {
    const { link, answered, answers, end } = ground();
    for (let n = 0; n < 1000; n += 1) answers.ask(link);
    assert.equal(answered.length, 1);
    await end();
    await until(() => answered.length === 2, 'the second');
    await end();
    assert.equal(answered.length, 2);
  });

  it('gets two answers at once at most, then one every five seconds, and no request is lost', async () => {
    const { time, link, answered, answers, end } = ground();
    for (let n = 0; n < 2; n += 1) {
      answers.ask(link);
      await until(() => answered.length === n + 1, 'an answer');
      await end();
    }
    answers.ask(link);
    answers.ask(link);
    await until(() => time.dueIn.length === 1, 'it waits');
    time.pass(4999);
    assert.equal(answered.length, 2);
    time.pass(1);
    assert.equal(answered.length, 3);
    await end();
    assert.deepEqual(time.dueIn, []);
  });

  it('is answered all that it asked, also if it asked in parts', async () => {
    const { link, answered, answers, end } = ground();
    answers.ask(link, { receiptsOf: [FIRST] });
    answers.ask(link, { receiptsOf: [FIRST] });
    answers.ask(link, { receiptsOf: [SECOND] });
    await end();
    await until(() => answered.length === 2, 'the second');
    assert.deepEqual(answered[1], { receiptsOf: [SECOND, FIRST] });
    answers.ask(link, { receiptsOf: [FIRST] });
    answers.ask(link, {});
    await end();
    answers.close();
  });

  it('is forgotten with its link: the answer ends, and no timer is left', async () => {
    const { time, link, answered, wanted, answers, end } = ground();
    answers.ask(link);
    answers.ask(link);
    answers.linkLost(link);
    await end();
    assert.deepEqual(wanted, [false]);
    assert.equal(answered.length, 1);
    assert.deepEqual(time.dueIn, []);
  });
});
