import type { Phrase } from '../i18n/index.ts';

export interface Storage {
  readonly messages: number;
  readonly bytes: number;
  /** How many of these messages are kept for colleagues; they cannot be played here. */
  readonly keptForOthers: number;
  /** The free space on that disk; null where the system does not say. */
  readonly freeBytes: number | null;
  /**
   * For how many days, at most, the office keeps heard messages; null: each computer decides. The smaller one of this and the setting
   * counts.
   */
  readonly officeKeepDays: number | null;
}

export interface Health {
  readonly switch: { readonly id: string; readonly name: string; readonly self: boolean } | null;
  readonly standby: { readonly id: string; readonly name: string; readonly self: boolean } | null;
  readonly nodes: readonly NodeHealth[];
  readonly checks: readonly Check[];
}

export interface NodeHealth {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly online: boolean;
  readonly address: string | null;
  /** Round trip, median of the last beats. */
  readonly latencyMs: number | null;
  /** The share of the last beats that were lost, 0 to 1. */
  readonly loss: number | null;
}

export interface Check {
  readonly code:
    | 'microphone'
    | 'speaker'
    | 'network'
    | 'multicast'
    | 'switch'
    | 'colleagues'
    | 'clock'
    | 'load'
    | 'voices'
    | 'copies'
    | 'waiting'
    | 'storage'
    | 'room'
    | 'extension'
    | 'ledger'
    | 'program';
  readonly ok: boolean;
  /** The result of the check. */
  readonly sentence: string;
  readonly phrase: Phrase;
  /** The advice to the person; null where nothing is to be done. */
  readonly next: string | null;
  readonly nextPhrase: Phrase | null;
}
