export { CollectorError } from './collector-error.js';
export type { CollectorLogger } from './collector-logger.js';
export type { ProjectKey } from './project-key.js';
export { type Collector, type CollectorOptions, startCollector } from './start-collector.js';
