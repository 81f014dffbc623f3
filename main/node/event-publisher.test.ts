import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { messageSummary } from '../../test/support/message-summary.ts';
import { newMessageId } from '../model/index.ts';
import { EventPublisher } from './event-publisher.ts';

test('where a message alone has changed, what is published as a whole is not even looked at', async (t) => {
  let looks = 0;
  const publisher = new EventPublisher({
    whole: () => {
      looks += 1;
      return [];
    },
    message: (id) => ({ type: 'message', message: messageSummary({ id }) }),
  });
  t.after(() => publisher.close());
  const told: NodeEvent[] = [];
  publisher.listen((event) => told.push(event));
  const [one, other] = [newMessageId(), newMessageId()];
  publisher.messageAlone(one);
  await eventually(() => told.length === 1, 'the message is published');
  assert.equal(looks, 0);
  publisher.messageChanged(other);
  await eventually(() => told.length === 2, 'the other one is, too');
  assert.equal(looks, 1);
  assert.deepEqual(
    told.map((event) => event.type === 'message' && event.message.id),
    [one, other],
  );
});
