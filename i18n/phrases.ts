import type { GroupPhrases } from './group-phrases.ts';
import type { HealthPhrases } from './health-phrases.ts';
import type { JoiningPhrases } from './joining-phrases.ts';
import type { None } from './none.ts';
import type { SpeechPhrases } from './speech-phrases.ts';

type Device = 'microphone' | 'speaker';
/** Something at a place in the network, as `192.168.1.20:47021`. */
interface At {
  readonly place: string;
}
interface Because {
  /** The system's own error text. */
  readonly why: string;
}
interface InFile {
  readonly path: string;
}

/** A text of a row of the dial plan. `code`: what the row has in this office; empty in the explanation. */
interface PlanPart {
  readonly part: 'pattern' | 'explanation';
  readonly code: string;
}

type PlanCode = Extract<keyof Phrases, `plan-${string}`>;

interface DiskFault {
  readonly fault: 'full' | 'read-only' | 'other';
  /** In the system's words; null where `fault` says it. */
  readonly why: string | null;
}

/**
 * Every sentence for a person besides the strings of the panel and the tray: its code, and the details in it. A phrase is
 * plain data: JSON does not change it. The code that makes a sentence writes it in English; a language makes its own
 * sentence from the code and the details.
 */
export interface Phrases extends GroupPhrases, HealthPhrases, JoiningPhrases, SpeechPhrases, DesktopPhrases {
  /** An unexpected error, with its own text. */
  failed: Because;
  'bad-arguments': Because;

  // ---- offices and oneself
  'extension-taken': {
    readonly extension: string;
    readonly holder: string | null;
    readonly free: string;
  };
  /** `mailbox`, which is how its mailbox would be dialled, does something else. */
  'extension-reserved': { readonly extension: string; readonly mailbox: string; readonly free: string };
  /** The own extension turned out to be somebody else's; `now`: the one that was taken instead. */
  'extension-lost': { readonly extension: string; readonly holder: string | null; readonly now: string };
  'numbers-spent': None;
  /** The number of a key, or the one chosen last, changed hands. Names; null: not known. `again`: another press talks to them. */
  'number-moved': {
    readonly extension: string;
    readonly was: string | null;
    readonly now: string | null;
    readonly again: boolean;
  };
  'not-admitting': None;
  /** This member, who is no admin, has admitted as many people as one may. */
  'let-in-most': None;
  'no-such-invitation': None;
  'ledger-damaged': InFile;
  'statement-not-saved': Because;
  'statement-partly-saved': Because;
  'no-office': None;
  'not-set-up': None;
  'no-name': None;
  'time-past': None;
  'no-person': None;
  'key-taken': {
    readonly key: string;
    readonly use:
      | 'talkKey'
      | 'replyKey'
      | 'pageKey'
      | 'playNextKey'
      | 'answerKey'
      | 'laterKey'
      | 'personKeys'
      | 'presetKeys';
    /** Whose key it is, where it is a person's; the place of the sentence, where it is a sentence's. */
    readonly person: string | null;
  };

  /** The dial codes of an office: `row` has `code`, or would have it. */
  'code-none': { readonly name: string };
  'code-malformed': { readonly code: string };
  'code-collides': {
    readonly row: PlanCode;
    readonly code: string;
    readonly other: PlanCode;
    readonly otherCode: string;
  };
  /** `mailbox`: how the mailbox of `extension` is dialled. `holder`: a name; null: not known. */
  'code-hides': {
    readonly mailbox: string;
    readonly holder: string | null;
    readonly extension: string;
    readonly row: PlanCode;
    readonly code: string;
  };

  // ---- what a dialled string does
  'dial-empty': None;
  'dial-unknown': None;
  'dial-nobody': { readonly extension: string };
  'dial-no-message': { readonly number: string };
  /** `dialled` plays message `number`, and somebody talks or forwards to it. */
  'dial-not-talked-to': { readonly dialled: string; readonly number: string };
  'dial-person': {
    readonly name: string;
    readonly extension: string;
    readonly presence: 'available' | 'busy' | 'dnd' | 'away' | 'offline';
  };
  'dial-spoken': {
    readonly number: string;
    readonly direction: 'in' | 'out';
    readonly name: string;
    readonly extension: string;
    /** The day as `2026-03-09`, null: today; and the time as `10:42`; by the node's own clock. */
    readonly day: string | null;
    readonly time: string;
    /** null: it was typed, and is read out. */
    readonly seconds: number | null;
    readonly live: boolean;
  };
  /** `names`: each with the extension in brackets, commas between them. */
  'dial-people': { readonly names: string };
  'dial-too-many': { readonly most: number; readonly count: number };
  'call-one-person': None;
  'page-takes-people': None;
  'dial-page': { readonly count: number };
  'dial-page-group': { readonly name: string; readonly extension: string; readonly count: number };
  /** `dialled` pages, and somebody forwards to it. */
  'dial-only-pages': { readonly dialled: string };
  'nobody-to-page': None;
  'page-unheard': None;
  'page-not-urgent': None;
  /** `count`: of everybody in the office; null: it is for `names`. */
  'urgent-unconfirmed': { readonly names: string | null; readonly count: number | null };
  'page-too-many': { readonly most: number; readonly count: number };
  'dial-mailbox': { readonly name: string; readonly extension: string };
  'dial-last-words': None;
  'dial-pick-up': None;
  'dial-override': { readonly name: string; readonly extension: string };
  'may-not-override': None;
  'dial-type': { readonly name: string; readonly extension: string };
  'dial-call': { readonly name: string; readonly extension: string };
  'dial-unheard': { readonly count: number };
  'dial-do-not-disturb': { readonly isOn: boolean };
  /** `from` has a divert to the person of that name. */
  'dial-diverted': {
    readonly from: string;
    readonly fromExtension: string;
    readonly name: string;
    readonly extension: string;
    readonly presence: 'available' | 'busy' | 'dnd' | 'away' | 'offline';
  };
  /** `to`: the name and the extension in brackets; null: the divert ends. */
  'dial-divert': { readonly to: string | null };
  /** `dialled` does something else than reach a person, and somebody talks or forwards to it. */
  'dial-no-person': { readonly dialled: string };
  yourself: { readonly extension: string };
  /** The rows of the dial plan: how it is dialled, and what that does. */
  'plan-call': PlanPart;
  'plan-type': PlanPart;
  'plan-several': PlanPart;
  'plan-unheard': PlanPart;
  'plan-everybody': PlanPart;
  'plan-last-talker': PlanPart;
  'plan-last-words': PlanPart;
  'plan-pick-up': PlanPart;
  'plan-again': PlanPart;
  'plan-undisturbed': PlanPart;
  'plan-disturbed': PlanPart;
  'plan-undivert': PlanPart;
  'plan-divert': PlanPart;
  'plan-message-by-code': PlanPart;
  'plan-override': PlanPart;
  'plan-mailbox': PlanPart;
  'plan-message': PlanPart;
  'plan-extension': PlanPart;
  'plan-bare-message': PlanPart;

  // ---- talking
  /** Asks whether to talk although that person does not want to be disturbed. */
  'override-unconfirmed': { readonly name: string; readonly extension: string };
  'already-talking': None;
  'already-released': None;
  talking: None;
  'still-talking': None;
  'talk-cut': None;
  'talk-nobody-left': None;
  'page-nothing-recorded': None;
  'talk-clicked': None;
  'talk-silent': None;
  'page-recording-cut': None;
  /** `isForged`: somebody forged fragments; otherwise the talker's computer signs no hashes any more. */
  'voice-cut-short': { readonly name: string; readonly isForged: boolean };
  'nobody-chosen': None;
  'nobody-spoke': None;
  'talker-unknown': { readonly extension: string | null };
  'own-message': { readonly extension: string };

  // ---- calls
  'call-unreachable': { readonly name: string };
  'call-too-old': { readonly name: string };
  'call-cannot-transfer': { readonly name: string };
  'call-cannot-join': { readonly name: string };
  'call-of-several': None;
  'call-is-full': { readonly most: number };
  'call-cannot-record': { readonly name: string };
  'call-is-recorded': None;
  'no-recording': None;
  'call-not-recorded': None;
  'call-is-held': None;
  'recording-not-begun': DiskFault;
  'recording-cut-short': DiskFault;
  'recording-held': None;
  'recording-untold': { readonly name: string };
  'transfer-to-same': None;
  'pick-up-nobody': None;
  'pick-up-nothing': None;
  'no-call': None;
  'no-such-call': None;
  'bad-call-key': None;

  // ---- messages
  'nothing-unheard': None;
  'nothing-heard': None;
  /** The key of a message is at another computer: of `talker`, or, if null, of this person. */
  'key-wanted': { readonly talker: string | null };
  'key-not-here': None;
  /** `which`: what was asked for; null: it was here before. */
  'no-message': { readonly which: string | null };
  'not-complete': { readonly wish: 'export' | 'forward' };
  'not-forwarded': None;
  'cannot-render': None;
  'no-message-key': None;
  'bad-message-key': None;
  'bad-hpke-key': None;
  'bad-message-id': None;
  'message-deleted': None;
  /** The disk refused to note that a message is deleted, or is not any more. */
  'deletion-not-saved': { readonly wish: 'delete' | 'restore' };
  'unknown-message': None;
  'wrong-manifest': None;

  // ---- sound
  'no-microphone': None;
  'no-speaker': None;
  'microphone-silent': None;
  'no-encoder': None;
  /** `device` null: there is none at all. */
  'device-missing': { readonly kind: Device; readonly device: string | null };
  'device-not-opened': { readonly kind: Device; readonly device: string | null; readonly why: string };
  'device-lost': { readonly kind: Device; readonly device: string | null };
  'sound-unusable': Because;
  'sound-file-refused': InFile & Because;
  'sound-starting': None;
  'sound-stopped': None;
  'sound-down': None;
  'sound-restarting': None;
  'sound-restarted': None;
  'call-echo-failed': Because;
  'call-noise-failed': Because;
  'media-open-failed': { readonly where: string; readonly why: string };
  'media-not-started': None;

  // ---- the network
  'no-network': None;
  'network-unusable': None;
  'no-multicast': Because;
  'no-such-interface': { readonly wanted: string; readonly choices: string };
  'interface-gone': { readonly wanted: string; readonly choices: string };
  'bad-address': {
    readonly fault: 'empty' | 'too-long' | 'no-address' | 'no-host' | 'bad-port';
    readonly given: string;
  };
  'too-many-addresses': { readonly most: number };
  'control-address': { readonly address: string; readonly port: number | null };
  'control-timeout': At;
  'control-lost': At;
  'own-address': At;
  'wrong-node': At;
  'wrong-office': At;
  unreachable: At;
  'not-corridor': At;
  /** How far this computer's clock is from the office's. */
  'clock-wrong': {
    readonly amount: number;
    readonly unit: 'minutes' | 'hours' | 'days' | 'years';
    readonly isAhead: boolean;
  };
  /** `name` null: of somebody who is not known yet. */
  'no-common-protocol': { readonly name: string | null; readonly kind: 'newer' | 'older' };

  // ---- files
  'identity-damaged': InFile;
  'office-damaged': InFile;
  /** Nothing of the file could be read. */
  'damaged-settings': InFile;
  /** `names`: the settings that have their defaults now. */
  'settings-reset': InFile & { readonly names: string };
  /** A later version wrote the file: what is known of it is in use. */
  'settings-newer': InFile;
  /** The file's checksum is wrong: what could be read is in use. */
  'settings-changed': InFile;
  /** A change was refused, since it could not be written. */
  'settings-not-saved': DiskFault;
  /** A change is in use, and not written yet. */
  'settings-unsaved': DiskFault;
  'addresses-damaged': InFile;
  'directory-damaged': InFile;
  /** Any other file of the profile folder, which is gone on without. */
  'file-damaged': InFile;
  'file-newer': InFile;
  'index-remade': InFile & { readonly isNewer: boolean };
  'store-disk-full': None;
  'store-read-only': None;
  'store-io': Because;
  'store-memory-full': None;
  'already-running': { readonly profile: string };
  'socket-refused': InFile & { readonly why: string | null };
}

/** The sentences of the desktop around the node. */
interface DesktopPhrases {
  'keys-unseen': { readonly why: NoKeys };
  'keys-toggle': { readonly why: NoKeys; readonly keys: readonly string[] };
  'keys-unknown': { readonly keys: readonly string[] };
  'key-conflict': {
    /** Keys that are chosen for two things. */
    readonly twice: readonly string[];
    /** Another program acts on them as well. */
    readonly shared: readonly string[];
    /** Another program has them, and they do nothing here. */
    readonly taken: readonly string[];
  };
  'panel-loaded': None;
  'panel-gave-up': None;
  'login-failed': Because;
}

/** Why a key that is held cannot be seen. */
export type NoKeys = 'wayland' | 'no-display' | 'accessibility' | 'refused';

export type Code = keyof Phrases;
export type DesktopCode = keyof DesktopPhrases;
/** A sentence as data, in no language yet. */
export type Phrase = { [C in Code]: { readonly code: C; readonly details: Phrases[C] } }[Code];

/** A sentence for a person. */
export interface LocalizedText {
  /** The sentence in English. */
  readonly sentence: string;
  readonly phrase: Phrase;
}

/** Every phrase in one language. */
export type Translations = { readonly [C in Code]: (details: Phrases[C]) => string };
