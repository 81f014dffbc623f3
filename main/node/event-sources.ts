import type { Calls } from '../calls/index.ts';
import type { Messages } from '../messages/index.ts';
import type { MediaWorker } from '../media/index.ts';
import type { Clock } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { AutoAnswers } from './auto-answers.ts';
import type { BeingSpoken } from './being-spoken.ts';
import type { CallRecordings } from './call-recordings.ts';
import type { EventPublisher } from './event-publisher.ts';
import type { Flashes } from './flashes.ts';
import type { NodeViews } from './node-views.ts';
import type { MissedCalls } from './missed-calls.ts';
import { shareSeenCalls } from './seen-calls.ts';
import type { ForgedVoices } from './forged-voices.ts';
import type { Introductions } from './introductions.ts';
import type { PersonSound } from './person-sound.ts';
import type { Overruns } from './overruns.ts';
import type { Captioning } from './captioning.ts';
import type { Transcribing } from './transcribing.ts';
import type { Troubles } from './troubles.ts';
import { playbackStatus } from './views.ts';

interface EventSources {
  readonly messages: Messages;
  readonly calls: Calls;
  readonly introductions: Introductions;
  readonly missed: MissedCalls;
  readonly session: OfficeSession;
  readonly media: MediaWorker;
  readonly troubles: Troubles;
  readonly overruns: Overruns;
  readonly forged: ForgedVoices;
  readonly personSound: PersonSound;
  readonly autoAnswers: AutoAnswers;
  readonly recordings: CallRecordings;
  readonly flashes: Flashes;
  readonly transcribing: Transcribing;
  readonly captioning: Captioning;
  readonly spoken: BeingSpoken;
  readonly views: NodeViews;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Publishes what happens in the rooms. Returns the function that ends it. */
export function forwardEvents(sources: EventSources): () => void {
  const { messages, calls, introductions, missed, session, media, troubles, overruns, forged, personSound } =
    sources;
  const { autoAnswers, recordings, flashes, transcribing, captioning, spoken, views, publisher, log } =
    sources;
  const changed = (): void => publisher.changed();
  const { events } = messages;
  const stops = [
    troubles.events.on('changed', changed),
    personSound.events.on('changed', changed),
    autoAnswers.events.on('changed', changed),
    recordings.events.on('changed', changed),
    flashes.events.on('flash', (flash) => publisher.publish({ type: 'flash', flash })),
    session.events.on('changed', changed),
    session.events.on('join-request', ({ node, address }) =>
      publisher.publish({ type: 'join-request', id: node, address }),
    ),
    session.events.on('trouble', ({ code, text }) => troubles.set(code, text)),
    session.events.on('over', ({ node, budget }) => overruns.add(node, budget)),
    messages.events.on('over', ({ node, budget }) => overruns.add(node, budget)),
    events.on('forged', (found) => forged.add(found)),
    events.on('cut-short', (cut) => forged.cutShort(cut)),
    events.on('settled', (id) => forged.settled(id)),
    session.events.on('refused', ({ node, text }) => log(`${node} refuses what this node sent: ${text}`)),
    messages.kept.on('trouble', ({ code, ...text }) => troubles.set(`store-${code}`, text)),
    messages.kept.on('recovered', () => troubles.mended('store-')),

    events.on('changed', changed),
    events.on('message', (id) => publisher.messageChanged(id)),
    events.on('grown', (id) => publisher.messageAlone(id)),
    events.on('opened', (id) => publisher.messageAlone(id)),
    transcribing.events.on('changed', (id) => publisher.messageAlone(id)),
    captioning.events.on('changed', () => publisher.publish({ type: 'caption', caption: views.caption() })),
    spoken.events.on('over', (id) => publisher.messageChanged(id)),
    events.on('notification', (message) => {
      const { name, extension, group, number, startedAt, id, meantFor, page, ...said } =
        views.summary(message);
      const { talker } = message.header.facts;
      const person = session.peers.personOf(talker) ?? talker;
      const told = { id, person, name, extension, group: group?.name ?? null, number };
      const { live, isOverride, words, transcript } = said;
      const typed = { isAlone: words?.isAlone === true, words: words?.text ?? null };
      const how = { isOverride, ...typed, transcript };
      const durationMs = live ? null : said.durationMs;
      publisher.publish({ type: 'notification', ...told, meantFor, page, startedAt, durationMs, ...how });
    }),
    events.on('settled', (id) => publisher.publish({ type: 'notification-done', id })),
    events.on('talk', (talk) => publisher.publish({ type: 'talk', talk: talk ? views.talk() : null })),
    events.on('talk-failed', (text) => troubles.set('microphone', text)),
    events.on('talk-hint', (text) => publisher.publish({ type: 'hint', ...text })),
    events.on('capturing', (id) => publisher.publish({ type: 'capturing', id })),
    events.on('sounding', ({ id, live }) => publisher.publish({ type: 'sounding', id, live })),
    events.on('playback', (playback) =>
      publisher.publish({ type: 'playback', playback: playback ? playbackStatus(playback) : null }),
    ),

    calls.events.on('changed', changed),
    calls.events.on('missed', (person) => missed.add(person)),
    shareSeenCalls(sources),
    calls.events.on('over', ({ node, budget }) => overruns.add(node, budget)),
    introductions.events.on('changed', changed),
    introductions.events.on('over', (node) => overruns.add(node, 'putThroughs')),

    media.on('sound-state', changed),
    media.on('level', ({ microphone, speaker }) => publisher.publish({ type: 'level', microphone, speaker })),
    media.on('sound-test', ({ state, durationMs }) =>
      publisher.publish({ type: 'sound-test', test: { state, durationMs } }),
    ),
    media.on('crashed', () =>
      publisher.publish({ type: 'sound-test', test: { state: 'idle', durationMs: 0 } }),
    ),
    media.on('dropped', ({ reason, total }) =>
      log(`Dropped on the media socket: ${reason} (${total} so far)`),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
