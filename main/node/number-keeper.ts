import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import {
  signRule,
  type StatementSequence,
  type Identity,
  type Ledger,
  type Standing,
} from '../identity/index.ts';
import { CorridorError, textOfError, type NodeId } from '../model/index.ts';
import type { Office, OfficeSession, Roster } from '../office/index.ts';
import { holderOf } from './chosen-number.ts';

interface NumberKeeperParts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly session: Pick<OfficeSession, 'office' | 'events'> & { readonly roster: Pick<Roster, 'directory'> };
  /** undefined: nothing is wrong any more. */
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/**
 * Sees to it that a person always has a number. Where a colleague has theirs, or the ledger gives them none, this node signs for
 * the lowest free one.
 */
export class NumberKeeper {
  readonly #parts: NumberKeeperParts;
  readonly #stop: () => void;
  /** The number that the ledger gave this person last, and in which office. */
  #last: { readonly ledger: Office['ledger']; readonly extension: string } | undefined;
  #isSigning = false;
  /** What the ledger came to after the last signature. While it is the same, another signature would change nothing. */
  #tried: Standing | undefined;
  /** In this office no further statement on numbers counts that this node signs. */
  #spent: Office['ledger'] | undefined;

  constructor(parts: NumberKeeperParts) {
    this.#parts = parts;
    this.#stop = parts.session.events.on('changed', () => this.#look());
  }

  close(): void {
    this.#stop();
  }

  #look(): void {
    const ledger = this.#parts.session.office?.ledger;
    const person = ledger?.self?.person;
    if (!ledger || person === undefined || this.#isSigning) return;
    const extension = ledger.extensionOf(person);
    if (extension === undefined) {
      if (ledger.standing !== this.#tried && ledger !== this.#spent) void this.#take(ledger, person);
      return;
    }
    if (this.#last?.ledger === ledger && this.#last.extension === extension) return;
    this.#last = { ledger, extension };
    this.#parts.trouble(undefined);
  }

  async #take(ledger: Office['ledger'], person: NodeId): Promise<void> {
    const lost = this.#last?.ledger === ledger ? this.#last.extension : undefined;
    let chosen: string | undefined;
    this.#isSigning = true;
    try {
      await ledger.carryOut((plain) => this.#choose(ledger, plain, person, (number) => (chosen = number)));
    } catch (error) {
      chosen = undefined;
      this.#parts.log(`A number could not be taken: ${String(error)}`);
    } finally {
      this.#isSigning = false;
      this.#tried = ledger.standing;
    }
    if (this.#parts.session.office?.ledger !== ledger) return;
    const extension = ledger.extensionOf(person);
    if (extension === undefined) {
      if (chosen === undefined || isCounted(ledger, chosen)) return;
      this.#spent = ledger;
      this.#parts.trouble(textOfError(numbersSpent()));
      return;
    }
    this.#last = { ledger, extension };
    this.#parts.trouble(lost === undefined ? undefined : this.#lostText(ledger, person, lost, extension));
  }

  /**
   * The number is chosen only when this node may sign: by then the ledger may have given one, or may have given this one away.
   */
  *#choose(
    ledger: Office['ledger'],
    plain: Ledger,
    person: NodeId,
    tell: (extension: string) => void,
  ): StatementSequence {
    const { identity, session } = this.#parts;
    if (ledger.self?.person !== person || ledger.extensionOf(person) !== undefined) return;
    const extension = session.roster.directory.nextFree();
    tell(extension);
    yield signRule(identity, plain, 'number', { person, extension });
  }

  #lostText(ledger: Office['ledger'], person: NodeId, lost: string, now: string): LocalizedText | undefined {
    const holder = holderOf(this.#parts.session, ledger, lost);
    if (!holder || holder.person === person) return undefined;
    const { name } = holder;
    return localizedText(
      'extension-lost',
      `Extension ${lost} belongs to ${name ?? 'a colleague'} now. Yours is ${now}; you can choose another in the settings.`,
      { extension: lost, holder: name, now },
    );
  }
}

/**
 * Whether anybody has the number that was just signed for: the statement counts, for this person, for a colleague or for a group.
 */
export function isCounted(ledger: Office['ledger'], extension: string): boolean {
  const { extensions, groupNumbers } = ledger.plain.standing;
  return extensions.has(extension) || groupNumbers.has(extension);
}

/** Only so many statements on numbers count that one computer signed. */
export function numbersSpent(): CorridorError {
  return new CorridorError(
    'numbers-spent',
    'This computer has chosen a number 64 times, and the office counts no more. Choose your number at another computer of yours.',
  );
}
