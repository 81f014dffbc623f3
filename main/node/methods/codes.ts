import { dialPlanOf, type DialRule } from '../../directory/index.ts';
import { signRule, type Ledger } from '../../identity/index.ts';
import {
  codeSetting,
  collisionOf,
  CorridorError,
  DIAL_CODES,
  DIAL_NAMES,
  dialCodesIn,
  isCode,
  rowHiding,
  type DialCodes,
  type DialName,
} from '../../model/index.ts';
import { holderOf } from '../chosen-number.ts';
import { officeOf, type Handlers, type NodeContext } from '../node-context.ts';
import { requireAdmin } from './members.ts';

/** What can be dialled, and the codes that admins change for the office. */
export function codeMethods(node: NodeContext): Pick<Handlers, 'dialPlan' | 'setCode'> {
  return {
    dialPlan: () => node.views.dialPlan(),
    setCode: async ({ row, code }) => {
      requireAdmin(node);
      const { identity } = node;
      const name = changeableRow(row);
      const chosen = code ?? DIAL_CODES[name].code;
      await officeOf(node).ledger.carryOut(function* (plain) {
        const { settings } = plain.standing;
        const wish = settings.get(codeSetting(name)) ?? DIAL_CODES[name].code;
        // What was chosen and does not hold would hold once the other code is gone.
        if (wish === chosen && dialCodesIn(settings).get(name) === chosen) return;
        refuseCode(node, plain, name, chosen);
        yield signRule(identity, plain, 'setting', { key: codeSetting(name), value: chosen });
      });
      node.changed();
      return node.views.dialPlan();
    },
  };
}

/** @throws CorridorError `code-none` */
function changeableRow(row: string): DialName {
  const name = DIAL_NAMES.find((one) => one === row);
  if (name !== undefined && !DIAL_CODES[name].isFixed) return name;
  throw new CorridorError('code-none', `No code that can be changed is called ${row}.`, {
    details: { name: row },
  });
}

/** @throws CorridorError `code-malformed`, `code-collides`, `code-hides` */
function refuseCode(node: NodeContext, { standing }: Ledger, name: DialName, code: string): void {
  if (!isCode(code)) {
    const sentence = `${code} cannot be a code. A code is one digit, or * or # with up to four digits behind it, such as *11.`;
    throw new CorridorError('code-malformed', sentence, { details: { code } });
  }
  const before = dialCodesIn(standing.settings);
  const codes = new Map([...before, [name, code] as const]);
  const plan = dialPlanOf(codes);
  const ruleOf = (row: DialName): DialRule => plan.find((rule) => rule.name === row)!;
  const other = collisionOf(name, codes);
  if (other !== undefined) throw collides(ruleOf(name), ruleOf(other));
  const numbers = [...standing.extensions.keys(), ...standing.groupNumbers.keys()];
  const hidden = numbers
    .sort((a, b) => Number(a) - Number(b))
    .find((one) => isNewlyHidden(one, before, codes));
  if (hidden !== undefined) throw hides(node, ruleOf(rowHiding(hidden, codes)!), ruleOf('mailbox'), hidden);
}

function isNewlyHidden(extension: string, before: DialCodes, codes: DialCodes): boolean {
  return rowHiding(extension, codes) !== undefined && rowHiding(extension, before) === undefined;
}

function collides(rule: DialRule, other: DialRule): CorridorError {
  const why =
    rule.dialled === other.dialled ? 'is dialled already' : `would be dialled like ${other.dialled}`;
  const sentence = `${rule.dialled} ${why}: “${other.sentence}” Choose another code.`;
  const details = {
    ...{ row: `plan-${rule.name}` as const, code: rule.code },
    ...{ other: `plan-${other.name}` as const, otherCode: other.code },
  };
  return new CorridorError('code-collides', sentence, { details });
}

/** @param rule the row that would take what the mailbox is dialled by */
function hides(node: NodeContext, rule: DialRule, mailboxes: DialRule, extension: string): CorridorError {
  const holder = holderOf(node, officeOf(node).ledger, extension)?.name ?? null;
  const mailbox = mailboxes.code + extension;
  const sentence = `${mailbox} reaches the mailbox of ${holder ?? 'somebody'} (${extension}), and ${rule.dialled} would hide it. Choose another code, or change that number first.`;
  const details = {
    ...{ mailbox, holder, extension },
    ...{ row: `plan-${rule.name}` as const, code: rule.code },
  };
  return new CorridorError('code-hides', sentence, { details });
}
