import { judge } from './judge.js';
import { createWithDiagnostics, type WithDiagnostics } from './observe.js';
import { reactNativeRuntime } from './runtime/react-native.js';
import { createWrapIo, type WrapIo } from './wrap-io.js';

export * from './index.js';

/** Like `withDiagnostics` of the browser entry, with what Android and iOS report about failures; an app bundles the judge. */
export const withDiagnostics: WithDiagnostics = /* @__PURE__ */ createWithDiagnostics(reactNativeRuntime, judge);

export const wrapIo: WrapIo = /* @__PURE__ */ createWrapIo(withDiagnostics);
