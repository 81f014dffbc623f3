import type { None } from './none.ts';

type Device = 'microphone' | 'speaker';

/** The health page's results, and its advice. */
export interface HealthPhrases {
  'health-device': {
    readonly kind: Device;
    readonly device: string | null;
    readonly state: 'running' | 'opening' | 'idle';
  };
  'health-no-device': { readonly kind: Device };
  'health-no-address': None;
  'health-loss': { readonly name: string; readonly percent: number };
  'health-slow': { readonly name: string; readonly milliseconds: number };
  /** null: in no office yet. */
  'health-network': { readonly address: string | null };
  'health-multicast': { readonly inOffice: boolean };
  'health-no-office': None;
  'health-no-switch': None;
  /** `standby`: whose computer would take over. */
  'health-is-switch': { readonly standby: string | null };
  'health-switch-lost': { readonly name: string };
  /** `standby`: this computer would take over. */
  'health-switch': { readonly name: string; readonly standby: boolean };
  /** `isCompared`: there is a switch to compare with. */
  'health-colleagues': { readonly isCompared: boolean };
  /** `name`: whose computer is the switch. */
  'health-colleagues-differ': { readonly name: string; readonly seconds: number };
  /** `isCompared`: with the clocks of enough colleagues. */
  'health-clock': { readonly isCompared: boolean };
  'health-load': None;
  'health-too-much': { readonly name: string; readonly count: number };
  'health-voices': None;
  /** `sentBy`: whose computer sent them; null: nobody knows. */
  'health-forged': { readonly name: string; readonly count: number; readonly sentBy: string | null };
  'health-copied': None;
  'health-waiting': None;
  /** `day`: from which on nothing waits any longer, as `2026-03-09`. */
  'health-ending': { readonly messages: number; readonly names: string; readonly day: string };
  'health-not-copied': { readonly messages: number };
  'health-room': None;
  /** `name` null: this computer. */
  'health-full': {
    readonly name: string | null;
    readonly isSwitch: boolean;
    readonly others: number;
    readonly hasRoomElsewhere: boolean;
  };
  'health-little-space': { readonly bytes: number };
  'health-storage': { readonly bytes: number | null };
  'health-extension': { readonly extension: string | null };
  /** `statements`: null: in no office yet; `most`: how many are read quickly. */
  'health-ledger': { readonly statements: number | null; readonly most: number };
  'health-ledger-large': { readonly statements: number; readonly most: number };
  /** `dropped`: how much of it, in messages and notices. */
  'health-sound-program': None;
  'health-faults': { readonly faults: number };

  'next-call-sound': None;
  'next-device': { readonly kind: Device };
  'next-network': None;
  'next-loss': None;
  'next-slow': None;
  'next-multicast': None;
  'next-office': None;
  'next-no-switch': None;
  'next-switch-lost': { readonly name: string };
  'next-colleagues': None;
  'next-clock': None;
  'next-load': { readonly name: string };
  'next-forged': { readonly sentBy: string | null };
  'next-ending': { readonly names: string };
  'next-copies': { readonly hasColleagues: boolean };
  'next-storage': None;
  'next-room': { readonly name: string };
  'next-ledger': { readonly isAdmin: boolean };
  'next-faults': None;
}
