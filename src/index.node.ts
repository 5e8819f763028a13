import { judge } from './judge.js';
import { createWithDiagnostics, type WithDiagnostics } from './observe.js';
import { nodeRuntime } from './runtime/node.js';
import { pageInNode } from './runtime/page-in-node.js';
import { createWrapIo, type WrapIo } from './wrap-io.js';

export * from './index.js';

/** Test environments such as jsdom, and Electron's pages, load this entry and still have page events. */
const detectRuntime = () => (typeof document === 'undefined' ? nodeRuntime() : pageInNode());

/** Like `withDiagnostics` of the browser entry, with probes and delivery through Node's own HTTP. */
export const withDiagnostics: WithDiagnostics = /* @__PURE__ */ createWithDiagnostics(detectRuntime, judge);

export const wrapIo: WrapIo = /* @__PURE__ */ createWrapIo(withDiagnostics);
