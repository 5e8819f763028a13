import type { Runtime } from '../runtime/runtime.js';
import type { Batch } from './batch.js';
import type { SendResult, Sink } from './sink.js';

/** A sink of the app may hang; longer than any time limit of ours. */
const SEND_LIMIT_MS = 30_000;

/** Passes a batch to the sink. `settle` is called exactly once, whatever the sink does. */
export function sendBatch(
  sink: Sink,
  runtime: Runtime,
  batch: Batch,
  leaving: boolean,
  settle: (result: SendResult) => void,
): void {
  batch.isShared ||= batch.wasSent;
  batch.wasSent = true;
  batch.open++;
  batch.surviving = leaving;
  let over = false;
  const settleOnce = (result: SendResult) => {
    if (over) return;
    over = true;
    cancelLimit();
    batch.open--;
    if (leaving) batch.surviving = false;
    settle(result);
  };
  const failed = () => settleOnce({ ok: false, retry: true });
  let cancelLimit = () => {};
  try {
    cancelLimit = runtime.delay(failed, SEND_LIMIT_MS);
    const { schema, ...who } = batch.origin;
    const sentAt = new Date(runtime.now()).toISOString();
    const envelope = { schema, ...who, batch: batch.id, sentAt, dropped: batch.dropped };
    const records = batch.entries.map(({ record }) => record);
    Promise.resolve(sink.send(records, { envelope, leaving, runtime })).then(
      (result: SendResult | undefined) => settleOnce(result?.ok === false ? result : { ...result, ok: true }),
      failed,
    );
  } catch {
    failed();
  }
}
