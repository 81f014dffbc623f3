import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { ExtensionChoice } from './extension-choice.ts';
import type { Schedule } from '../model/index.ts';
import type { OwnRecord } from './own-record.ts';
import type { Roster } from './roster.ts';

export interface OwnExtensionParts {
  readonly roster: Roster;
  readonly record: OwnRecord;
  /** Sends the own record to the others, signed anew. */
  readonly describe: () => void;
  /** Somebody else had the extension first; undefined: it is this person's. */
  readonly taken: (text: LocalizedText | undefined) => void;
  readonly schedule: Schedule;
}

/** The number that reaches this person: found where they chose none, and reported where it belongs to somebody else. */
export class OwnExtension {
  readonly #parts: OwnExtensionParts;
  readonly #choice: ExtensionChoice;

  constructor(parts: OwnExtensionParts) {
    const { roster, record, describe, schedule } = parts;
    this.#parts = parts;
    this.#choice = new ExtensionChoice({
      isYielding: () => record.isYielding,
      isMet: () => roster.othersOnline.length > 0,
      isTaken: () => roster.directory.takenBy(roster.self) !== undefined,
      takeNext: () => {
        record.yieldExtension();
        describe();
      },
      claim: () => {
        record.claimExtension();
        describe();
      },
      schedule,
    });
  }

  /** Who is there, or what is known of them, has changed. */
  changed(): void {
    const { roster, record, taken } = this.#parts;
    this.#choice.changed();
    const holder = record.isYielding ? undefined : roster.directory.takenBy(roster.self);
    const by = holder && roster.directory.get(holder);
    taken(
      by &&
        localizedText(
          'extension-lost',
          `Extension ${by.extension} belongs to ${by.name} already, and reaches only ${by.name}. Choose another number for yourself in the settings.`,
          { extension: by.extension, holder: by.name },
        ),
    );
  }

  /** Resolves when it is free as far as is known, or was chosen; at the latest after this time, ms. */
  found(withinMs: number): Promise<void> {
    return this.#choice.found(withinMs);
  }

  close(): void {
    this.#choice.close();
  }
}
