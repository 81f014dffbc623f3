import type { ControlMessageOf, MessageFrameType } from '../signalling/index.ts';
import type { CopySync } from './copy-sync.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { FragmentServer } from './fragment-server.ts';
import type { HolderSearch } from './holder-search.ts';
import type { HolderView } from './holder-view.ts';
import type { Keeper } from './keeper.ts';
import type { KeySheets } from './key-sheets.ts';
import type { MessageSync } from './message-sync.ts';
import type { OwnComputers } from './own-computers.ts';
import type { PeerLink } from './ports.ts';
import type { ProofRequests } from './proof-requests.ts';
import type { ProofServer } from './proof-server.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';
import type { Unfinished } from './unfinished.ts';
import type { VoucherSync } from './voucher-sync.ts';

export type FrameRoutes = {
  readonly [T in MessageFrameType]: (frame: ControlMessageOf<T>, link: PeerLink) => void;
};

interface FrameRoutesParts {
  readonly sync: MessageSync;
  readonly sheets: KeySheets;
  readonly vouchers: VoucherSync;
  readonly server: FragmentServer;
  readonly fetcher: FragmentFetcher;
  readonly search: HolderSearch;
  readonly view: HolderView;
  readonly receipts: ReceiptSync;
  readonly forwarder: SwitchForwarder;
  readonly copies: CopySync;
  readonly keeper: Keeper;
  readonly proofs: ProofServer;
  readonly requests: ProofRequests;
  readonly own: OwnComputers;
  readonly unfinished: Unfinished;
}

/** Which part of the room takes each type of frame that is about messages. */
export function frameRoutes(parts: FrameRoutesParts): FrameRoutes {
  const {
    sync,
    sheets,
    vouchers,
    server,
    fetcher,
    search,
    view,
    receipts,
    forwarder,
    copies,
    keeper,
    proofs,
    requests,
    own,
    unfinished,
  } = parts;
  return {
    announce: ({ header }, link) => sync.header(header, link),
    sheet: (frame, link) => {
      for (const { header, then } of sheets.received(frame, link)) {
        sync.header(header, link);
        for (const next of then) next();
      }
    },
    'sheet-wanted': (question, link) => sheets.wanted(question, link),
    hashes: ({ hashes }, link) => sheets.afterHeader(hashes, link, () => vouchers.byLink(hashes, link)),
    manifest: ({ manifest }, link) => sheets.afterHeader(manifest, link, () => sync.manifest(manifest, link)),
    fetch: (request, link) => server.serve(link, request),
    'fetch-stop': ({ id }, link) => server.stop(link, id),
    'fetch-end': ({ id, complete }, link) => {
      fetcher.ended(link, id, complete);
      unfinished.own.ended(link, id);
    },
    'holders-wanted': (question, link) => view.wanted(question, link),
    holders: (answer, link) => search.answered(link, answer),
    receipt: ({ receipt, talker }, link) =>
      sheets.afterHeader(receipt, link, () => receipts.receive(receipt, link, talker)),
    progress: (progress, link) => receipts.receiveProgress(progress, link),
    inbox: ({ receiptsOf }, link) => {
      forwarder.inbox(link, { receiptsOf });
      copies.linkUp(link);
      receipts.look();
      unfinished.linkUp(link);
    },
    numbers: (frame, link) => own.numbers(frame, link),
    seat: (frame, link) => own.seat(frame, link),
    'history-wanted': (_, link) => own.historyWanted(link),
    history: (frame, link) => own.history(frame, link),
    'older-wanted': (frame, link) => own.olderWanted(frame, link),
    older: (frame, link) => own.older(frame, link),
    keep: (request, link) => keeper.keep(link, request),
    prove: (request, link) => void proofs.prove(link, request),
    proof: (answer, link) => requests.proof(link, answer),
  };
}
