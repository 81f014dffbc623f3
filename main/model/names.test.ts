import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as v from 'valibot';
import { checkArguments } from '../../preload/api.ts';
import { nameSchema } from './names.ts';

const GOOD = ['Ann', '👩\u200d💻 Ann', 'علی\u200cرضا', 'Zoë', '李'];
const BAD = [
  'Ann\u200f',
  'Da\u00adna',
  '\u202eAnn',
  'A\u0000',
  '\u200d',
  ' \u200c ',
  '\ufe0f',
  '\ud800',
  ' ',
  'x'.repeat(65),
];

it('a name is the same at every door: in a record, for a person, a group and an office', () => {
  for (const name of [...GOOD, ...BAD]) {
    const isGood = GOOD.includes(name);
    assert.equal(v.safeParse(nameSchema, name).success, isGood, JSON.stringify(name));
    for (const { ok } of [
      checkArguments('setup', { name }),
      checkArguments('setup', { name: 'Ann', officeName: name }),
      checkArguments('makeGroup', { name }),
    ])
      assert.equal(ok, isGood, JSON.stringify(name));
  }
});
