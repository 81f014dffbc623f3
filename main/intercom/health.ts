import type { Check, Health, NodeHealth, SoundStatus, Status } from '../../preload/api.ts';

/** From here on speech is torn more than concealment can mend; and a conversation feels slow. */
const MUCH_LOSS = 0.1;
const SLOW_MS = 150;
/** Below this a disk is as good as full. */
const FEW_BYTES = 500 * 2 ** 20;

export interface HealthFacts {
  readonly state: Status['state'];
  readonly role: Status['role'];
  readonly switch: Health['switch'];
  readonly standby: Health['standby'];
  /** Whether the control connection to the switch is up. */
  readonly switchLinked: boolean;
  readonly nodes: readonly NodeHealth[];
  readonly microphone: SoundStatus;
  readonly speaker: SoundStatus;
  /** What the last talk found wrong with the microphone; null: nothing. */
  readonly microphoneTrouble: string | null;
  /** This computer's address in the office; null where it has none. */
  readonly address: string | null;
  /** What is wrong with each, in a sentence; null: nothing is known to be. */
  readonly networkTrouble: string | null;
  readonly multicastTrouble: string | null;
  readonly storageTrouble: string | null;
  /** Messages that were spoken here a while ago, and that are neither on two other computers nor with all they are for. */
  readonly unsafe: number;
  readonly freeBytes: number | null;
  /** The own extension, and the name of who claimed it earlier. */
  readonly extension: string | null;
  readonly extensionHolder: string | null;
  readonly freeExtension: string;
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
      copies(facts),
      storage(facts),
      extension(facts),
    ],
  };
}

const fine = (code: Check['code'], sentence: string): Check => ({ code, ok: true, sentence, next: null });
const fails = (code: Check['code'], sentence: string, next: string): Check => ({
  code,
  ok: false,
  sentence,
  next,
});

function microphone({ microphone: { state, device, sentence }, microphoneTrouble }: HealthFacts): Check {
  const name = device ?? 'The system’s microphone';
  if (state === 'running') return fine('microphone', `${name} is open and gives sound.`);
  if (state === 'opening') return fine('microphone', `${name} is being opened.`);
  if (state === 'idle' && microphoneTrouble === null)
    return fine('microphone', `${name} is opened when you talk.`);
  return fails(
    'microphone',
    sentence ?? microphoneTrouble ?? 'There is no microphone.',
    'Plug one in, or choose another in the settings under Sound; then say something and hear it back.',
  );
}

function speaker({ speaker: { state, device, sentence } }: HealthFacts): Check {
  const name = device ?? 'The system’s loudspeaker';
  switch (state) {
    case 'running':
      return fine('speaker', `${name} is open.`);
    case 'opening':
      return fine('speaker', `${name} is being opened.`);
    case 'idle':
      return fine('speaker', `${name} is opened when somebody talks.`);
    case 'missing':
    case 'failed':
      return fails(
        'speaker',
        sentence ?? 'There is no loudspeaker.',
        'Plug one in, or choose another in the settings under Sound. Until then you are notified of messages instead of hearing them.',
      );
  }
}

function network({ state, address, networkTrouble, nodes }: HealthFacts): Check {
  if (networkTrouble !== null || (address === null && state === 'running')) {
    return fails(
      'network',
      networkTrouble ?? 'This computer has no address in the office’s network.',
      'Plug in the cable or join the wireless network; Corridor goes on by itself.',
    );
  }
  const bad = nodes.find(({ loss }) => loss !== null && loss >= MUCH_LOSS);
  if (bad) {
    return fails(
      'network',
      `Of what goes between here and ${bad.name}’s computer, ${Math.round((bad.loss ?? 0) * 100)} % is lost. Stored messages are whole all the same.`,
      'Use a cable instead of the wireless network, or go nearer to its access point.',
    );
  }
  const slow = nodes.find(({ latencyMs }) => latencyMs !== null && latencyMs >= SLOW_MS);
  if (slow) {
    return fails(
      'network',
      `${slow.name}’s computer answers only after ${Math.round(slow.latencyMs ?? 0)} ms: speech comes late.`,
      'See whether a large download or a weak wireless signal slows the network down.',
    );
  }
  return fine(
    'network',
    address === null
      ? 'The network is looked at once you are in an office.'
      : `This computer is at ${address}.`,
  );
}

function multicast({ state, multicastTrouble }: HealthFacts): Check {
  if (multicastTrouble !== null) {
    return fails(
      'multicast',
      multicastTrouble,
      'Give the address of one colleague’s computer in the settings under Office: the others are found through it.',
    );
  }
  return fine(
    'multicast',
    state === 'setup'
      ? 'Colleagues are looked for once you are in an office.'
      : 'Colleagues’ computers are found by themselves (DNS-SD).',
  );
}

function theSwitch({ state, role, switch: leader, standby, switchLinked }: HealthFacts): Check {
  if (state === 'setup' || role === 'none') {
    return fails(
      'switch',
      'This computer is in no office yet.',
      'Create an office, or join one with a colleague’s link.',
    );
  }
  if (!leader) {
    return fails(
      'switch',
      'No computer is the switch at this moment; talking works all the same.',
      'Wait a few seconds: one is elected. If that does not happen, see whether a firewall blocks Corridor (TCP and UDP 47021).',
    );
  }
  if (leader.self) {
    const then = standby
      ? `${standby.name}’s computer would take over.`
      : 'There is no other that could take over.';
    return fine('switch', `This computer is the switch. ${then}`);
  }
  if (!switchLinked) {
    return fails(
      'switch',
      `${leader.name}’s computer is the switch, but there is no connection to it. Talking works all the same; stored messages wait.`,
      `If this stays, see whether a firewall here or on ${leader.name}’s computer blocks Corridor (TCP 47021).`,
    );
  }
  const then = standby?.self ? ' This one would take over.' : '';
  return fine('switch', `${leader.name}’s computer is the switch, and this one is connected to it.${then}`);
}

function copies({ unsafe, nodes }: HealthFacts): Check {
  if (unsafe === 0) {
    return fine(
      'copies',
      'Everything you said is stored on two other computers, or with everybody it was for.',
    );
  }
  const what = unsafe === 1 ? 'One message of yours is' : `${unsafe} messages of yours are`;
  return fails(
    'copies',
    `${what} neither on two other computers yet nor with everybody it was for.`.replace(
      'everybody it was',
      unsafe === 1 ? 'everybody it was' : 'everybody they were',
    ),
    nodes.some(({ online }) => online)
      ? 'Leave this computer on: they are copied as soon as another colleague’s computer is there.'
      : 'Leave this computer on until a colleague’s computer is there: then they are copied by themselves.',
  );
}

function storage({ storageTrouble, freeBytes }: HealthFacts): Check {
  if (storageTrouble !== null) {
    return fails('storage', storageTrouble, 'Free some disk space, or keep fewer messages in the settings.');
  }
  if (freeBytes !== null && freeBytes < FEW_BYTES) {
    return fails(
      'storage',
      `Only ${megabytes(freeBytes)} are free on the disk that messages are kept on.`,
      'Free some disk space, or keep fewer messages in the settings.',
    );
  }
  return fine(
    'storage',
    freeBytes === null
      ? 'Messages are written to disk without trouble.'
      : `Messages are written to disk without trouble; ${megabytes(freeBytes)} are free.`,
  );
}

function megabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

function extension({ extension: own, extensionHolder, freeExtension }: HealthFacts): Check {
  if (extensionHolder !== null && own !== null) {
    return fails(
      'extension',
      `Extension ${own} belongs to ${extensionHolder} already, and reaches only ${extensionHolder}.`,
      `Choose another number for yourself in the settings: ${freeExtension} is free.`,
    );
  }
  return fine(
    'extension',
    own === null ? 'You choose your extension when you join an office.' : `Extension ${own} reaches you.`,
  );
}
