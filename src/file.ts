export { fileStorage } from './runtime/node-file-storage.js';
export type { TextStorage } from './runtime/runtime.js';
