import type { Comparison, HostStep } from '../identity/index.ts';
import { assertNever, type NodeId } from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';

/** An outsider that neither asks nor compares is disconnected after this, ms. */
const IDLE_MS = 10_000;

type OutsiderState =
  | { readonly kind: 'silent' }
  /** Its request waits here. */
  | { readonly kind: 'asking' }
  /** `digits`: both screens show them. */
  | { readonly kind: 'comparing'; readonly comparison: Comparison; readonly digits: string | undefined }
  /** Its person has confirmed the digits. */
  | { readonly kind: 'agreed'; readonly comparison: Comparison; readonly digits: string | undefined };

/** The link of one outsider, known by its key alone. Times are monotonic, ms. */
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

  /** Whether a request of this link is open. It ends with the link. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  asks(): void {
    this.#hasAsked = true;
    this.#state = { kind: 'asking' };
  }

  /** Its request ends: it was sent to another node, or turned away. */
  asksNoMore(): void {
    this.#hasAsked = false;
    if (this.#state.kind === 'asking') this.#state = { kind: 'silent' };
  }

  /** Takes a frame of the comparison. `open` makes the comparison at the first frame. */
  take(
    frame: ControlMessageOf<'begin' | 'reveal' | 'agree'>,
    open: () => Comparison,
    nowMs: number,
  ): HostStep {
    const comparison = this.comparison ?? open();
    if (!this.comparison) this.#state = { kind: 'comparing', comparison, digits: undefined };
    return this.#advance(comparison, comparison.take(frame, nowMs));
  }

  /** Checks the comparison's time limits. */
  tick(nowMs: number): HostStep {
    return this.comparison?.tick(nowMs) ?? { kind: 'wait' };
  }

  /** Whether it has been connected for `IDLE_MS` without a request or a comparison. */
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
