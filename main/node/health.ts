import type { Check, Health, NodeHealth, Status } from '../../preload/api.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { program, type BehaviourFacts } from './health-behaviour.ts';
import { fails, fine } from './health-check.ts';
import { clock, type ClockFacts } from './health-clock.ts';
import { colleagues, type ColleaguesFacts } from './health-colleagues.ts';
import { room, type RoomFacts } from './health-room.ts';
import { microphone, speaker, type SoundFacts } from './health-sound.ts';
import { voices, type VoicesFacts } from './health-voices.ts';
import { waiting, type WaitingFacts } from './health-waiting.ts';
import { ledger, type LedgerFacts } from './large-ledger.ts';

/** Beyond the first, more of the speech is lost than concealment can mend; beyond the second, a conversation feels slow. */
const MUCH_LOSS = 0.1;
const SLOW_MS = 150;
/** Below this a disk is as good as full. */
const FEW_BYTES = 500 * 2 ** 20;

export interface HealthFacts
  extends
    SoundFacts,
    BehaviourFacts,
    ClockFacts,
    ColleaguesFacts,
    LedgerFacts,
    RoomFacts,
    VoicesFacts,
    WaitingFacts {
  readonly state: Status['state'];
  readonly role: Status['role'];
  readonly standby: Health['standby'];
  /** Whether the control connection to the switch is up. */
  readonly switchLinked: boolean;
  readonly nodes: readonly NodeHealth[];
  /** This computer's address in the office; null where it has none. */
  readonly address: string | null;
  /** What is wrong with each, as a sentence; null: nothing is known to be wrong. */
  readonly networkTrouble: LocalizedText | null;
  readonly multicastTrouble: LocalizedText | null;
  readonly storageTrouble: LocalizedText | null;
  /**
   * The people whose computers sent more than this one takes, the worst first, and how many of their frames waited or were left
   * out.
   */
  readonly tooMuch: readonly { readonly name: string; readonly count: number }[];
  /**
   * How many messages of this person are a while old, are not on two other computers, and have not reached all their recipients.
   */
  readonly unsafe: number;
  readonly freeBytes: number | null;
  /** The own extension. */
  readonly extension: string | null;
}

/** What the health page shows. Pure: every sentence follows from the facts. */
export function healthOf(facts: HealthFacts): Health {
  return {
    switch: facts.switch,
    standby: facts.standby,
    nodes: facts.nodes,
    checks: [
      microphone(facts),
      speaker(facts),
      network(facts),
      multicast(facts),
      theSwitch(facts),
      colleagues(facts),
      clock(facts),
      load(facts),
      voices(facts),
      copies(facts),
      waiting(facts),
      storage(facts),
      room(facts),
      extension(facts),
      ledger(facts),
      program(facts),
    ],
  };
}

function network({ state, address, networkTrouble, nodes }: HealthFacts): Check {
  if (networkTrouble !== null || (address === null && state === 'running')) {
    return fails(
      'network',
      networkTrouble ??
        localizedText('health-no-address', 'This computer has no address in the office’s network.'),
      localizedText(
        'next-network',
        'Plug in the cable or join the wireless network; Corridor goes on by itself.',
      ),
    );
  }
  const bad = nodes.find(({ loss }) => loss !== null && loss >= MUCH_LOSS);
  if (bad) {
    const { name } = bad;
    const percent = Math.round((bad.loss ?? 0) * 100);
    const sentence = `Of what goes between here and ${name}’s computer, ${percent} % is lost. Stored messages are whole all the same.`;
    return fails(
      'network',
      localizedText('health-loss', sentence, { name, percent }),
      localizedText(
        'next-loss',
        'Use a cable instead of the wireless network, or go nearer to its access point.',
      ),
    );
  }
  const slow = nodes.find(({ latencyMs }) => latencyMs !== null && latencyMs >= SLOW_MS);
  if (slow) {
    const { name } = slow;
    const milliseconds = Math.round(slow.latencyMs ?? 0);
    const sentence = `${name}’s computer answers only after ${milliseconds} ms: speech comes late.`;
    return fails(
      'network',
      localizedText('health-slow', sentence, { name, milliseconds }),
      localizedText(
        'next-slow',
        'See whether a large download or a weak wireless signal slows the network down.',
      ),
    );
  }
  const sentence =
    address === null
      ? 'The network is looked at once you are in an office.'
      : `This computer is at ${address}.`;
  return fine('network', localizedText('health-network', sentence, { address }));
}

function multicast({ state, multicastTrouble }: HealthFacts): Check {
  if (multicastTrouble !== null) {
    return fails(
      'multicast',
      multicastTrouble,
      localizedText(
        'next-multicast',
        'Give the address of one colleague’s computer in the settings under Office: the others are found through it.',
      ),
    );
  }
  const inOffice = state === 'running';
  const sentence = inOffice
    ? 'Colleagues’ computers are found by themselves (DNS-SD).'
    : 'Colleagues are looked for once you are in an office.';
  return fine('multicast', localizedText('health-multicast', sentence, { inOffice }));
}

function theSwitch({ state, role, switch: leader, standby, switchLinked }: HealthFacts): Check {
  if (state === 'setup' || role === 'none') {
    return fails(
      'switch',
      localizedText('health-no-office', 'This computer is in no office yet.'),
      localizedText('next-office', 'Create an office, or join one with a colleague’s link.'),
    );
  }
  if (!leader) {
    return fails(
      'switch',
      localizedText(
        'health-no-switch',
        'No computer is the switch at this moment; talking works all the same.',
      ),
      localizedText(
        'next-no-switch',
        'Wait a few seconds: one is elected. If that does not happen, see whether a firewall blocks Corridor (TCP and UDP 47021).',
      ),
    );
  }
  if (leader.self) {
    const then = standby
      ? `${standby.name}’s computer would take over.`
      : 'There is no other that could take over.';
    const details = { standby: standby?.name ?? null };
    return fine('switch', localizedText('health-is-switch', `This computer is the switch. ${then}`, details));
  }
  const { name } = leader;
  if (!switchLinked) {
    return fails(
      'switch',
      localizedText(
        'health-switch-lost',
        `${name}’s computer is the switch, but there is no connection to it. Talking works all the same; stored messages wait.`,
        { name },
      ),
      localizedText(
        'next-switch-lost',
        `If this stays, see whether a firewall here or on ${name}’s computer blocks Corridor (TCP 47021).`,
        { name },
      ),
    );
  }
  const then = standby?.self ? ' This one would take over.' : '';
  const sentence = `${name}’s computer is the switch, and this one is connected to it.${then}`;
  return fine('switch', localizedText('health-switch', sentence, { name, standby: standby?.self ?? false }));
}

function load({ tooMuch: [worst] }: HealthFacts): Check {
  if (!worst) {
    return fine('load', localizedText('health-load', 'No computer sends more than this one takes.'));
  }
  const { name, count } = worst;
  const sentence = `${name}’s computer sends more than this one takes: ${count} of its requests had to wait, or were left out.`;
  return fails(
    'load',
    localizedText('health-too-much', sentence, { name, count }),
    localizedText('next-load', `If this stays, start Corridor again on ${name}’s computer.`, {
      name,
    }),
  );
}

function copies({ unsafe, nodes }: HealthFacts): Check {
  if (unsafe === 0) {
    return fine(
      'copies',
      localizedText(
        'health-copied',
        'Everything you said is stored on two other computers, or with everybody it was for.',
      ),
    );
  }
  const sentence =
    unsafe === 1
      ? 'One message of yours is neither on two other computers yet nor with everybody it was for.'
      : `${unsafe} messages of yours are neither on two other computers yet nor with everybody they were for.`;
  const hasColleagues = nodes.some(({ online }) => online);
  const next = hasColleagues
    ? 'Leave this computer on: they are copied as soon as another colleague’s computer is there.'
    : 'Leave this computer on until a colleague’s computer is there: then they are copied by themselves.';
  return fails(
    'copies',
    localizedText('health-not-copied', sentence, { messages: unsafe }),
    localizedText('next-copies', next, { hasColleagues }),
  );
}

function storage({ storageTrouble, freeBytes }: HealthFacts): Check {
  const next = localizedText('next-storage', 'Free some disk space, or keep fewer messages in the settings.');
  if (storageTrouble !== null) return fails('storage', storageTrouble, next);
  if (freeBytes !== null && freeBytes < FEW_BYTES) {
    const sentence = `Only ${megabytes(freeBytes)} are free on the disk that messages are kept on.`;
    return fails('storage', localizedText('health-little-space', sentence, { bytes: freeBytes }), next);
  }
  const sentence =
    freeBytes === null
      ? 'Messages are written to disk without trouble.'
      : `Messages are written to disk without trouble; ${megabytes(freeBytes)} are free.`;
  return fine('storage', localizedText('health-storage', sentence, { bytes: freeBytes }));
}

function megabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

function extension({ extension: number }: HealthFacts): Check {
  const sentence =
    number === null
      ? 'You choose your extension when you join an office.'
      : `Extension ${number} reaches you.`;
  return fine('extension', localizedText('health-extension', sentence, { extension: number }));
}
