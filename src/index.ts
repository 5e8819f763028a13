import type { WithDiagnostics } from './observe.js';
import { createWithDiagnostics } from './observe.js';
import { browserRuntime } from './runtime/browser.js';
import { createWrapIo, type WrapIo } from './wrap-io.js';

/**
 * Watches a socket of socket.io-client 1.x to 4.x and reports why it cannot connect, cannot upgrade or gets disconnected. Returns the same
 * socket with a `diagnostics` handle; wrapping it twice returns the same handle. Never throws.
 */
export const withDiagnostics: WithDiagnostics = /* @__PURE__ */ createWithDiagnostics(browserRuntime, () =>
  import('./judge-in-browser.js').then(({ judgeInBrowser }) => judgeInBrowser),
);

/** A drop-in for code that calls `io()` in many places: every socket it creates is watched. */
export const wrapIo: WrapIo = /* @__PURE__ */ createWrapIo(withDiagnostics);

export type { CauseCode, Diagnosis } from './causes/codes.js';
export type { DeliveryLimits } from './delivery/delivery.js';
export type {
  AppInfo,
  CollectorAnswer,
  DiagnosticsRecord,
  DropReason,
  Envelope,
  IncidentRecord,
  SessionInfo,
  SessionRecord,
  SessionRuntime,
} from './delivery/envelope.js';
export { type HttpSinkOptions, httpSink } from './delivery/http-sink.js';
export type { PostSinkOptions } from './delivery/post-sink.js';
export type { SendContext, SendResult, Sink, SinkFunction } from './delivery/sink.js';
export type { Alternative, AnyDiagnosis, DiagnosisFrom } from './diagnosis/diagnosis.js';
export type { Certainty, Evidence, FixedBy, Phase, Rule, Severity } from './diagnosis/rule.js';
export type { CheckReport, Diagnostics, DiagnosticsEvents, Snapshot, SupportBundle } from './diagnostics.js';
export { type Explanation, explain, type Link } from './explain.js';
export type { Incident, IncidentChange } from './incidents/incident.js';
export type { SessionSummary } from './incidents/session-summary.js';
export type { WithDiagnostics } from './observe.js';
export type { DiagnosticsOptions, ProbeOptions } from './options.js';
export { isOwnRequest, ownRequestPatterns } from './own-requests.js';
export type { TextStorage } from './runtime/runtime.js';
export type { SocketLike } from './signals/client-shapes.js';
export type { ProbeName, ProbeResult, Signal, SignalKind } from './signals/signal.js';
export type {
  ClientFacts,
  FailureScope,
  OptionFacts,
  RuntimeFacts,
  TargetFacts,
  Timeline,
} from './signals/timeline.js';
export type { WrapIo } from './wrap-io.js';
