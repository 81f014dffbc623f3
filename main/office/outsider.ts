import type { Comparison, HostStep } from '../identity/index.ts';
import { assertNever, type NodeId } from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';

/** An outsider that neither asks nor compares is disconnected after this, ms. */
const IDLE_MS = 10_000;

export type OutsiderState =
  | { readonly kind: 'silent' }
  /** Its request was heard here, and waits. */
  | { readonly kind: 'asking' }
  /** `digits`: both screens show them. */
  | { readonly kind: 'comparing'; readonly comparison: Comparison; readonly digits: string | undefined }
  /** Its person said that the digits are the same. */
  | { readonly kind: 'agreed'; readonly comparison: Comparison; readonly digits: string | undefined };

/** The link of one computer that is no member, known by its key alone. Times are monotonic, ms. */
export class Outsider {
  readonly link: ControlLink;
  readonly #sinceMs: number;
  #state: OutsiderState = { kind: 'silent' };
  #hasAsked = false;

  constructor(link: ControlLink, nowMs: number) {
    this.link = link;
    this.#sinceMs = nowMs;
  }

  get node(): NodeId {
    return this.link.peer;
  }

  get state(): OutsiderState {
    return this.#state;
  }

  get comparison(): Comparison | undefined {
    return 'comparison' in this.#state ? this.#state.comparison : undefined;
  }

  get digits(): string | undefined {
    return 'digits' in this.#state ? this.#state.digits : undefined;
  }

  /** Whether a request of this link stands, which ends with the link. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  asks(): void {
    this.#hasAsked = true;
    this.#state = { kind: 'asking' };
  }

  /** It was sent elsewhere, or turned away. */
  asksNoMore(): void {
    this.#hasAsked = false;
    if (this.#state.kind === 'asking') this.#state = { kind: 'silent' };
  }

  /** A frame of the comparison. `open`: makes one, where this is the first. */
  take(
    frame: ControlMessageOf<'begin' | 'reveal' | 'agree'>,
    open: () => Comparison,
    nowMs: number,
  ): HostStep {
    const comparison = this.comparison ?? open();
    if (!this.comparison) this.#state = { kind: 'comparing', comparison, digits: undefined };
    return this.#advance(comparison, comparison.take(frame, nowMs));
  }

  /** What a timer asks. */
  tick(nowMs: number): HostStep {
    return this.comparison?.tick(nowMs) ?? { kind: 'wait' };
  }

  /** Whether it has had its time to say why it came. */
  isIdle(nowMs: number): boolean {
    return this.#state.kind === 'silent' && nowMs - this.#sinceMs >= IDLE_MS;
  }

  #advance(comparison: Comparison, step: HostStep): HostStep {
    switch (step.kind) {
      case 'compare':
        this.#state = { kind: 'comparing', comparison, digits: step.digits };
        break;
      case 'agreed':
        this.#state = { kind: 'agreed', comparison, digits: this.digits };
        break;
      case 'wait':
      case 'send':
      case 'refused':
      case 'ended':
        break;
      default:
        assertNever(step);
    }
    return step;
  }
}
