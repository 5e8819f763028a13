export { type OtlpSinkOptions, otlpSink } from './delivery/otlp-sink.js';
