import { performance } from 'node:perf_hooks';
import type { Ledger } from './ledger.ts';
import { computer, Office, type SignedStatement } from './test-office.ts';

const ROUNDS = 15;

interface LedgerCost {
  readonly statements: number;
  /** The time of each evaluation of all statements. */
  readonly evaluationMs: readonly number[];
  /** The longest part of each evaluation without a yield. */
  readonly longestPartMs: readonly number[];
  /** Reading and checking one statement. */
  readonly intakeMs: readonly number[];
}

/** An old office: 1,000 admissions, 300 removals, 400 numbers, 200 statements of other types, in one long chain. */
export function measureOldOffice(): LedgerCost {
  const { office, said } = oldOffice();
  return measure(office, said);
}

/**
 * 2,300 statements, of which 500 are backdated removals by a dismissed admin: each threatens what the remover did.
 */
export function measureHostileOffice(): LedgerCost {
  const { office, said, at } = oldOffice(1800);
  const hostile = at(2);
  const dismissal = office.remove(at(1), said.slice(-1), hostile);
  const seen = said.slice(4, 5);
  const removals = Array.from({ length: 500 }, (_, n) => office.remove(hostile, seen, at(1), at(10 + n)));
  return measure(office, [...said, dismissal, ...removals]);
}

function oldOffice(size = 1900) {
  const office = new Office();
  const at = computer;
  const said: SignedStatement[] = [];
  const say = (statement: SignedStatement): void => void said.push(statement);
  const seen = (): readonly SignedStatement[] => [said.at(-1) ?? office.charter];
  for (const n of [1, 2]) say(office.admit(at(0), seen(), at(n)));
  for (const n of [1, 2]) say(office.makeAdmin(at(0), seen(), at(n)));
  for (let n = 3; said.length < size; n++) {
    say(office.admit(at(n % 2), seen(), at(n)));
    if (n % 10 < 4) say(office.number(at(n), seen(), String(1000 + n)));
    if (n % 10 >= 7) say(office.remove(at(1), seen(), at(n - 2)));
    if (n % 5 === 0) say(office.say(at(0), seen(), 'setting', { key: 'name', value: `Nord ${n}` }));
  }
  return { office, said: said.slice(0, size), at };
}

function measure(office: Office, said: readonly SignedStatement[]): LedgerCost {
  const intakeMs: number[] = [];
  const ledger = office.ledger();
  for (const statement of said) {
    const started = performance.now();
    if (ledger.add(statement) !== 'added') throw new Error('a statement was not added');
    intakeMs.push(performance.now() - started);
  }
  const rounds = Array.from({ length: ROUNDS }, () => evaluate(changed(office, ledger)));
  return {
    statements: ledger.size,
    evaluationMs: rounds.map(({ wholeMs }) => wholeMs),
    longestPartMs: rounds.map(({ longestMs }) => longestMs),
    intakeMs,
  };
}

/** One statement more, so that the standing is evaluated again. */
function changed(office: Office, ledger: Ledger): Ledger {
  ledger.add(
    office.say(computer(0), [office.charter], 'setting', { key: 'bench', value: String(ledger.size) }),
  );
  return ledger;
}

function evaluate(ledger: Ledger): { readonly wholeMs: number; readonly longestMs: number } {
  const started = performance.now();
  let part = started;
  let longestMs = 0;
  for (const _ of ledger.evaluate()) {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - part);
    part = now;
  }
  return { wholeMs: performance.now() - started, longestMs };
}
