import type { CallStatus, MessageSummary, MissedCall, NodeEvent, TalkStatus } from '../../preload/api.ts';
import { lockedText, noticeText, said } from './notice-text.ts';
import type { NoticeText, Notifier, RaisedNotification } from './notifier.ts';
import { electronNotifier } from './notifier.ts';
import { shortened } from './shortened.ts';
import type { Strings } from './strings.ts';
import { ringsText, talkText } from './tray-state.ts';
import { ALL, WaitingNotices, type Notice, type NoticeOutput } from './waiting-notices.ts';

/** Notifications with a sentence are at least this far apart, ms: many at once help nobody. */
const NOTIFY_AGAIN_AFTER_MS = 10_000;
const SENTENCE = 'sentence';
const TALKING = 'talking';
const REQUEST = 'request';
const MOVE = 'move';
const CALL = 'call';
const ON = 'on';
const RECORDED = 'recorded';
const MISSED = 'missed';
const SENT = 'sent';
const HINT = 'hint';

interface NotificationActions {
  readonly strings: () => Strings;
  readonly play: (id: string) => void;
  readonly playAll: () => void;
  /** Begins a talk that answers the message. */
  readonly reply: (id: string) => void;
  readonly stopTalking: () => void;
  /** Shows the panel. */
  readonly open: () => void;
  readonly call: (id: string, action: 'answer' | 'hang-up') => void;
  readonly callPerson: (person: string) => void;
  /** Shows who asks to be let in. */
  readonly showRequests: () => void;
  readonly log: (line: string) => void;
}

/** The actions of a notification: of a click on it, and of each of its buttons. */
interface NotificationHandlers {
  readonly click?: () => void;
  readonly buttons: readonly (readonly [label: string, does: () => void])[];
}

/** Raises and withdraws the desktop's notifications. A click plays, and opens no window. */
export class Notifications {
  readonly #actions: NotificationActions;
  readonly #notices = new WaitingNotices();
  /** Kept here, since a notification that is garbage-collected reports no click. */
  readonly #shown = new Map<string, RaisedNotification>();
  #notifier: Notifier = electronNotifier;
  #notifiedAt = Number.NEGATIVE_INFINITY;
  /** A notification that the person closed does not come up again for the same talk. */
  #talkingTitle: string | undefined;
  #isLocked = false;
  #isSilent = false;

  constructor(actions: NotificationActions) {
    this.#actions = actions;
  }

  /** Sets the notifier that shows them from now on. */
  by(notifier: Notifier): void {
    this.#notifier = notifier;
  }

  waiting({ transcript, ...message }: Extract<NodeEvent, { type: 'notification' }>): void {
    this.#put(this.#notices.add({ ...message, ...said(transcript) }));
  }

  /** A message has changed: its notification, where it has one, says how it is now. */
  changed({ id, live, durationMs, words, transcript }: MessageSummary): void {
    // Without a way to replace it a notification would come up anew for what nobody needs to hurry to.
    const understood = said(this.#notifier === electronNotifier ? null : transcript);
    const length = live ? null : durationMs;
    this.#put(this.#notices.change({ id, durationMs: length, words: words?.text ?? null, ...understood }));
  }

  /** Plays no sounds: the screen flashes instead. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
  }

  /** Behind a locked screen a notification says who, and not what. */
  locked(isLocked: boolean): void {
    if (isLocked === this.#isLocked) return;
    this.#isLocked = isLocked;
    this.#withdraw(SENT);
    this.#put(this.#notices.again());
  }

  done(id: string): void {
    this.#put(this.#notices.done(id));
  }

  /** Shows no notification while `isQuiet`; afterwards one stands for all messages that came meanwhile. */
  quiet(isQuiet: boolean): void {
    this.#put(this.#notices.quiet(isQuiet));
  }

  /** Shows none of these people's messages; afterwards one notification stands for those that came meanwhile. */
  mute(people: ReadonlySet<string>): void {
    this.#put(this.#notices.mute(people));
  }

  /** Shows a sentence to a person who may have no window open. */
  notify(sentence: string): void {
    const now = performance.now();
    if (now - this.#notifiedAt < NOTIFY_AGAIN_AFTER_MS) return;
    this.#notifiedAt = now;
    this.#raise(SENTENCE, { title: 'Corridor', body: sentence, isSilent: true }, { buttons: [] });
  }

  /** Shows how to close a microphone that is open while no key is held. `talk`: null when it is closed. */
  talking(talk: TalkStatus | null): void {
    if (talk === null) this.#talkingTitle = undefined;
    if (talk === null) return this.#withdraw(TALKING);
    const { strings, stopTalking } = this.#actions;
    const { tooltip, clickToStop, stopTalking: stop } = strings();
    const text = { title: tooltip(talkText(talk, strings())), body: clickToStop, isSilent: true };
    if (text.title === this.#talkingTitle) return;
    this.#talkingTitle = text.title;
    this.#raise(TALKING, text, { click: stopTalking, buttons: [[stop, stopTalking]] });
  }

  /** Shows that somebody asks to be let in, or withdraws that. One notification for all requests; it opens the panel, and admits nobody. */
  request(isThere: boolean): void {
    if (!isThere) return this.#withdraw(REQUEST);
    const { strings, showRequests } = this.#actions;
    const { wantsToJoin, clickToCompare, actionCompare } = strings();
    this.#raise(
      REQUEST,
      { title: wantsToJoin, body: clickToCompare, isSilent: false },
      { click: showRequests, buttons: [[actionCompare, showRequests]] },
    );
  }

  /** Shows the question whether to move to an office that a colleague founded anew; null: it is over. A click does not answer it. */
  move(question: string | null): void {
    if (question === null) return this.#withdraw(MOVE);
    const { strings, open } = this.#actions;
    const { clickToAnswer, actionAnswer } = strings();
    this.#raise(
      MOVE,
      { title: question, body: clickToAnswer, isSilent: false },
      { click: open, buttons: [[actionAnswer, open]] },
    );
  }

  /** Shows that somebody calls; null: nobody does any more. A click shows the call, and does not answer it. It is silent: the loudspeaker
   * rings by itself, and where it does not, the person wants quiet or is not there. */
  rings(by: CallStatus | null): void {
    if (by === null) return this.#withdraw(CALL);
    const { strings, open, call } = this.#actions;
    const { clickToSeeCall, actionTakeCall, actionLater } = strings();
    const text = { title: ringsText(by, strings()), body: clickToSeeCall, isSilent: true };
    this.#raise(CALL, text, {
      click: open,
      buttons: [
        [actionTakeCall, () => call(by.id, 'answer')],
        [actionLater, () => call(by.id, 'hang-up')],
      ],
    });
  }

  /**
   * A call was answered by itself, and its person is heard; null: it is over. It is shown also where notifications are off: a
   * microphone is open, and nobody pressed anything. A click shows it, and ends nothing.
   */
  isOn(by: CallStatus | null): void {
    if (by === null) return this.#withdraw(ON);
    const { strings, open, call } = this.#actions;
    const { answeredItself, clickToSeeAnswered, actionHangUp } = strings();
    const text = { title: answeredItself(by.name, by.extension), body: clickToSeeAnswered, isSilent: true };
    this.#raise(ON, text, { click: open, buttons: [[actionHangUp, () => call(by.id, 'hang-up')]] });
  }

  /** Somebody records a call with this person, who may have no window open to see it; null: nobody does any more. */
  isRecorded(by: CallStatus | null): void {
    if (by === null) return this.#withdraw(RECORDED);
    const { strings, open, call } = this.#actions;
    const { recordsYou, clickToSeeRecorded, actionHangUp } = strings();
    const text = { title: recordsYou(by.name, by.extension), body: clickToSeeRecorded, isSilent: true };
    this.#raise(RECORDED, text, { click: open, buttons: [[actionHangUp, () => call(by.id, 'hang-up')]] });
  }

  /** Shows a missed call; null: the person has seen it. */
  missed(last: MissedCall | null): void {
    if (last === null) return this.#withdraw(MISSED);
    const { strings, callPerson } = this.#actions;
    const { missedCall, clickToCallBack, actionCallBack } = strings();
    const text = { title: missedCall(last.name), body: clickToCallBack, isSilent: true };
    const click = (): void => callPerson(last.person);
    this.#raise(MISSED, text, { click, buttons: [[actionCallBack, click]] });
  }

  /** Shows that a sentence at hand went out by its key: no window was open to show it. */
  sent({ text, names, isSpoken }: Extract<NodeEvent, { type: 'preset-sent' }>): void {
    if (this.#isLocked) return;
    const { presetSent, presetIsHeard, presetIsRead } = this.#actions.strings();
    const body = isSpoken ? presetIsHeard : presetIsRead;
    this.#raise(
      SENT,
      { title: presetSent(shortened(text), names.join(', ')), body, isSilent: true },
      { buttons: [] },
    );
  }

  /** Shows how what the person just did is done: no window was open to show it. */
  hint(title: string): void {
    if (!this.#isLocked) this.#raise(HINT, { title, body: '', isSilent: true }, { buttons: [] });
  }

  /** Withdraws all of them. */
  async close(): Promise<void> {
    const shown = [...this.#shown.values()];
    this.#shown.clear();
    await Promise.all(shown.map((raised) => raised.withdraw()));
  }

  #put(outputs: readonly NoticeOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'withdraw') this.#withdraw(output.key);
      else this.#showNotice(output.key, output.notice);
    }
  }

  #showNotice(key: string, notice: Notice): void {
    const { play, playAll, reply, callPerson } = this.#actions;
    const strings = this.#actions.strings();
    const later = [strings.actionLater, () => this.#put(this.#notices.later(key))] as const;
    if (key === ALL || notice.kind === 'many') {
      const title = strings.manyWait(notice.kind === 'many' ? notice.count : 1);
      this.#raise(
        key,
        { title, body: strings.clickToHearAll, isSilent: false },
        { click: playAll, buttons: [[strings.actionPlayAll, playAll], later] },
      );
      return;
    }
    const { id, person } = notice.message;
    const isSilent = notice.isChange === true;
    this.#raise(
      key,
      {
        ...(this.#isLocked ? lockedText : noticeText)(notice.message, strings),
        isSilent,
        isChange: isSilent,
      },
      {
        click: () => play(id),
        buttons: [
          [strings.actionPlay, () => play(id)],
          [strings.actionReply, () => reply(id)],
          later,
          // Last: some desktops show three buttons.
          [strings.actionCall, () => callPerson(person)],
        ],
      },
    );
  }

  #raise(key: string, text: Omit<NoticeText, 'actions'>, { click, buttons }: NotificationHandlers): void {
    const notifier = this.#notifier;
    const raised = notifier(
      { ...text, isSilent: text.isSilent || this.#isSilent, actions: buttons.map(([label]) => label) },
      {
        click: () => click?.(),
        action: (index) => buttons[index]?.[1](),
        closed: () => this.#closed(key),
        failed: (why) => {
          this.#actions.log(`a notification could not be shown: ${why}`);
          if (notifier === electronNotifier || !this.#shown.has(key)) return;
          this.by(electronNotifier);
          this.#raise(key, text, { ...(click ? { click } : {}), buttons });
        },
      },
      this.#shown.get(key),
    );
    this.#shown.set(key, raised);
  }

  #closed(key: string): void {
    this.#shown.delete(key);
    this.#notices.gone(key);
  }

  #withdraw(key: string): void {
    void this.#shown.get(key)?.withdraw();
    this.#shown.delete(key);
  }
}
