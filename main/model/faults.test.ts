import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { Faults, type LoggedFault } from './faults.ts';
import { nextTurn } from './schedule.ts';

const FAULTS = new URL('faults.ts', import.meta.url).href;

function listening(): { readonly faults: Faults; readonly said: LoggedFault[] } {
  const faults = new Faults();
  const said: LoggedFault[] = [];
  faults.onLogged((one) => said.push(one));
  return { faults, said };
}

const broken = (): never => {
  throw new Error('broken');
};

describe('what nobody foresaw', () => {
  it('ends with the input that led to it, whether it is thrown or rejected', async () => {
    const { faults, said } = listening();
    faults.guard('a datagram', broken);
    faults.guard('a frame', async () => broken());
    await nextTurn();
    assert.equal(faults.total, 2);
    assert.deepEqual(
      said.map(({ where }) => where),
      ['a datagram', 'a frame'],
    );
    assert.match(said[0]?.line ?? '', /^Something went wrong .*a datagram, 1 so far\): Error: broken\n/);
  });

  it('is said once for each place in the code and at every tenfold, and always counted', () => {
    const { faults, said } = listening();
    for (let n = 0; n < 1000; n += 1) faults.guard('a datagram', broken);
    faults.guard('a datagram', () => JSON.parse('{'));
    assert.equal(faults.total, 1001);
    assert.deepEqual(
      said.map(({ times }) => times),
      [1, 10, 100, 1000, 1],
    );
  });

  it('cannot fill the memory by being different each time', () => {
    const { faults, said } = listening();
    for (let n = 0; n < 10_000; n += 1) {
      const error = new Error('x');
      error.stack = `Error: x\n    at place ${n}`;
      faults.tell('a datagram', error);
    }
    assert.equal(faults.total, 10_000);
    assert.ok(said.length < 120, String(said.length));
  });

  it('may be anything that can be thrown', () => {
    const { faults, said } = listening();
    for (const thrown of ['text', undefined, null, 7, { a: 1 }])
      faults.guard('a frame', () => {
        throw thrown as unknown as Error;
      });
    assert.equal(faults.total, 5);
    assert.equal(said.length, 1);
  });

  it('does not disturb whoever tells of it', () => {
    const { faults, said } = listening();
    faults.onLogged(broken);
    faults.tell('a frame', new Error('x'));
    assert.equal(said.length, 1);
  });

  it('counts as often as another thread counted it', () => {
    const { faults, said } = listening();
    faults.tell('the worker', 'x', 1);
    faults.tell('the worker', 'x', 9);
    faults.tell('the worker', 'x', 3);
    assert.equal(faults.total, 13);
    assert.deepEqual(
      said.map(({ times }) => times),
      [1, 10],
    );
  });

  it('does not end a process that survives it, and would have ended it', async () => {
    const program = (isSurviving: boolean) => `
      import { faults, surviveFaults } from ${JSON.stringify(FAULTS)};
      if (${isSurviving}) surviveFaults();
      setTimeout(() => { throw new Error('thrown'); }, 0);
      setTimeout(() => { void Promise.reject(new Error('rejected')); }, 1);
      setTimeout(() => console.log('alive after', faults.total), 20);
    `;
    const outcome = async (isSurviving: boolean) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program(isSurviving)]);
      const [printed, told, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit') as Promise<[number]>,
      ]);
      return { printed: printed.trim(), told, code };
    };
    const survivor = await outcome(true);
    assert.deepEqual([survivor.printed, survivor.code], ['alive after 2', 0]);
    assert.match(
      survivor.told,
      /uncaught, 1 so far\): Error: thrown[^]*unhandled rejection, 1 so far\): Error: rejected/,
    );
    const other = await outcome(false);
    assert.deepEqual([other.printed, other.code], ['', 1]);
  });
});
