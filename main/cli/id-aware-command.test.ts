import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdAwareCommand } from './id-aware-command.ts';

const ID = '-8IHmVTaYpyDT2MZ_Z00Sw';
const STATEMENT = `-${'A'.repeat(42)}`;

function program() {
  const ran: unknown[] = [];
  const whole = new IdAwareCommand('corridor').exitOverride().configureOutput({ writeErr: () => undefined });
  whole
    .command('play')
    .argument('<which>')
    .option('--as <id>')
    .option('--again')
    .option('-s, --soft')
    .action((which: string, options: object) => void ran.push(which, options));
  return (...args: string[]) => {
    whole.parse(['play', ...args], { from: 'user' });
    return ran;
  };
}

test('an id that begins like an option is an argument, also before and after options', () => {
  assert.deepEqual(program()(ID), [ID, {}]);
  assert.deepEqual(program()(STATEMENT, '--again'), [STATEMENT, { again: true }]);
  assert.deepEqual(program()('--again', ID), [ID, { again: true }]);
  assert.deepEqual(program()('4821', '--as', ID), ['4821', { as: ID }]);
});

test('options are options, and what is neither is refused', () => {
  assert.deepEqual(program()('4821', '-s'), ['4821', { soft: true }]);
  assert.throws(() => program()('4821', '--sooft'), { code: 'commander.unknownOption' });
  assert.throws(() => program()(ID.slice(0, -1)), { code: 'commander.unknownOption' });
});
