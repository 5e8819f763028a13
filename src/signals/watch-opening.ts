import type { ClientEngine, ClientTransport } from './client-shapes.js';
import type { DescribeError } from './describe-error.js';
import { type Listening, listen, type OnInternalError } from './listen.js';
import { mayThrow } from './may-throw.js';
import { nameOf } from './name-of-transport.js';
import type { SignalBody } from './signal.js';
import { CONSTRUCTORS, type RuntimeConstructor } from './transport-constructors.js';

export interface OpeningContext {
  /** Whether the runtime lacks such a global. */
  readonly lacks: (name: RuntimeConstructor) => boolean;
  readonly describe: DescribeError;
  readonly onInternalError: OnInternalError;
}

/**
 * Reports the transports of an engine that fail before its handshake: that could not even start, or from which `tryAllTransports` (4.8)
 * goes on to the next one on the same engine, to report only the last error. `onFallback` gets the name of each such transport.
 */
export function watchOpening(
  engine: ClientEngine,
  emit: (body: SignalBody) => void,
  { lacks, describe, onInternalError }: OpeningContext,
  listenings: Listening[],
  onFallback: (transport: string) => void,
): void {
  const tellUnopened = (transport: ClientTransport) => {
    const missing = CONSTRUCTORS[transport.name ?? ''];
    if (!missing || engine.readyState !== 'opening') return;
    // What a transport's constructor throws is emitted before anybody can listen, and is lost for everyone.
    const isAbsent = lacks(missing);
    if (missing === 'WebSocket' ? transport.ws : !isAbsent) return;
    // Node's own WebSocket transport needs no global, and throws for what it cannot accept: then nothing says that a global is missing.
    const isReason = isAbsent && (missing !== 'WebSocket' || !mayThrow(engine));
    emit({ kind: 'transport-unopened', transport: nameOf(transport), ...(isReason && { missing }) });
  };
  const watch = (transport: ClientTransport | undefined) => {
    if (!transport) return;
    tellUnopened(transport);
    if (Object(engine.opts).tryAllTransports !== true) return;
    const onError = (error: unknown) => {
      const next = engine.transport;
      if (engine.readyState !== 'opening' || next === transport) return;
      onFallback(nameOf(transport));
      emit({
        kind: 'transport-failed',
        transport: nameOf(transport),
        error: describe(error, { transport } as ClientEngine),
      });
      watch(next);
    };
    listenings.push(listen(transport, 'error', onError, onInternalError));
  };
  try {
    watch(engine.transport);
  } catch (error) {
    onInternalError(error);
  }
}
